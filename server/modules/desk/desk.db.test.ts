import { afterAll, beforeAll, expect, test } from "vitest";
import { causes, modules } from "#server/app/modules.ts";
import { serve } from "#server/app/serve.ts";
import { actAs } from "#server/core/door/index.ts";
import { listEvents, type RecordedEvent } from "#server/core/ledger/index.ts";
import { fold } from "#server/core/vault/index.ts";
import { sentinelValues } from "#server/modules/sample/index.ts";
import { verifyScope } from "#server/modules/incidents/index.ts";
import { buildScanner } from "#tests/support/sentinel-scanner.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type SeededHouse } from "#tests/support/seeded-house.ts";
import { beatMs } from "./beat.ts";
import { countOpenDesks } from "./counts.ts";
import { deskRoutes, eraseAtDesk } from "./index.ts";

let house: SeededHouse;
/** Pauses that looks asked for. */
const pauses: number[] = [];
let [officer, first, second, sales] = ["", "", "", ""];
let [seen, unseen, doubtful] = [0, 0, 0];
const term = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString();

beforeAll(async () => {
  const opened = await openSeededHouse([["privacy-officer"], ["desk-operator"], ["desk-operator"], ["sales"]], { unowned: 6 });
  // The beat is kept in the test's own time.
  const quick = deskRoutes({ monotonicMs: () => 0, pause: async (ms) => void pauses.push(ms) });
  const app = await serve({
    storehouse: opened.open.storehouse,
    routes: modules.flatMap((module) => (module.name === "desk" ? quick : module.routes())),
    webFolder: undefined,
    tls: undefined,
    behindProxy: false,
    logLevel: "silent",
    requestsPerMinute: 1_000_000,
  });
  house = { ...opened, app, close: async () => void (await app.close(), await opened.close()) };
  [officer, first, second, sales] = house.callers.map((caller) => caller.cookie) as [string, string, string, string];
  const near = house.cells.get("near")?.cellNo;
  [seen, doubtful] = house.customerNos.filter((no) => house.ownerOf.get(no) === null && house.cellOf.get(no) === near) as [number, number];
  unseen = house.customerNos.find((no) => house.cellOf.get(no) !== near) as number;
}, 60_000);
afterAll(() => house.close());

const ask = (cookie: string, method: string, url: string, body?: unknown): Promise<Reply> => request(house, { method, url, cookie, body });
async function done(cookie: string, method: string, url: string, body?: unknown): Promise<Record<string, any>> {
  const reply = await ask(cookie, method, url, body);
  expect([url, reply.status, reply.status === 200 ? "" : reply.body["code"]]).toEqual([url, 200, ""]);
  return reply.body;
}
const valuesOf = (no: number) => sentinelValues("customer", house.customerIndex.get(no) as number);
const stated = (no: number, ...kinds: ("name" | "mail" | "birth-date" | "mobile" | "member-number" | "address")[]) =>
  kinds.map((kind) => {
    const key = { name: "fullName", mail: "mail", "birth-date": "birthDate", mobile: "mobile", "member-number": "memberNumber", address: "address" }[kind];
    return { kind: kind === "mobile" ? "phone" : kind, value: valuesOf(no)[key] as string };
  });
const begin = async (cookie: string, given: object = {}): Promise<number> =>
  (await done(cookie, "POST", "/api/incident-desks/1/cases", { channel: "call", caller: "self", ...given }))["caseNo"] as number;
const check = (cookie: string, caseNo: number, given: readonly object[]): Promise<Reply> =>
  ask(cookie, "POST", `/api/incident-desk-cases/${caseNo}/check`, { stated: given });
const answerTo = async (cookie: string, given: readonly object[]) => (await check(cookie, await begin(cookie), given)).body;
async function eventsOf(type: string): Promise<RecordedEvent[]> {
  return (await listEvents(house.database.owner, { types: [type], limit: 100 })).events;
}
const accountOf = (at: number): number => house.callers[at]?.accountNo as number;

test("a desk is opened in one act: numbers and hours become facts, operators come with a term and an invitation of the officer's hand", async () => {
  await done(officer, "POST", "/api/incidents", { playbook: "insider", knownAt: new Date().toISOString(), what: "調べ中", isDrill: true });
  expect((await ask(first, "GET", "/api/incident-desks")).body).toEqual({ desks: [] });
  const opened = await done(officer, "POST", "/api/incidents/1/desk", {
    name: "お客様窓口",
    phone: "0120-000-111",
    mail: "",
    hours: "毎日9時から20時",
    page: "",
    invite: [{ name: "受付 一子", mail: "uketsuke@example.jp" }],
    accountNos: [accountOf(1), accountOf(2)],
    until: term(20),
  });
  expect(opened["invitations"]).toMatchObject([{ name: "受付 一子", invitationToken: expect.stringMatching(/.{20}/) }]);
  const shown = await done(officer, "GET", "/api/incidents/1/desk");
  expect(shown).toMatchObject({ state: "open", facts: { phone: "0120-000-111", hours: "毎日9時から20時", mail: null } });
  expect(shown["operators"].map((one: { isEnrolled: boolean }) => one.isEnrolled)).toEqual([true, true, false]);
  const facts = (await done(officer, "GET", "/api/incidents/1/facts"))["facts"] as { key: string; text: string }[];
  expect(facts.find(({ key }) => key === "desk.phone")?.text).toBe("0120-000-111");
  expect((await done(first, "GET", "/api/incident-desks"))["desks"]).toMatchObject([{ incidentNo: 1, isDrill: true, isStopped: false }]);
  // Somebody who has other rights gets no term, and who does not serve here finds nothing.
  expect((await ask(officer, "POST", "/api/incidents/1/desk/operators", { accountNos: [accountOf(3)], until: term(2) })).body["code"]).toBe("invalid-input");
  expect((await ask(sales, "GET", "/api/incident-desks/1/scripts")).status).toBe(403);
});

test("before there is a verified scope nobody is told that they are not concerned", async () => {
  expect(await answerTo(first, stated(seen, "name", "birth-date"))).toMatchObject({ outcome: "identified", answer: "checking", items: [] });
  await done(sales, "GET", `/api/customers/${seen}`);
  const { runNo } = await done(officer, "POST", "/api/incidents/1/scope", { causes: [{ kind: "account", values: [accountOf(3)] }] });
  await done(officer, "POST", `/api/incidents/1/scope/runs/${runNo}/move`, { customerNos: [doubtful], tier: "possible", reason: "本人から連絡" });
  await house.open.sequencer.sequenceNow();
  await verifyScope(house.open.storehouse, runNo as number, { causes });
  const { rows } = await house.database.owner.query("select verification from incident_scopes where scope_no = $1", [runNo]);
  expect(rows).toEqual([{ verification: "holds" }]);
  for (const verification of ["pending", "fails"]) {
    await house.database.owner.query("update incident_scopes set verification = $1 where scope_no = $2", [verification, runNo]);
    expect(await answerTo(first, stated(unseen, "member-number", "birth-date"))).toMatchObject({ outcome: "identified", answer: "checking", items: [] });
    expect(await answerTo(first, stated(seen, "member-number", "birth-date"))).toMatchObject({ answer: "affected" });
  }
  await house.database.owner.query("update incident_scopes set verification = 'holds' where scope_no = $1", [runNo]);
});

test("whoever states two registered values is told 対象, 対象外 or 確認中 and names of items, and no byte of a value", async () => {
  const scanner = buildScanner(house.sentinels, fold);
  const affected = await check(first, await begin(first), stated(seen, "mail", "name"));
  expect(affected.body).toMatchObject({ outcome: "identified", answer: "affected" });
  expect(affected.body["items"]).toContainEqual({ ja: "氏名", en: "Name" });
  expect(scanner.scan(affected.bytes)).toEqual([]);
  expect(await answerTo(first, stated(unseen, "mobile", "birth-date"))).toMatchObject({ outcome: "identified", answer: "unaffected", items: [] });
  expect(await answerTo(first, stated(doubtful, "name", "mobile"))).toMatchObject({ outcome: "identified", answer: "checking", items: [] });
  const [event] = await eventsOf("desk.checked");
  expect(event).toMatchObject({ accountNo: accountOf(1), facts: { kinds: ["name", "phone"], outcome: "passed", answer: "checking" } });
  expect((await listEvents(house.database.owner, { types: ["desk.checked"], customerNo: doubtful, limit: 5 })).events.length).toBeGreaterThan(0);
});

test("nobody of that name, a second value that is wrong and two people are one and the same reply; and all replies have one length", async () => {
  const [name] = stated(unseen, "name") as [object];
  const caseNo = await begin(second);
  pauses.length = 0;
  const nobody = await check(second, caseNo, [
    { kind: "name", value: "何処 何某" },
    { kind: "birth-date", value: "1980-01-01" },
  ]);
  const wrong = await check(second, caseNo, [name, { kind: "birth-date", value: "1899-12-31" }]);
  const mixed = await check(second, caseNo, [name, ...stated(seen, "mobile")]);
  const right = await check(second, caseNo, stated(unseen, "name", "birth-date"));
  expect(nobody.body).toMatchObject({ outcome: "unconfirmed", answer: null, items: [] });
  expect([wrong.body, mixed.body]).toEqual([nobody.body, nobody.body]);
  const lengthOf = ({ body }: Reply): number => Buffer.byteLength(JSON.stringify(body));
  expect(new Set([nobody, wrong, mixed, right].map(lengthOf)).size).toBe(1);
  // Whatever it came to, it waited for the beat, and the record of the look is of the same kind.
  expect(pauses).toEqual([beatMs, beatMs, beatMs, beatMs]);
  const kept = await house.database.owner.query("select outcome, person_no from desk_checks where case_no = $1 order by check_no", [caseNo]);
  expect(kept.rows).toEqual([...Array.from({ length: 3 }, () => ({ outcome: "failed", person_no: null })), { outcome: "passed", person_no: unseen }]);
});

test("a household is nobody: a telephone with an address, or a name with its reading, is not asked at all", async () => {
  const caseNo = await begin(second);
  expect((await check(second, caseNo, stated(seen, "mobile", "address"))).status).toBe(400);
  expect((await check(second, caseNo, [...stated(seen, "name"), { kind: "kana", value: valuesOf(seen)["kana"] }])).status).toBe(400);
  expect((await check(second, caseNo, [...stated(seen, "name"), ...stated(seen, "name")])).status).toBe(400);
});

test("an agent proves it first", async () => {
  const caseNo = await begin(first, { caller: "agent" });
  expect((await check(first, caseNo, stated(seen, "name", "mail"))).body).toMatchObject({ code: "not-ready", facts: { reason: "agent-papers" } });
  await done(first, "POST", `/api/incident-desk-cases/${caseNo}/entries`, { kind: "papers", papers: "power-of-attorney", wereSeen: true, text: "" });
  expect((await check(first, caseNo, stated(seen, "name", "mail"))).body).toMatchObject({ outcome: "identified", answer: "affected" });
});

test("the registered number goes to a call, which is recorded as its release; only who was called is then told", async () => {
  const caseNo = await begin(first);
  const url = `/api/incident-desk-cases/${caseNo}/call-back`;
  expect((await ask(first, "POST", `${url}/reached`, { isPerson: true })).body).toMatchObject({ code: "not-ready" });
  const called = await ask(first, "POST", url, { stated: [...stated(seen, "name"), { kind: "birth-date", value: "1899-12-31" }] });
  expect(called.body).toEqual({ outcome: "calling", number: valuesOf(seen)["mobile"] });
  const [event] = await eventsOf("desk.called-back");
  const mobile = house.open.storehouse.policy?.fields.find((field) => field.key === "mobile")?.no as number;
  expect(event?.releases).toContainEqual({ kind: "customer", numbers: [seen], fields: [[mobile, 2]] });
  expect((await ask(second, "POST", `${url}/reached`, { isPerson: true })).status).toBe(404);
  expect(await done(first, "POST", `${url}/reached`, { isPerson: true })).toMatchObject({ answer: "affected" });
  expect((await ask(first, "POST", url, { stated: [{ kind: "name", value: "何処 何某" }] })).body).toEqual({ outcome: "unconfirmed", number: null });
});

test("notes, harm, handing up and calls back stand in one history, sealed; operators see their own cases and who waits for a call", async () => {
  const caseNo = await begin(first, { channel: "letter" });
  const url = `/api/incident-desk-cases/${caseNo}/entries`;
  await done(first, "POST", url, { kind: "note", text: "折り返しを望まれる" });
  expect((await ask(second, "GET", `/api/incident-desk-cases/${caseNo}`)).status).toBe(404);
  await done(first, "POST", url, { kind: "harm", text: "不審な電話が3回", harmKind: "suspicious-call", harmOn: "2026-01-05", harmAmount: "under-10k" });
  await done(first, "POST", url, { kind: "escalation", text: "弁護士から" });
  await done(first, "POST", url, { kind: "call-back", text: "", dueAt: term(1) });
  expect((await ask(first, "POST", url, { kind: "escalation-settled", text: "" })).status).toBe(403);
  await done(officer, "POST", url, { kind: "escalation-settled", text: "電話した" });
  const queue = (await done(second, "GET", "/api/incident-desks/1/cases?queue=call-backs"))["cases"] as { caseNo: number }[];
  expect(queue.map((one) => one.caseNo)).toEqual([caseNo]);
  await done(second, "POST", url, { kind: "call-back-done", text: "" });
  const shown = await done(first, "GET", `/api/incident-desk-cases/${caseNo}`);
  expect(shown["entries"].map((one: { kind: string }) => one.kind)).toEqual([
    "note",
    "harm",
    "escalation",
    "call-back",
    "escalation-settled",
    "call-back-done",
  ]);
  expect(shown).toMatchObject({ head: { channel: "letter", hasHarm: true, callBackAt: null, isEscalated: false }, customerNo: null });
  const { rows } = await house.database.owner.query("select sealed_text from desk_entries where kind = 'note'");
  expect(rows.every(({ sealed_text: blob }) => !(blob as Buffer).includes("折り返し"))).toBe(true);
});

test("what was counted flows into the facts by itself, with its source, and again when it changed", async () => {
  await countOpenDesks(house.open.storehouse);
  const shown = await done(officer, "GET", "/api/incidents/1/desk");
  const counts = shown["counts"] as { inquiries: number; harm: number; days: unknown[] };
  expect(counts).toMatchObject({ harm: 1, days: [{ inquiries: counts.inquiries, harm: 1 }] });
  const facts = async () =>
    Object.fromEntries(
      ((await done(officer, "GET", "/api/incidents/1/facts"))["facts"] as { key: string; value: string; source: string; versions: number }[]).map((one) => [
        one.key,
        one,
      ]),
    );
  expect(await facts()).toMatchObject({
    "inquiries.total": { value: String(counts.inquiries), versions: 1 },
    "inquiries.harm": { value: "1", source: expect.stringContaining("窓口の記録") },
  });
  const paper = await ask(officer, "GET", "/api/incidents/1/drafts/preliminary");
  expect(paper.bytes.toString()).toContain(`お問い合わせ ${counts.inquiries}件、うち被害の申し出 1件(窓口の記録)`);
  await countOpenDesks(house.open.storehouse);
  expect(await facts()).toMatchObject({ "inquiries.total": { versions: 1 } });
  await begin(first);
  await done(officer, "POST", "/api/incidents/1/desk/counts", {});
  expect(await facts()).toMatchObject({ "inquiries.total": { value: String(counts.inquiries + 1), versions: 2 } });
});

test("an operator who tries names is stopped after so many failures, the officer is told, and lets them go on", async () => {
  await done(officer, "PUT", "/api/incident-desk-policy", { mostFailed: 6, mostPersons: 50, mostFailedOfPerson: 5 });
  const caseNo = await begin(second);
  const tried: unknown[] = [];
  // Three failed above.
  for (let at = 0; at < 4; at += 1) {
    tried.push(
      (
        await check(second, caseNo, [
          { kind: "name", value: `試行 ${at}郎` },
          { kind: "birth-date", value: "1980-01-01" },
        ])
      ).body["outcome"] ?? "refused",
    );
  }
  expect(tried).toEqual(["unconfirmed", "unconfirmed", "unconfirmed", "refused"]);
  const refused = await check(second, caseNo, stated(seen, "name", "mail"));
  expect([refused.status, refused.body["code"]]).toEqual([403, "desk-stopped"]);
  expect(await eventsOf("desk.braked")).toMatchObject([{ outcome: "refused", accountNo: accountOf(2), facts: { because: "failed", found: 6, threshold: 6 } }]);
  const alerts = (await done(officer, "GET", "/api/incident-alerts"))["alerts"] as { rule: string; accountNo: number }[];
  expect(alerts).toMatchObject([{ rule: "desk", accountNo: accountOf(2) }]);
  const shown = (await done(officer, "GET", "/api/incidents/1/desk"))["operators"] as { accountNo: number; stop: unknown }[];
  expect(shown.find((one) => one.accountNo === accountOf(2))?.stop).toMatchObject({ because: "failed", found: 6 });
  await done(officer, "POST", `/api/incidents/1/desk/operators/${accountOf(2)}/release`, { reason: "聞き取りの不慣れ" });
  expect((await check(second, caseNo, stated(seen, "name", "mail"))).body).toMatchObject({ outcome: "identified" });
});

test("one person is not guessed by several operators, and the refusal is the same for somebody who is not there", async () => {
  await done(officer, "PUT", "/api/incident-desk-policy", { mostFailed: 50, mostPersons: 50, mostFailedOfPerson: 4 });
  const cases = [await begin(first), await begin(second)] as const;
  const codes: unknown[] = [];
  for (const [name] of [stated(doubtful, "name"), [{ kind: "name", value: "架空 太郎" }]] as const) {
    for (let at = 0; at < 5; at += 1) {
      const isFirst = at % 2 === 0;
      const reply = await check(isFirst ? first : second, cases[isFirst ? 0 : 1], [name as object, { kind: "birth-date", value: `19${50 + at}-03-03` }]);
      codes.push(reply.body["code"] ?? reply.body["outcome"]);
    }
  }
  const each = ["unconfirmed", "unconfirmed", "unconfirmed", "unconfirmed", "desk-braked"];
  expect(codes).toEqual([...each, ...each]);
  // Neither operator is stopped, and somebody else is still answered.
  expect(await answerTo(second, stated(unseen, "name", "birth-date"))).toMatchObject({ outcome: "identified" });
});

test("parallel looks do not escape the count, and too many different people stop an operator too", async () => {
  await done(officer, "PUT", "/api/incident-desk-policy", { mostFailed: 50, mostPersons: 3, mostFailedOfPerson: 50 });
  const caseNo = await begin(second);
  const replies = await Promise.all(house.customerNos.slice(0, 8).map((no) => check(second, caseNo, stated(no, "mail", "name"))));
  const identified = replies.filter(({ body }) => body["outcome"] === "identified").length;
  expect(identified).toBeLessThanOrEqual(3);
  expect(replies.filter(({ body }) => body["code"] === "desk-stopped")).toHaveLength(8 - identified);
  expect((await eventsOf("desk.braked"))[0]).toMatchObject({ facts: { because: "persons" } });
});

test("who is erased is erased at the desk too", async () => {
  await actAs(house.open.storehouse, "system", "desk.tidied", "erase", (context) => eraseAtDesk(context, seen));
  const { rows } = await house.database.owner.query(
    "select (select count(*) from desk_cases where person_no = $1)::integer as cases, (select count(*) from desk_checks where person_no = $1)::integer as checks",
    [seen],
  );
  expect(rows).toEqual([{ cases: 0, checks: 0 }]);
});

test("after their term operators can do nothing, from the next request on; a closed desk is nobody's", async () => {
  await done(officer, "PUT", `/api/incidents/1/desk/operators/${accountOf(2)}`, { until: term(1) });
  house.time.now = new Date(Date.now() + 2 * 86_400_000);
  const over = house.callers[1] as SeededHouse["callers"][number];
  await house.signIn(over);
  const past = house.callers[2] as SeededHouse["callers"][number];
  await house.signIn(past);
  expect((await ask(over.cookie, "GET", "/api/incident-desks")).status).toBe(200);
  expect((await ask(past.cookie, "GET", "/api/incident-desks")).status).toBe(401);
  const head = house.callers[0] as SeededHouse["callers"][number];
  await house.signIn(head);
  await done(head.cookie, "POST", "/api/incidents/1/desk/close", {});
  expect((await ask(over.cookie, "GET", "/api/incident-desks")).status).toBe(401);
  expect((await ask(head.cookie, "GET", "/api/incident-desks/1/cases")).status).toBe(404);
});
