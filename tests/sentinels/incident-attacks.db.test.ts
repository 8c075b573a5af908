import { afterAll, beforeAll, expect, test } from "vitest";
import { request, type Reply } from "../support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "../support/seeded-house.ts";

/** Whoever has little right, or is done with it, against what was built for bad days and for those who read the ledger. */
let house: SeededHouse;
const staff = ["privacy-officer", "manager", "sales", "auditor", "system-administrator", "desk-operator", "office"] as const;
type Name = (typeof staff)[number];
beforeAll(async () => {
  house = await openSeededHouse([...staff.map((role) => [role]), ["desk-operator"]], { unowned: 3 });
}, 60_000);
afterAll(() => house.close());

const callerOf = (name: Name): Caller => house.callers.find((caller) => caller.name === name) as Caller;
const ask = (who: Name | Caller, method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> =>
  request(house, { method, url, cookie: (typeof who === "string" ? callerOf(who) : who).cookie, headers, ...(body === undefined ? {} : { body }) });
async function done(who: Name | Caller, method: string, url: string, body?: unknown): Promise<Record<string, any>> {
  const reply = await ask(who, method, url, body);
  expect([url, reply.status, reply.body["code"]]).toEqual([url, 200, undefined]);
  return reply.body;
}
const open = async (): Promise<number> => {
  const knownAt = new Date(house.open.storehouse.clock().getTime() - 3_600_000).toISOString();
  return (await done("privacy-officer", "POST", "/api/incidents", { playbook: "insider", knownAt, what: "調べ中" }))["incidentNo"] as number;
};
/** A reply without what is random in every reply. */
const told = (reply: Reply): string =>
  reply.bytes
    .toString("utf8")
    .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<id>")
    .replaceAll(/"(?:date|x-ratelimit-[a-z]+)":(?:"[^"]*"|\d+)/g, "");
const nobodys = 1_999_999_999;

test("a paper, a prevention, a question, a request, an event or a call of somebody else is the same as none, to whoever guesses its number", async () => {
  const incidentNo = await open();
  const made = (await done("privacy-officer", "POST", `/api/incidents/${incidentNo}/drafts`, { papers: ["preliminary"] }))["made"] as { draftNo: number }[];
  const draftNo = made[0]?.draftNo as number;
  const owner = callerOf("system-administrator").accountNo;
  const { preventionNo } = await done("privacy-officer", "POST", `/api/incidents/${incidentNo}/preventions`, {
    what: "再発を防ぐ",
    ownerNo: owner,
    dueOn: "2027-01-31",
  });
  const { questionNo } = await done("auditor", "POST", "/api/ledger/questions", { name: "夜間", isShared: false, filter: {} });
  const waiting = await done("privacy-officer", "POST", "/api/measures", { kind: "stop", target: "service", reason: "調べ", waits: true });
  const [event] = (await done("auditor", "POST", "/api/ledger/events", { types: ["incident.opened"] }))["events"] as { eventNo: number }[];
  const operators = house.callers.filter((caller) => caller.name === "desk-operator");
  await done("privacy-officer", "POST", `/api/incidents/${incidentNo}/desk`, {
    name: "窓口",
    phone: "",
    mail: "",
    hours: "",
    page: "",
    invite: [],
    accountNos: operators.map((caller) => caller.accountNo),
    until: new Date(Date.now() + 5 * 86_400_000).toISOString(),
  });
  const { caseNo } = await done(operators[0] as Caller, "POST", `/api/incident-desks/${incidentNo}/cases`, { channel: "call", caller: "self" });
  const guesses: readonly [readonly (Name | Caller)[], number, string, (no: number) => string, object?][] = [
    [["manager", "sales", "auditor", "system-administrator", "office"], draftNo, "GET", (no) => `/api/incident-drafts/${no}`],
    [["manager", "sales", "auditor", "office"], preventionNo as number, "POST", (no) => `/api/preventions/${no}/carried-out`, { version: 1, note: "x" }],
    [["privacy-officer"], questionNo as number, "DELETE", (no) => `/api/ledger/questions/${no}`],
    [["sales", "auditor"], waiting["requestNo"] as number, "POST", (no) => `/api/approvals/${no}/withdraw`],
    [["sales", "office", "system-administrator"], waiting["requestNo"] as number, "POST", (no) => `/api/approvals/${no}/decide`, { decision: "approve" }],
    [[...staff.slice(1), operators[1] as Caller], event?.eventNo as number, "POST", (no) => `/api/ledger/own/${no}/shown`, {}],
    [staff.slice(1), event?.eventNo as number, "POST", () => "/api/ledger/own/replay", { eventNo: event?.eventNo }],
    [["sales", "office", "auditor", "system-administrator"], incidentNo, "GET", (no) => `/api/incidents/${no}`],
    [["sales", "office", "auditor", "manager"], incidentNo, "POST", (no) => `/api/incidents/${no}/scope`, { causes: [] }],
    [[operators[1] as Caller], caseNo as number, "GET", (no) => `/api/incident-desk-cases/${no}`],
    [[operators[1] as Caller], caseNo as number, "POST", (no) => `/api/incident-desk-cases/${no}/entries`, { kind: "note", text: "x" }],
    [[operators[1] as Caller], caseNo as number, "POST", (no) => `/api/incident-desk-cases/${no}/call-back/reached`, { isPerson: true }],
  ];
  for (const [callers, no, method, url, body] of guesses) {
    for (const who of callers) {
      const withNo = (one: number): object | undefined => (body !== undefined && "eventNo" in body ? { eventNo: one } : body);
      const [theirs, none] = [await ask(who, method, url(no), withNo(no)), await ask(who, method, url(nobodys), withNo(nobodys))];
      expect([url(no), typeof who === "string" ? who : "operator", theirs.status >= 403]).toEqual([url(no), typeof who === "string" ? who : "operator", true]);
      expect([url(0), told(theirs)]).toEqual([url(0), told(none)]);
    }
  }
  // The same requests do answer whoever has the right.
  expect((await ask("system-administrator", "POST", `/api/preventions/${preventionNo}/carried-out`, { version: 1, note: "済" })).status).toBe(200);
  expect((await ask(operators[0] as Caller, "GET", `/api/incident-desk-cases/${caseNo}`)).status).toBe(200);
  expect((await ask("privacy-officer", "POST", `/api/approvals/${waiting["requestNo"]}/withdraw`)).status).toBe(200);
}, 30_000);

test("what was closed does not change without being opened again: nobody is moved, nothing is worded anew", async () => {
  const no = await open();
  const { runNo } = await done("privacy-officer", "POST", `/api/incidents/${no}/scope`, {
    causes: [{ kind: "account", values: [callerOf("sales").accountNo] }],
  });
  const body = { customerNos: [house.customerNos[0]], tier: "confirmed", reason: "本人の申し出" };
  const move = (): Promise<Reply> => ask("privacy-officer", "POST", `/api/incidents/${no}/scope/runs/${runNo}/move`, body);
  const word = (): Promise<Reply> => ask("privacy-officer", "PUT", `/api/incidents/${no}/drafts/press/passages/text.lead`, { text: "お知らせします。" });
  expect([(await move()).status, (await word()).status]).toEqual([200, 200]);
  const { version } = await done("privacy-officer", "PATCH", `/api/incidents/${no}`, { version: 1, isClosed: true });
  for (const reply of [await move(), await word()]) expect(reply.body).toMatchObject({ code: "conflict", facts: { reason: "incident-closed" } });
  await done("privacy-officer", "PATCH", `/api/incidents/${no}`, { version, isClosed: false });
  expect((await move()).status).toBe(200);
});

test("a file whose name holds control characters, or half a character, is not taken in anywhere; a strange but whole one is", async () => {
  const no = await open();
  const send = (url: string, name: string): Promise<Reply> =>
    ask("privacy-officer", "POST", url, Buffer.from("氏名\r\n山田 太郎\r\n"), { "content-type": "application/octet-stream", "x-file-name": name });
  for (const url of [`/api/incidents/${no}/matches`, `/api/incidents/${no}/evidence/brought`]) {
    for (const name of ["a%00.csv", "a%0D%0Ab.csv", "a%1B%5B2J.csv", "%ED%A0%80.csv", "%E2%82", "%20", ""]) {
      expect([name, (await send(url, name)).body]).toMatchObject([name, { code: "invalid-input", facts: { field: "x-file-name" } }]);
    }
    expect((await send(url, encodeURIComponent("../../名簿 (最終)𠮷.csv"))).status).toBe(200);
  }
});

test("the form for reports counts by the connection: no header gives a stranger more", async () => {
  const report = (nth: number): Promise<Reply> =>
    request(house, {
      method: "POST",
      url: "/api/incident-reports",
      body: { text: "見知らぬ人が名簿を持っている", contact: "" },
      headers: { "x-forwarded-for": `10.0.0.${nth}`, forwarded: `for=10.0.1.${nth}`, "x-real-ip": `10.0.2.${nth}`, "user-agent": `agent ${nth}` },
    });
  const statuses: number[] = [];
  for (let nth = 1; nth <= 6; nth += 1) statuses.push((await report(nth)).status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
});

test("who holds a whole network of IPv6 is one stranger, and does not shut the others out", async () => {
  const report = async (remoteAddress: string): Promise<number> =>
    (
      await house.app.inject({
        method: "POST",
        url: "/api/incident-reports",
        remoteAddress,
        headers: { "x-kuraban": "1", "user-agent": "test" },
        payload: { text: "見知らぬ人が名簿を持っている", contact: "" },
      })
    ).statusCode;
  const statuses: number[] = [];
  for (let nth = 1; nth <= 7; nth += 1) statuses.push(await report(`2001:db8:0:1::${nth}:${nth}`));
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
  // A flood of those who are over the limit waits for nothing, and nobody waits for it.
  const lock = await house.database.owner.connect();
  try {
    await lock.query("begin");
    await lock.query("select pg_advisory_xact_lock(x'6b726570'::integer)");
    expect(new Set(await Promise.all(Array.from({ length: 30 }, (_, nth) => report(`2001:db8:0:1::ffff:${nth}`))))).toEqual(new Set([429]));
  } finally {
    await lock.query("rollback");
    lock.release();
  }
  expect([await report("2001:db8:0:2::1"), await report("::ffff:192.0.2.77"), await report("::ffff:192.0.2.78")]).toEqual([200, 200, 200]);
});

test("a desk is closed, and a term ended, also where an operator was disabled meanwhile", async () => {
  const no = await open();
  const [first, second] = house.callers.filter((caller) => caller.name === "desk-operator") as [Caller, Caller];
  const desk = { name: "窓口", phone: "", mail: "", hours: "", page: "", invite: [], accountNos: [first.accountNo, second.accountNo] };
  await done("privacy-officer", "POST", `/api/incidents/${no}/desk`, { ...desk, until: new Date(Date.now() + 5 * 86_400_000).toISOString() });
  await house.database.owner.query("update accounts set state = 'disabled' where account_no = $1", [first.accountNo]);
  await done("privacy-officer", "PUT", `/api/incidents/${no}/desk/operators/${first.accountNo}`, { until: null });
  await done("privacy-officer", "POST", `/api/incidents/${no}/desk/close`);
  expect((await ask(second, "GET", `/api/incident-desks/${no}/scripts`)).status).toBeGreaterThanOrEqual(401);
});
