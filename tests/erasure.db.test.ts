import { afterAll, beforeAll, expect, test } from "vitest";
import { eraseCustomer } from "#server/app/erase-customer.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { openBlobText } from "#server/core/vault/opening.ts";
import { verifyStorehouse } from "#server/modules/records/index.ts";
import { sentinelValues } from "#server/modules/sample/index.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "./support/seeded-house.ts";
import { request } from "./support/request.ts";

let house: SeededHouse;
beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["privacy-officer"], ["manager"]]);
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

/** Every sealed value of every table: what a backup of the data holds, and what lies in the database's files. */
async function everyBlob(): Promise<Buffer[]> {
  const { rows: columns } = await house.database.owner.query<{ table_name: string; column_name: string }>(
    "select table_name, column_name from information_schema.columns where table_schema = 'public' and data_type = 'bytea' and table_name not like 'ledger%'",
  );
  const blobs: Buffer[] = [];
  for (const { table_name: table, column_name: column } of columns) {
    const { rows } = await house.database.owner.query<{ blob: Buffer }>(`select "${column}" as blob from "${table}" where "${column}" is not null`);
    blobs.push(...rows.map((row) => row.blob));
  }
  return blobs;
}

/** The texts among the blobs that open as this customer's, with today's keys. */
function textsOf(blobs: readonly Buffer[], customerNo: number): string[] {
  return blobs.flatMap((blob) => {
    try {
      return [openBlobText(house.open.vault, { kind: "customer", no: customerNo }, blob)];
    } catch {
      return [];
    }
  });
}

/** Tables in which the number of an erased person stays: that something was asked, allowed, carried out. Numbers and times. */
const keepsNumber = ["person_requests", "erasure_members"];

test("notes, purchases, lists, requests and consents go with the person: nothing of them opens, in an older backup either, and no row but the register names them", async () => {
  const [, officer, manager] = house.callers;
  const customerNo = house.customerNos.find((no) => house.ownerOf.get(no) === manager?.accountNo) as number;
  const act = async (caller: Caller | undefined, method: string, url: string, body: object): Promise<void> => {
    const reply = await request(house, { method, url, cookie: caller?.cookie, body });
    expect([url, reply.status, reply.body["code"]]).toEqual([url, 200, undefined]);
  };
  const of = `/api/customers/${customerNo}`;
  await act(manager, "POST", `${of}/notes`, { kind: "call", happenedAt: "2026-11-20T01:00:00Z", text: "見積の返事待ち", action: null });
  await act(manager, "POST", `${of}/purchases`, { boughtOn: "2026-10-01", purchase: { product: "変圧器", quantity: "1", amount: "120000" } });
  await act(manager, "POST", "/api/lists", { name: "持ち出し", purpose: "delivery", fields: ["fullName"], customerNos: [customerNo], endsOn: dayAfter(10) });
  await act(manager, "POST", `${of}/person-requests`, {
    kind: "erasure",
    receivedOn: "2026-11-20",
    channel: "letter",
    identityCheck: "document",
    text: "消してほしい",
  });
  await act(manager, "PUT", "/api/stars", { customerNos: [customerNo], isStarred: true });
  await act(officer, "POST", "/api/use-purposes", { ja: "ご案内", en: "News", opt: "in" });
  await act(manager, "POST", `${of}/consents`, { purposeNo: 1, stance: "given", how: "form" });
  const backup = await everyBlob();
  const before = textsOf(backup, customerNo).join();
  for (const text of [
    "見積の返事待ち",
    "変圧器",
    "消してほしい",
    sentinelValues("customer", house.customerIndex.get(customerNo) as number)["mail"] as string,
  ]) {
    expect(before).toContain(text);
  }

  await eraseCustomer(house.open, customerNo);

  expect(textsOf(backup, customerNo)).toEqual([]);
  expect(textsOf(await everyBlob(), customerNo)).toEqual([]);
  const { rows: tables } = await house.database.owner.query<{ name: string }>(
    `select c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and c.column_name = 'customer_no' and t.table_type = 'BASE TABLE'`,
  );
  const naming: string[] = [];
  for (const { name } of tables.filter((table) => !keepsNumber.includes(table.name))) {
    const { rows } = await house.database.owner.query(`select 1 from "${name}" where customer_no = $1`, [customerNo]);
    if (rows.length > 0) naming.push(name);
  }
  expect(tables.length).toBeGreaterThan(6);
  expect(naming).toEqual([]);
  await house.open.sequencer.sequenceNow();
  expect((await verifyStorehouse(house.open.storehouse, "system")).findings).toEqual([]);
});

function dayAfter(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

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
