import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { actAs } from "#server/core/door/index.ts";
import { insertCustomers } from "./index.ts";
import { openSeededHouse, type SeededHouse } from "#tests/support/seeded-house.ts";
import { request } from "#tests/support/request.ts";

let house: SeededHouse;

beforeAll(async () => {
  house = await openSeededHouse([["office"]]);
  const near = house.cells.get("near")?.cellNo as number;
  await actAs(house.open.storehouse, "system", "customer.created", randomUUID(), (context) =>
    insertCustomers(
      context,
      Array.from({ length: 150 }, (_, at) => ({
        ownerNo: null,
        cellNo: near,
        companyNo: null,
        values: { fullName: at % 50 === 0 ? "渡邉　次郎" : "髙橋　一郎", kana: null, mobile: null, address: null },
      })),
      { indexed: true },
    ),
  );
}, 60_000);
afterAll(() => house.close());

async function hits(search: string): Promise<unknown> {
  const { status, body } = await request(house, {
    method: "POST",
    url: "/api/customers/views",
    cookie: house.callers[0]!.cookie,
    body: { search, first: 100 },
  });
  return [status, (body["rows"] as { customerNo: number }[]).map((row) => row.customerNo)];
}

test("in a store that PostgreSQL takes for large a common and a rare word find the same people in the same order", async () => {
  const gathered = [await hits("高橋"), await hits("渡辺")];
  expect(gathered).toEqual([
    [200, expect.objectContaining({ length: 100 })],
    [200, expect.objectContaining({ length: 3 })],
  ]);
  await house.database.owner.query("analyze customer_search");
  await house.database.owner.query("update pg_class set reltuples = 1000000 where oid = 'customer_search'::regclass");
  expect([await hits("高橋"), await hits("渡辺")]).toEqual(gathered);
});
