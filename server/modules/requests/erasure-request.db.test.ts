import { afterAll, beforeAll, expect, test } from "vitest";
import { modules } from "#server/app/modules.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import type { Job } from "#server/platform/jobs/index.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import type { Hold } from "#server/core/door/index.ts";
import { runErasure, type ErasureHouse } from "./index.ts";

let house: SeededHouse;
let office: Caller;
let manager: Caller;
let officer: Caller;
const held = new Set<number>();
const hold: Hold = async (_context, kind, numbers) => new Set(kind === "customer" ? numbers.filter((no) => held.has(no)) : []);
// A module above declares its holds; here any module does.
const declaring = modules[0] as { holds?: readonly Hold[] };
beforeAll(async () => {
  house = await openSeededHouse([["office"], ["manager"], ["privacy-officer"], ["sales"], ["sales"], ["sales"]]);
  [office, manager, officer] = house.callers as [Caller, Caller, Caller];
  declaring.holds = [hold];
}, 60_000);
afterAll(() => {
  delete declaring.holds;
  return house.close();
});

const ask = (who: Caller, method: string, url: string, body?: unknown): Promise<Reply> =>
  request(house, { method, url, cookie: who.cookie, ...(body === undefined ? {} : { body }) });
const eraseOf = (who: Caller, no: number): Promise<Reply> =>
  ask(who, "POST", `/api/customers/${no}/erase`, { because: "asked-by-person", reason: "ご本人の請求" });
const decide = (who: Caller, approvalNo: unknown, decision: "approve" | "refuse" = "approve"): Promise<Reply> =>
  ask(who, "POST", `/api/approvals/${Number(approvalNo)}/decide`, { decision });
const ownedBy = (index: number): number => house.customerNos.find((no) => house.ownerOf.get(no) === house.callers[index]?.accountNo) as number;
const isErased = (no: number): boolean => house.open.vault.isErased({ kind: "customer", no });
const asked = async (erasureNo: number) =>
  ((await ask(officer, "GET", "/api/erasures")).body["erasures"] as { erasureNo: number; state: string; erased: number; held: number }[]).find(
    (one) => one.erasureNo === erasureNo,
  );

async function run(erasureNo: number, more: Partial<ErasureHouse> = {}): Promise<void> {
  const job: Job = { payload: { erasureNo }, attempt: 1, signal: new AbortController().signal, remember: async () => true };
  await runErasure(house.open.storehouse, job, {
    erasures: () => modules.flatMap((module) => module.erasures ?? []),
    refreshKeyFiles: async () => ({ written: [], missed: [] }),
    ...more,
  });
}

test("nobody is erased on one person's word: the asker cannot allow it, another one can, and then it is carried out by a job", async () => {
  const no = ownedBy(3);
  const waiting = (await eraseOf(officer, no)).body;
  expect((await decide(officer, waiting["approvalNo"])).body).toMatchObject({ code: "not-permitted", facts: { reason: "own-request" } });
  expect((await ask(manager, "GET", `/api/customers/${no}`)).status).toBe(200);
  expect((await eraseOf(office, no)).body).toMatchObject({ code: "conflict", facts: { reason: "already-asked" } });
  expect((await decide(manager, waiting["approvalNo"])).status).toBe(200);
  const { rows } = await house.database.owner.query<{ payload: object }>("select payload from jobs where task = 'requests.erase'");
  expect(rows.map((row) => row.payload)).toEqual([{ erasureNo: waiting["erasureNo"] }]);
  await run(Number(waiting["erasureNo"]));
  expect(isErased(no)).toBe(true);
  expect((await ask(officer, "GET", `/api/customers/${no}`)).status).toBe(404);
  expect(await asked(Number(waiting["erasureNo"]))).toMatchObject({ state: "done", erased: 1, held: 0 });
  const certificate = await ask(officer, "POST", `/api/erasures/${Number(waiting["erasureNo"])}/certificate`);
  expect(certificate.status).toBe(200);
  expect(certificate.bytes.toString("utf8")).toContain("消去証明書");
});

test("who may neither delete nor answer persons cannot ask; a refused erasure erases nobody", async () => {
  const no = ownedBy(4);
  expect((await eraseOf(house.callers[4] as Caller, no)).body["code"]).toBe("not-permitted");
  const waiting = (await eraseOf(office, no)).body;
  expect((await decide(manager, waiting["approvalNo"], "refuse")).status).toBe(200);
  expect(await asked(Number(waiting["erasureNo"]))).toMatchObject({ state: "refused" });
  expect((await ask(officer, "GET", `/api/customers/${no}`)).status).toBe(200);
});

test("an erasure that the person asked for waits until it is known that it is the person", async () => {
  const no = ownedBy(0);
  const asking = { kind: "erasure", receivedOn: "2026-11-20", channel: "mail", text: "" };
  const ofRequest = async (identityCheck: string): Promise<Reply> => {
    const { requestNo } = (await ask(office, "POST", `/api/customers/${no}/person-requests`, { ...asking, identityCheck })).body;
    return ask(office, "POST", `/api/customers/${no}/erase`, { because: "asked-by-person", requestNo, reason: "ご本人の請求" });
  };
  expect((await ofRequest("none")).body).toMatchObject({ code: "invalid-input", facts: { reason: "identity-first" } });
  expect((await ofRequest("document")).status).toBe(200);
});

test("an erasure that crashed between rows and keys goes on where it stood, and nobody is erased twice or left out", async () => {
  await house.database.owner.query("update person_policy set retention_years = 1");
  await house.database.owner.query("update customers set updated_at = now() - interval '3 years' where customer_no = any($1)", [[ownedBy(4), ownedBy(5)]]);
  const due = (await ask(officer, "GET", "/api/disposals/due")).body["groups"] as { reason: string; persons: number }[];
  expect(due.find((group) => group.reason === "term-over")?.persons).toBe(2);
  const waiting = (await ask(officer, "POST", "/api/disposals", { reason: "term-over", expectedPersons: 2, comment: "年次の廃棄" })).body;
  expect((await decide(manager, waiting["approvalNo"])).status).toBe(200);
  const erasureNo = Number(waiting["erasureNo"]);
  let calls = 0;
  const crash = async (): Promise<void> => {
    calls += 1;
    if (calls === 2) throw new Error("the node falls over");
  };
  await expect(run(erasureNo, { erasures: () => [...modules.flatMap((module) => module.erasures ?? []), crash] })).rejects.toThrow("falls over");
  expect(await asked(erasureNo)).toMatchObject({ state: "running", erased: 0 });
  await run(erasureNo);
  expect(await asked(erasureNo)).toMatchObject({ state: "done", erased: 2 });
  expect([isErased(ownedBy(4)), isErased(ownedBy(5))]).toEqual([true, true]);
  const { events } = await listEvents(house.database.owner, { types: ["customer.erased"], limit: 20 });
  expect(events.filter((event) => event.facts["erasureNo"] === erasureNo)).toHaveLength(2);
});

test("a person under a hold is neither proposed nor asked for, and one that came under it after the approval is left alone", async () => {
  const [first, second] = house.customerNos.filter((no) => house.ownerOf.get(no) === null) as [number, number];
  await house.database.owner.query("update customers set updated_at = now() - interval '3 years' where customer_no = any($1)", [[first, second]]);
  const waiting = (await ask(officer, "POST", "/api/disposals", { reason: "term-over", expectedPersons: 2, comment: "年次の廃棄" })).body;
  expect((await decide(manager, waiting["approvalNo"])).status).toBe(200);
  held.add(first);
  await run(Number(waiting["erasureNo"]));
  expect(await asked(Number(waiting["erasureNo"]))).toMatchObject({ state: "done", erased: 1, held: 1 });
  expect([isErased(first), isErased(second)]).toEqual([false, true]);
  expect((await ask(officer, "GET", "/api/disposals/due")).body["groups"]).toContainEqual(
    expect.objectContaining({ reason: "term-over", persons: 0, held: 1 }),
  );
  expect((await eraseOf(officer, first)).body).toMatchObject({ code: "conflict", facts: { reason: "held" } });
  held.delete(first);
  expect((await eraseOf(officer, first)).status).toBe(200);
});
