import { afterAll, beforeAll, expect, test } from "vitest";
import { cloneDatabase, type TestDatabase } from "#tests/support/database.ts";
import { askApart, int8Of } from "./copy-rows.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await cloneDatabase();
}, 60_000);
afterAll(() => database.drop());

test("rows of every length arrive whole, and a copy that fails leaves the connection as it was", async () => {
  await askApart(database.app, async (copier) => {
    const lengths = [0, 1, 500, 65_535, 300_000, 7];
    const rows = lengths.map((length, at) => `select ${at}::int8, convert_to(repeat('ab${at}', ${length}), 'UTF8'), null::bytea`);
    const copied: string[] = [];
    await copier.copy(rows.join(" union all "), ([at, bytes, none]) => {
      expect(none).toBe(null);
      copied[int8Of(at)] = bytes!.toString("utf8");
    });
    expect(copied).toEqual(lengths.map((length, at) => `ab${at}`.repeat(length)));

    await expect(copier.copy("select 1 / (n - 900) from generate_series(1, 1000) n", () => undefined)).rejects.toThrow("division by zero");
    await expect(
      copier.copy("select n::int8 from generate_series(1, 100000) n", ([n]) => {
        if (int8Of(n) === 5) throw new Error("not this one");
      }),
    ).rejects.toThrow("not this one");
    let sum = 0;
    await copier.copy("select n::int8 from generate_series(1, 1000) n", ([n]) => void (sum += int8Of(n)));
    expect([sum, (await copier.query("select 7 as n")).rows]).toEqual([500_500, [{ n: 7 }]]);
  });
});
