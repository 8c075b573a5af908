import { afterAll, beforeAll, expect, test } from "vitest";
import { verifyStorehouse } from "#server/modules/records/index.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";

let house: SeededHouse;
let sales: Caller;
let manager: Caller;
let officer: Caller;
let winner: number;
let loser: number;
let mergeNo: number;

beforeAll(async () => {
  house = await openSeededHouse([["sales"], ["manager"], ["privacy-officer"]]);
  [sales, manager, officer] = house.callers as [Caller, Caller, Caller];
  const place = { ownerNo: sales.accountNo, cellNo: house.cells.get("near")?.cellNo };
  const values = { fullName: "堀江　真弓", mobile: "080-2222-3434" };
  [winner, loser] = (await Promise.all([1, 2].map(async () => (await post(sales, "/api/customers", { ...place, values })).body["customerNo"]))) as [
    number,
    number,
  ];
}, 60_000);
afterAll(() => house.close());

const get = (who: Caller, url: string): Promise<Reply> => request(house, { method: "GET", url, cookie: who.cookie });
const post = (who: Caller, url: string, body: object = {}): Promise<Reply> => request(house, { method: "POST", url, cookie: who.cookie, body });
const versionOf = async (no: number): Promise<number> => Number((await get(manager, `/api/customers/${no}`)).body["version"]);
const merge = async (): Promise<number> => {
  const of = async (no: number): Promise<object> => ({ no, version: await versionOf(no) });
  const reply = await post(manager, "/api/duplicates/merge", { kind: "customer", winner: await of(winner), losers: [await of(loser)], choices: {} });
  expect(reply.status).toBe(200);
  return Number(reply.body["mergeNo"]);
};
const notes = async (no: number): Promise<unknown[]> =>
  ((await get(sales, `/api/customers/${no}/timeline`)).body["entries"] as { note: { text: unknown } | null }[]).flatMap((entry) => entry.note?.text ?? []);
const bought = async (no: number): Promise<string[]> =>
  ((await get(sales, `/api/customers/${no}/purchases`)).body["purchases"] as { boughtOn: string }[]).map((one) => one.boughtOn);
const isSuspended = async (no: number): Promise<unknown> => (await get(manager, `/api/customers/${no}`)).body["isSuspended"];

test("after a merge a person's timeline, purchases, next actions, requests, consents and disclosure hold what stands on both rows", async () => {
  for (const [no, text, day] of [
    [winner, "本人から電話", "2026-02-01"],
    [loser, "展示会で名刺を交換", "2026-03-01"],
  ] as const) {
    expect((await post(sales, `/api/customers/${no}/notes`, { text, action: { text: "折り返す", dueOn: "2026-01-05" } })).status).toBe(200);
    expect((await post(sales, `/api/customers/${no}/purchases`, { boughtOn: day, purchase: { product: "分電盤" } })).status).toBe(200);
  }
  const purposeNo = Number((await post(officer, "/api/use-purposes", { ja: "案内の送付", en: "Mailings", opt: "out", isArchived: false })).body["purposeNo"]);
  expect((await post(sales, `/api/customers/${loser}/consents`, { purposeNo, stance: "objected", how: "oral" })).body["kind"]).toBe("recorded");
  const asked = { kind: "disclosure", receivedOn: "2026-03-02", channel: "letter", identityCheck: "document", text: "すべて知りたい" };
  const requestNo = Number((await post(sales, `/api/customers/${loser}/person-requests`, asked)).body["requestNo"]);
  mergeNo = await merge();

  expect(await notes(winner)).toEqual(["展示会で名刺を交換", "本人から電話"]);
  expect(await bought(winner)).toEqual(["2026-03-01", "2026-02-01"]);
  const { actions } = (await get(sales, "/api/actions?days=60")).body as { actions: { customerNo: number }[] };
  expect(actions.map((one) => one.customerNo)).toEqual([winner, winner]);
  const file = (await get(sales, `/api/customers/${winner}/person-file`)).body;
  expect(file["requests"]).toMatchObject([{ requestNo, text: "すべて知りたい" }]);
  expect(file["consents"]).toMatchObject([{ purposeNo, stance: "objected", withdrawnAt: null }]);
  const disclosed = (await post(officer, `/api/customers/${winner}/disclosure/json`, { purpose: "person-request", requestNo })).bytes.toString("utf8");
  for (const text of ["本人から電話", "展示会で名刺を交換", "すべて知りたい", "案内の送付"]) {
    expect([text, disclosed.includes(text)]).toEqual([text, true]);
  }
});

test("who was merged into another is contacted under the kept number alone", async () => {
  const call = { field: "mobile", way: "call", purpose: "sales" };
  expect((await post(sales, `/api/customers/${winner}/use`, call)).status).toBe(200);
  expect((await post(sales, `/api/customers/${loser}/use`, call)).body).toMatchObject({ code: "conflict", facts: { state: "merged" } });
});

test("suspending a person suspends the rows merged into it, lifting lifts them, and the ledger knows of each", async () => {
  const former = await versionOf(loser);
  expect((await post(sales, `/api/customers/${winner}/suspend`, { reason: "申し出" })).status).toBe(200);
  expect([await isSuspended(winner), await isSuspended(loser)]).toEqual([true, true]);
  expect(await versionOf(loser)).toBe(former);
  expect((await post(officer, `/api/customers/${winner}/lift-suspension`, { reason: "撤回" })).status).toBe(200);
  expect([await isSuspended(winner), await isSuspended(loser)]).toEqual([false, false]);
  expect((await post(sales, `/api/customers/${loser}/suspend`, { reason: "元の番号で申し出" })).status).toBe(200);
  expect([await isSuspended(winner), await isSuspended(loser)]).toEqual([true, true]);
  await house.open.sequencer.sequenceNow();
  expect((await verifyStorehouse(house.open.storehouse, "system")).findings).toEqual([]);
});

test("taking the merge back leaves each row its own notes and purchases, and both stay suspended", async () => {
  expect((await post(manager, `/api/duplicates/merges/${mergeNo}/undo`, { keepWinner: true })).status).toBe(200);
  expect([await isSuspended(winner), await isSuspended(loser)]).toEqual([true, true]);
  expect([await bought(winner), await bought(loser)]).toEqual([["2026-02-01"], ["2026-03-01"]]);
  expect((await notes(winner)).length).toBe(1);
  await house.open.sequencer.sequenceNow();
  expect((await verifyStorehouse(house.open.storehouse, "system")).findings).toEqual([]);
});
