import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { eraseCustomer } from "#server/app/erase-customer.ts";
import { actAs } from "#server/core/door/index.ts";
import { verifyStorehouse } from "#server/modules/records/index.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { insertPurchases, moveNextActions } from "./index.ts";

let house: SeededHouse;
let sales: Caller;
let colleague: Caller;
let manager: Caller;
let executive: Caller;

beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["sales"], ["manager"], ["executive"]], { unowned: 2, far: 2 });
  [sales, colleague, manager, executive] = house.callers as [Caller, Caller, Caller, Caller];
}, 60_000);
afterAll(() => house.close());

const send = (caller: Caller, method: string, url: string, body?: object): Promise<Reply> => request(house, { method, url, cookie: caller.cookie, body });
const ownedBy = (caller: Caller): number => house.customerNos.find((no) => house.ownerOf.get(no) === caller.accountNo) as number;
const far = (): number => house.customerNos.find((no) => house.cellOf.get(no) === house.cells.get("far")?.cellNo) as number;
const write = async (caller: Caller, customerNo: number, body: object): Promise<number> => {
  const reply = await send(caller, "POST", `/api/customers/${customerNo}/notes`, body);
  expect(reply.status).toBe(200);
  return Number(reply.body["noteNo"]);
};
interface Action {
  noteNo: number;
  customerNo: number;
  name: unknown;
  text: unknown;
  dueOn: string;
}
const actions = async (caller: Caller): Promise<Action[]> => (await send(caller, "GET", "/api/actions?days=60")).body["actions"] as Action[];
interface Entry {
  sort: string;
  note: { noteNo: number; text: unknown; may: { change: boolean } } | null;
  event: { type: string } | null;
}
const timeline = async (caller: Caller, customerNo: number, query = ""): Promise<Entry[]> =>
  (await send(caller, "GET", `/api/customers/${customerNo}/timeline${query}`)).body["entries"] as Entry[];

test("a note with a next action stands in the timeline and among what is due, until it is ticked off, and again when that is undone", async () => {
  const customerNo = ownedBy(sales);
  const noteNo = await write(sales, customerNo, { kind: "call", text: "見積の件で電話", action: { text: "見積書を送る", dueOn: "2026-01-05" } });
  expect((await timeline(sales, customerNo))[0]).toMatchObject({ sort: "call", note: { noteNo, text: "見積の件で電話" } });
  expect(await actions(sales)).toEqual([expect.objectContaining({ noteNo, customerNo, text: "見積書を送る", dueOn: "2026-01-05", name: expect.any(String) })]);

  const done = await send(sales, "POST", `/api/notes/${noteNo}/action`, { done: true });
  expect(done.body["former"]).toEqual({ done: false, dueOn: "2026-01-05", responsibleNo: sales.accountNo });
  expect(await actions(sales)).toEqual([]);
  await send(sales, "POST", `/api/notes/${noteNo}/action`, { done: false });
  expect(await actions(sales)).toHaveLength(1);
});

test("what is due names nobody out of scope: a customer who moves to another department takes the action out of sight", async () => {
  const customerNo = ownedBy(colleague);
  const noteNo = await write(colleague, customerNo, { text: "", action: { text: "契約書を確かめる", dueOn: "2026-01-05" } });
  expect((await actions(colleague)).map((one) => one.noteNo)).toEqual([noteNo]);
  await house.database.owner.query("alter table customers no force row level security");
  await house.database.owner.query("update customers set owner_no = null, cell_no = $2 where customer_no = $1", [customerNo, house.cells.get("far")?.cellNo]);
  await house.database.owner.query("alter table customers force row level security");
  const reply = await send(colleague, "GET", "/api/actions");
  expect(reply.body).toMatchObject({ actions: [], counts: { overdue: 0, today: 0, soon: 0 } });
  expect((await send(colleague, "POST", `/api/notes/${noteNo}/action`, { done: true })).status).toBe(404);
});

test("a next action is given only to somebody who sees the customer", async () => {
  const customerNo = ownedBy(sales);
  const give = (responsibleNo: number): Promise<Reply> =>
    send(sales, "POST", `/api/customers/${customerNo}/notes`, { text: "", action: { text: "訪問の日を決める", dueOn: "2026-02-01", responsibleNo } });
  expect((await give(executive.accountNo)).body).toMatchObject({ code: "invalid-input", facts: { field: "responsibleNo" } });
  expect((await give(manager.accountNo)).status).toBe(200);
  expect((await actions(manager)).map((one) => one.customerNo)).toEqual([customerNo]);
});

test("another department's customer takes no note and shows no timeline; a colleague's customer can be read and not written about", async () => {
  expect((await send(sales, "POST", `/api/customers/${far()}/notes`, { text: "x" })).status).toBe(404);
  expect((await send(sales, "GET", `/api/customers/${far()}/timeline`)).status).toBe(404);
  const unowned = house.customerNos.find((no) => house.ownerOf.get(no) === null && no !== far()) as number;
  expect((await send(sales, "POST", `/api/customers/${unowned}/notes`, { text: "x" })).body["code"]).toBe("not-permitted");
  const noteNo = await write(manager, unowned, { text: "受付で名刺を受け取った" });
  expect((await timeline(sales, unowned)).find((entry) => entry.note?.noteNo === noteNo)?.note).toMatchObject({
    text: "受付で名刺を受け取った",
    may: { change: false },
  });
});

test("one's own notes are changed by oneself; those of others by whoever may delete, and never over a newer version", async () => {
  const customerNo = ownedBy(sales);
  const managers = await write(manager, customerNo, { text: "部長に挨拶" });
  expect((await send(sales, "PATCH", `/api/notes/${managers}`, { version: 1, text: "別の話" })).body["code"]).toBe("not-permitted");
  const own = await write(sales, customerNo, { text: "下書き" });
  expect((await send(sales, "PATCH", `/api/notes/${own}`, { version: 1, text: "清書" })).body).toMatchObject({ version: 2 });
  expect((await send(manager, "PATCH", `/api/notes/${own}`, { version: 1, text: "遅れて" })).body["code"]).toBe("conflict");
  expect((await send(manager, "POST", `/api/notes/${own}/trash`, { version: 2 })).status).toBe(200);
  expect((await timeline(sales, customerNo)).some((entry) => entry.note?.noteNo === own)).toBe(false);
  expect((await send(sales, "POST", `/api/notes/${own}/restore`)).status).toBe(200);
  expect((await timeline(sales, customerNo)).find((entry) => entry.note?.noteNo === own)?.note?.text).toBe("清書");
});

test("a card number is refused in a note, in a next action and in a purchase", async () => {
  const customerNo = ownedBy(sales);
  const card = "4111 1111 1111 1111";
  const url = `/api/customers/${customerNo}`;
  expect((await send(sales, "POST", `${url}/notes`, { text: `支払いは ${card}` })).body["code"]).toBe("card-number");
  expect((await send(sales, "POST", `${url}/notes`, { text: "", action: { text: card, dueOn: "2026-02-01" } })).body["code"]).toBe("card-number");
  const bought = await send(manager, "POST", `${url}/purchases`, { boughtOn: "2026-02-01", purchase: { product: "盤", note: card } });
  expect(bought.body["code"]).toBe("card-number");
});

test("nothing typed stands clear in the database, and a row changed around the product is found", async () => {
  const customerNo = ownedBy(sales);
  const noteNo = await write(sales, customerNo, { text: "鷽鸛黷鼈齎", action: { text: "鷽鸛黷鼈齎", dueOn: "2026-03-01" } });
  const { rows } = await house.database.owner.query<{ row: string }>(
    "select n::text as row from contact_notes n union all select p::text from purchases p union all select header from ledger_events",
  );
  expect(rows.filter(({ row }) => row.includes("鷽"))).toEqual([]);
  expect(rows.filter(({ row }) => row.includes(Buffer.from("鷽鸛黷鼈齎").toString("hex")))).toEqual([]);

  await house.open.sequencer.sequenceNow();
  const findings = async (): Promise<unknown[]> =>
    (await verifyStorehouse(house.open.storehouse, "system")).findings.map((one) => one).filter((one) => JSON.stringify(one).includes("note"));
  expect(await findings()).toEqual([]);
  await house.database.owner.query("update contact_notes set due_on = '2027-01-01' where note_no = $1", [noteNo]);
  expect(JSON.stringify(await findings())).toContain(`note ${noteNo}`);
  await house.database.owner.query("update contact_notes set due_on = '2026-03-01' where note_no = $1", [noteNo]);
});

test("a hand-over moves open next actions with the customers, and leaves those of other customers", async () => {
  const customerNo = ownedBy(sales);
  const noteNo = await write(sales, customerNo, { text: "", action: { text: "引き継ぐ", dueOn: "2026-01-20" } });
  const before = (await actions(sales)).length;
  const moved = await actAs(house.open.storehouse, "system", "actions.handed-over", randomUUID(), (context) =>
    moveNextActions(context, sales.accountNo, manager.accountNo, [customerNo]),
  );
  expect(moved).toBe(before);
  expect(await actions(sales)).toEqual([]);
  expect((await actions(manager)).map((one) => one.noteNo)).toContain(noteNo);
});

test("purchases are listed newest first, changed, and undone; whoever may not write the customer adds none", async () => {
  const customerNo = ownedBy(sales);
  await actAs(house.open.storehouse, "system", "purchases.added", randomUUID(), (context) =>
    insertPurchases(context, [
      { customerNo, boughtOn: "2025-04-01", purchase: { product: "分電盤", quantity: "2", amount: "180000", note: "" } },
      { customerNo, boughtOn: "2026-01-10", purchase: { product: "照明", quantity: "40", amount: "96000", note: "" } },
    ]),
  );
  const list = async (): Promise<{ purchaseNo: number; boughtOn: string; purchase: string }[]> =>
    (await send(sales, "GET", `/api/customers/${customerNo}/purchases`)).body["purchases"] as never;
  const [newest] = await list();
  expect(JSON.parse(newest?.purchase ?? "")).toEqual({ product: "照明", quantity: "40", amount: "96000", note: "" });
  expect((await send(sales, "POST", `/api/purchases/${newest?.purchaseNo}/trash`, { version: 1 })).status).toBe(200);
  expect((await list()).map((one) => one.boughtOn)).toEqual(["2025-04-01"]);
  expect((await send(sales, "POST", `/api/purchases/${newest?.purchaseNo}/restore`)).status).toBe(200);
  expect((await list()).map((one) => one.boughtOn)).toEqual(["2026-01-10", "2025-04-01"]);
  expect((await send(executive, "POST", `/api/customers/${customerNo}/purchases`, { boughtOn: "2026-01-01", purchase: { product: "x" } })).status).toBe(403);
});

test("a timeline shows one sort alone when asked, and pages back to the beginning without showing anything twice", async () => {
  const customerNo = ownedBy(manager);
  for (let at = 0; at < 45; at += 1) {
    await write(manager, customerNo, { text: `話 ${at}`, kind: at % 2 === 0 ? "call" : "visit", happenedAt: "2026-01-05T01:00:00Z" });
  }
  expect((await timeline(manager, customerNo, "?sorts=visit")).every((entry) => entry.sort === "visit")).toBe(true);
  const seen: unknown[] = [];
  let before = "";
  for (let page = 0; page < 10; page += 1) {
    const { body } = await send(manager, "GET", `/api/customers/${customerNo}/timeline${before}`);
    seen.push(...(body["entries"] as { key: string }[]).map((entry) => entry.key));
    if (body["nextBefore"] === null) break;
    before = `?before=${String(body["nextBefore"])}`;
  }
  expect(seen).toHaveLength(46);
  expect(new Set(seen).size).toBe(46);
  expect(seen.at(-1)).toMatch(/^note-/);
});

test("a company takes notes and changes by version, and shows both in its timeline", async () => {
  const [companyNo] = [...house.companyIndex.keys()];
  expect((await send(sales, "POST", `/api/companies/${companyNo}/notes`, { text: "本社を移転" })).status).toBe(200);
  expect((await send(sales, "PATCH", `/api/companies/${companyNo}`, { version: 1, values: { phone: "03-0000-1111" } })).body).toMatchObject({ version: 2 });
  expect((await send(manager, "PATCH", `/api/companies/${companyNo}`, { version: 1, values: { phone: "03-0000-2222" } })).body["code"]).toBe("conflict");
  const { body } = await send(sales, "GET", `/api/companies/${companyNo}/timeline`);
  expect((body["entries"] as Entry[]).map((entry) => entry.event?.type ?? entry.sort)).toEqual(["company.changed", "note", "company.created"]);
});

test("notes and purchases die with the person, and the ledger still verifies", async () => {
  const customerNo = ownedBy(sales);
  await write(sales, customerNo, { text: "最後の記録" });
  await eraseCustomer(house.open, customerNo);
  const { rows } = await house.database.owner.query(
    "select note_no from contact_notes where customer_no = $1 union all select purchase_no from purchases where customer_no = $1",
    [customerNo],
  );
  expect(rows).toEqual([]);
  await house.open.sequencer.sequenceNow();
  const { findings } = await verifyStorehouse(house.open.storehouse, "system");
  expect(findings.filter((one) => /note|purchase/.test(JSON.stringify(one)))).toEqual([]);
});
