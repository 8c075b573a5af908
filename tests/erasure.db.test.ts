import { afterAll, beforeAll, expect, test } from "vitest";
import { eraseCustomer } from "#server/app/erase-customer.ts";
import { modules } from "#server/app/modules.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { verifyStorehouse } from "#server/modules/records/index.ts";
import { sentinelValues } from "#server/modules/sample/index.ts";
import { openSeededHouse, type SeededHouse } from "./support/seeded-house.ts";
import { request } from "./support/request.ts";

let house: SeededHouse;
beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["privacy-officer"]]);
}, 60_000);
afterAll(() => house.close());

test("an erased person is gone from lists, searches and details; the ledger keeps that it happened and still verifies", async () => {
  const [sales] = house.callers;
  const customerNo = house.customerNos.find((no) => house.ownerOf.get(no) === sales?.accountNo) as number;
  const name = sentinelValues("customer", house.customerIndex.get(customerNo) as number)["fullName"];
  const find = () => request(house, { method: "POST", url: "/api/customers/views", cookie: sales?.cookie, body: { search: name } });
  expect((await find()).body["total"]).toBe(1);

  await eraseCustomer(house.open, customerNo);

  expect((await find()).body["total"]).toBe(0);
  expect((await request(house, { method: "GET", url: `/api/customers/${customerNo}`, cookie: sales?.cookie })).status).toBe(404);
  expect(house.open.vault.isErased({ kind: "customer", no: customerNo })).toBe(true);
  await house.open.sequencer.sequenceNow();
  const seen = await verifyStorehouse(house.open.storehouse, "system");
  expect(seen.findings).toEqual([]);
  const { events } = await listEvents(house.database.owner, { customerNo, limit: 10 });
  expect(events.map((event) => event.type)).toContain("customer.erased");
});

test("no session can delete a customer's row, whatever its rights: row-level security keeps that to the house", async () => {
  const client = await house.database.app.connect();
  try {
    await client.query("begin; select set_config('kuraban.reads_all', 'on', true)");
    expect((await client.query("delete from customers")).rowCount).toBe(0);
  } finally {
    await client.query("rollback");
    client.release();
  }
});

test("each cause of an incident is declared once and becomes a question that the ledger answers", async () => {
  const causes = modules.flatMap((module) => module.causes ?? []);
  expect(causes.map((cause) => cause.kind).toSorted()).toEqual([...new Set(causes.map((cause) => cause.kind))].toSorted());
  const account = causes.find((cause) => cause.kind === "account");
  const accountNo = house.callers[0]?.accountNo as number;
  const { events } = await listEvents(house.database.owner, { ...account?.question(accountNo, undefined, undefined), limit: 50 });
  expect(events.length).toBeGreaterThan(0);
  expect(events.every((event) => event.accountNo === accountNo)).toBe(true);
});
