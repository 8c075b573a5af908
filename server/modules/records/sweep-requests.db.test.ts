import { afterAll, beforeAll, expect, test } from "vitest";
import { modules } from "#server/app/modules.ts";
import { runErasure } from "#server/modules/requests/index.ts";
import type { Job } from "#server/platform/jobs/index.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { sweepRows, type SweepFinding } from "./sweep-rows.ts";

/** What was asked, agreed, approved and erased is believed because of its rows: a row made or changed around the product is found. */
let house: SeededHouse;
let office: Caller;
let manager: Caller;
let officer: Caller;
let own: number;
let erasedNo: number;
const no: Record<"request" | "erasure" | "approval" | "consent", number> = { request: 0, erasure: 0, approval: 0, consent: 0 };

const ask = async (who: Caller, method: string, url: string, body?: unknown): Promise<Reply["body"]> => {
  const reply = await request(house, { method, url, cookie: who.cookie, ...(body === undefined ? {} : { body }) });
  expect([url, reply.status]).toEqual([url, 200]);
  return reply.body;
};
const findings = async (): Promise<readonly SweepFinding[]> => (await house.open.storehouse.door.snapshot((query) => sweepRows(query))).findings;
const ownedBy = (who: Caller): number => house.customerNos.find((each) => house.ownerOf.get(each) === who.accountNo) as number;

beforeAll(async () => {
  house = await openSeededHouse([["office"], ["manager"], ["privacy-officer"], ["sales"]]);
  [office, manager, officer] = house.callers as [Caller, Caller, Caller];
  own = ownedBy(office);
  erasedNo = ownedBy(house.callers[3] as Caller);
}, 60_000);
afterAll(() => house.close());

async function recordAll(customerNo: number): Promise<void> {
  const asked = { kind: "disclosure", receivedOn: "2026-11-20", channel: "letter", identityCheck: "none", text: "自分の情報を知りたい" };
  no.request = Number((await ask(office, "POST", `/api/customers/${customerNo}/person-requests`, asked))["requestNo"]);
  const steps = [
    { kind: "identity", identityCheck: "call-back" },
    { kind: "decide", decision: "granted", answer: "お送りします" },
  ];
  for (const [at, step] of steps.entries()) await ask(officer, "POST", `/api/person-requests/${no.request}/move`, { version: at + 1, step });
  const { purposeNo } = await ask(officer, "POST", "/api/use-purposes", { ja: "ご案内", en: "News", opt: "in", isArchived: false });
  for (const stance of ["given", "objected"]) await ask(office, "POST", `/api/customers/${customerNo}/consents`, { purposeNo, stance, how: "form" });
}

test("after every act of asking, agreeing, approving, refusing, withdrawing, expiring and erasing, rows and ledger agree", async () => {
  await recordAll(erasedNo);
  await recordAll(own);
  const asked = await ask(office, "POST", `/api/customers/${erasedNo}/erase`, { because: "asked-by-person", reason: "ご本人の請求" });
  no.erasure = Number(asked["erasureNo"]);
  no.approval = Number(asked["approvalNo"]);
  await ask(manager, "POST", `/api/approvals/${no.approval}/decide`, { decision: "approve", comment: "確かめました" });
  const job: Job = { payload: { erasureNo: no.erasure }, attempt: 1, signal: new AbortController().signal, remember: async () => true };
  await runErasure(house.open.storehouse, job, {
    erasures: () => modules.flatMap((module) => module.erasures ?? []),
    refreshKeyFiles: async () => ({ written: [], missed: [] }),
  });
  const print = { customerNos: [own], layout: "postcard", purpose: "delivery", reason: "年賀状" };
  const requested = async (): Promise<number> => Number((await ask(office, "POST", "/api/prints/requests", print))["requestNo"]);
  await ask(manager, "POST", `/api/approvals/${await requested()}/decide`, { decision: "refuse" });
  await ask(office, "POST", `/api/approvals/${await requested()}/withdraw`);
  const { rows } = await house.database.owner.query<{ no: number }>("select consent_no as no from customer_consents where withdrawn_at is null");
  no.consent = rows[0]?.no as number;
  expect(await findings()).toEqual([]);
});

test("a request that came to nothing while its judge was refused agrees too", async () => {
  const print = { customerNos: [own], layout: "postcard", purpose: "delivery" };
  const { requestNo } = await ask(office, "POST", "/api/prints/requests", print);
  const url = `/api/approvals/${String(requestNo)}/decide`;
  const clock = house.open.storehouse.clock;
  const decide = (): Promise<Reply> => request(house, { method: "POST", url, cookie: manager.cookie, body: { decision: "approve" } });
  try {
    const { rows } = await house.database.owner.query<{ expires_at: Date }>("select expires_at from approvals where request_no = $1", [requestNo]);
    const late = new Date(rows[0]!.expires_at.getTime() + 1_000);
    await house.database.owner.query("update sessions set expires_at = $1::timestamptz + interval '1 day', last_seen_at = $1", [late]);
    Object.assign(house.open.storehouse, { clock: () => late });
    expect((await decide()).body).toMatchObject({ code: "conflict", facts: { reason: "expired" } });
  } finally {
    Object.assign(house.open.storehouse, { clock });
  }
  expect(await findings()).toEqual([]);
});

test.each([
  ["approval", "a judgement", () => [`update approvals set state = 'refused' where request_no = ${no.approval}`, "changed"]],
  ["approval", "whom it names", () => [`update approvals set customer_nos = customer_nos || 1 where request_no = ${no.approval}`, "changed"]],
  [
    "approval",
    "one that nobody asked for",
    () => [
      `insert into approvals (kind, asked_by, asked_at, expires_at, facts, query_no, sealed_reason)
       select kind, asked_by, asked_at, expires_at, facts, query_no, sealed_reason from approvals where request_no = ${no.approval}`,
      "added",
    ],
  ],
  ["person-request", "its day", () => [`update person_requests set due_on = due_on + 30 where request_no = ${no.request}`, "changed"]],
  ["person-consent", "the stance", () => [`update customer_consents set stance = 'given' where consent_no = ${no.consent}`, "changed"]],
  ["person-consent", "taken away", () => [`delete from customer_consents where consent_no = ${no.consent}`, "removed"]],
  ["erasure", "who allowed it", () => [`update erasures set granted_by = asked_by where erasure_no = ${no.erasure}`, "changed"]],
  ["erasure", "whom it names", () => [`update erasure_members set customer_no = customer_no + 1000 where erasure_no = ${no.erasure}`, "changed"]],
] as const)("%s: %s around the product is found", async (kind, _what, tampered) => {
  const [sql, how] = tampered();
  const client = await house.database.owner.connect();
  try {
    await client.query("begin");
    await client.query(sql as string);
    const found = (await sweepRows(client)).findings;
    expect(found).toEqual([
      { what: expect.stringContaining(`was ${String(how)} around the product`) as string, subject: expect.stringContaining(`${kind} `) as string },
    ]);
  } finally {
    await client.query("rollback");
    client.release();
  }
});
