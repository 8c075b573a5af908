import { afterAll, beforeAll, expect, it } from "vitest";
import { cloneDatabase, type TestDatabase } from "#tests/support/database.ts";
import { connectOwner } from "./connect.ts";
import { setUpLogins } from "./set-up-logins.ts";

let databases: TestDatabase[];
beforeAll(async () => void (databases = [await cloneDatabase(), await cloneDatabase()]));
afterAll(() => Promise.all(databases.map((database) => database.drop())));

it("lets many processes start at once, on one database and on several of one server", async () => {
  const owners = await Promise.all([...databases, ...databases, ...databases].map(({ ownerUrl }) => connectOwner(ownerUrl)));
  try {
    for (let round = 0; round < 5; round++) {
      await Promise.all(owners.map((owner) => setUpLogins(owner, (databases[0] as TestDatabase).credentials)));
    }
    const { rows } = await (databases[0] as TestDatabase).app.query("select current_user as name");
    expect(rows).toEqual([{ name: "kuraban_app" }]);
  } finally {
    await Promise.all(owners.map((owner) => owner.end()));
  }
});
