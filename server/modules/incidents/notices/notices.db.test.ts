import { spawn } from "node:child_process";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SMTPServer } from "smtp-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { causes } from "#server/app/modules.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as contract from "#shared/incident-notices.ts";
import type * as drafts from "#shared/incident-drafts.ts";
import { whileHeld } from "#tests/support/hold-row.ts";
import { request, type Reply } from "#tests/support/request.ts";
import { openSeededHouse, type Caller, type SeededHouse } from "#tests/support/seeded-house.ts";
import { verifyScope } from "../scope/index.ts";
import { findWays } from "./find-ways.ts";
import { letterNumber } from "./letter-number.ts";
import { sendNotice } from "./send-mails.ts";

/** What stands in the records of the seeded people, by their index. */
function valuesOf(index: number): Readonly<Record<string, string | null>> {
  const name = { fullName: `宛名 ${index}番` };
  const address = { postalCode: "1000001", address: `東京都千代田区千代田1-${index}` };
  switch (index) {
    case 3:
      return { ...name, ...address };
    case 4:
      return name;
    case 5:
      return { ...name, ...address, mail: "refuse@example.jp" };
    case 6:
      return { ...name, ...address, mail: "cut@example.jp" };
    case 7:
      return { ...name, ...address, mail: "suspended@example.jp" };
    default:
      return { ...name, ...address, mail: `p${index}@example.jp` };
  }
}

interface Taken {
  readonly to: string;
  readonly from: string;
  readonly raw: string;
}
const taken: Taken[] = [];
/** Whom the mail server does not take for now. */
let later = "";
let beforeLater: () => Promise<void> = async () => undefined;
/** Called with each message before it is answered; a message is not answered while it waits. */
let beforeAnswer: (message: Taken) => Promise<void> = async () => undefined;

let house: SeededHouse;
let smtp: SMTPServer;
let officer: Caller, manager: Caller, sales: Caller;
beforeAll(async () => {
  house = await openSeededHouse([["privacy-officer"], ["manager"], ["sales"]], { unowned: 9, far: 0, valuesOf });
  [officer, manager, sales] = house.callers as [Caller, Caller, Caller];
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onRcptTo({ address }, _session, done) {
      if (address === later) void beforeLater().then(() => done(Object.assign(new Error("4.7.1 greylisted, try later"), { responseCode: 451 })));
      else done(address.startsWith("refuse") ? Object.assign(new Error("5.1.1 no such user here"), { responseCode: 550 }) : null);
    },
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on("data", (part: Buffer) => parts.push(part));
      stream.on("end", () => {
        const { mailFrom, rcptTo } = session.envelope;
        const message = { to: rcptTo[0]?.address ?? "", from: mailFrom === false ? "" : mailFrom.address, raw: Buffer.concat(parts).toString("utf8") };
        taken.push(message);
        void beforeAnswer(message).then(() => done());
      });
    },
  });
  smtp.on("error", () => undefined);
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  expect((await ask(officer, "PUT", "/api/notice-mail", mailSettings())).status).toBe(200);
  const suspended = house.customerNos[7]!;
  expect((await ask(officer, "POST", `/api/customers/${suspended}/suspend`, { reason: "本人の申し出" })).status).toBe(200);
});
afterAll(async () => {
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
  await house.close();
});

const port = (): number => (smtp.server.address() as AddressInfo).port;
const mailSettings = (): Record<string, unknown> => ({
  host: "127.0.0.1",
  port: port(),
  security: "none",
  user: "",
  from: "notice@kuraban.example",
  replyTo: "desk@kuraban.example",
  bounceTo: "bounce@kuraban.example",
  isTagged: true,
});
const ask = (who: Caller, method: string, url: string, body?: unknown): Promise<Reply> =>
  request(house, { method, url, cookie: who.cookie, ...(body === undefined ? {} : { body }) });
const run = (noticeNo: number): Promise<void> => sendNotice(house.open.storehouse, { payload: { noticeNo }, signal: new AbortController().signal });
const list = async (no: number) => (await ask(officer, "GET", `/api/incidents/${no}/notices`)).body as unknown as ReplyOf<typeof contract.listNotices>;
const people = async (noticeNo: number, more: object = {}) =>
  (
    (await ask(officer, "POST", `/api/incident-notices/${noticeNo}/people`, { limit: 100, ...more })).body as unknown as ReplyOf<
      typeof contract.listNoticePeople
    >
  ).people;
const eventsOf = async (type: string) => (await listEvents(house.database.app, { types: [type], limit: 50 })).events.filter(({ outcome }) => outcome === "ok");

/** An incident with an approved notice paper and a scope that names these people and verifies. */
async function ready(indexes: readonly number[], isDrill = false): Promise<number> {
  const knownAt = new Date(house.open.storehouse.clock().getTime() - 3_600_000).toISOString();
  const no = Number(
    (await ask(officer, "POST", "/api/incidents", { playbook: "misdirected", isDrill, knownAt, what: "宛先を誤って送信した" })).body["incidentNo"],
  );
  await ask(officer, "POST", `/api/incidents/${no}/facts`, { key: "outline.summary", value: "別の方の資料を送りました", certainty: "confirmed" });
  const [draft] = (await ask(officer, "POST", `/api/incidents/${no}/drafts`, { papers: ["person-notice"] })).body["made"] as drafts.DraftHead[];
  const asked = await ask(officer, "POST", `/api/incident-drafts/${draft!.draftNo}/approval`, {});
  await decide(asked.body["requestNo"]);
  const named = [{ kind: "people", values: indexes.map((index) => house.customerNos[index]!) }];
  const scope = await ask(officer, "POST", `/api/incidents/${no}/scope`, { causes: named });
  await house.open.sequencer.sequenceNow();
  expect(await verifyScope(house.open.storehouse, Number(scope.body["runNo"]), { causes })).toBe("holds");
  return no;
}
async function decide(requestNo: unknown, decision = "approve"): Promise<void> {
  expect((await ask(manager, "POST", `/api/approvals/${Number(requestNo)}/decide`, { decision })).status).toBe(200);
}
async function plan(no: number, body: object = {}): Promise<number> {
  const reply = await ask(officer, "POST", `/api/incidents/${no}/notices`, { mailsPerMinute: 6_000, ...body });
  expect(reply.status).toBe(200);
  const noticeNo = Number(reply.body["noticeNo"]);
  await find(noticeNo);
  return noticeNo;
}
const find = (noticeNo: number, signal = new AbortController().signal, atOnce?: number): Promise<void> =>
  findWays(house.open.storehouse, { payload: { noticeNo }, signal }, atOnce);
async function begin(noticeNo: number): Promise<void> {
  await decide((await ask(officer, "POST", `/api/incident-notices/${noticeNo}/approval`, {})).body["requestNo"]);
  expect((await ask(officer, "POST", `/api/incident-notices/${noticeNo}/start`, {})).status).toBe(200);
}
const outcomesOf = async (noticeNo: number): Promise<Record<string, string>> =>
  Object.fromEntries((await people(noticeNo)).map((one) => [String(house.customerIndex.get(one.customerNo)), `${one.way} ${one.outcome}`]));

test("who is told by which way is worked out first, and nothing leaves before a second person said yes", async () => {
  const no = await ready([0, 3, 4, 7]);
  const noticeNo = await plan(no);
  expect(await outcomesOf(noticeNo)).toEqual({ 0: "mail planned", 3: "letter planned", 4: "none substitute", 7: "letter planned" });
  expect((await list(no)).notices[0]).toMatchObject({ state: "planned", suspended: 1, already: 0, gone: 0 });
  for (const [act, body] of [
    ["start", {}],
    ["letters", { partNo: 1 }],
  ] as const) {
    expect((await ask(officer, "POST", `/api/incident-notices/${noticeNo}/${act}`, body)).body).toMatchObject({ code: "awaits-approval" });
  }
  const asked = await ask(officer, "POST", `/api/incident-notices/${noticeNo}/approval`, { reason: "本人への通知" });
  await run(noticeNo);
  expect((await ask(officer, "POST", `/api/approvals/${Number(asked.body["requestNo"])}/decide`, { decision: "approve" })).status).toBe(403);
  await decide(asked.body["requestNo"], "refuse");
  expect((await ask(officer, "POST", `/api/incident-notices/${noticeNo}/start`, {})).status).toBe(409);
  expect(taken).toEqual([]);
  // A plan that came to nothing keeps nobody from the next one; one that stands does.
  const second = await plan(no);
  expect((await ask(officer, "POST", `/api/incidents/${no}/notices`, {})).body).toMatchObject({ code: "not-ready", facts: { reason: "nobody" } });
  await ask(officer, "POST", `/api/incident-notices/${second}/withdraw`, {});
  for (const who of [manager, sales]) expect((await ask(who, "GET", `/api/incidents/${no}/notices`)).status).toBe(403);
});

test("who was moved out since is not told: the notice is neither approved nor begun until it is put together anew", async () => {
  const no = await ready([0, 3]);
  const moveThird = await moving(no);
  const move = (tier: string): Promise<void> => moveThird(tier, 3);
  const moved = { code: "conflict", facts: { reason: "people-moved", people: 1 } };
  const noticeNo = await plan(no);
  const asked = await ask(officer, "POST", `/api/incident-notices/${noticeNo}/approval`, {});
  const approve = (): Promise<Reply> => ask(manager, "POST", `/api/approvals/${Number(asked.body["requestNo"])}/decide`, { decision: "approve" });
  await move("excluded");
  expect((await approve()).body).toMatchObject(moved);
  await move("confirmed");
  expect((await approve()).status).toBe(200);
  await move("excluded");
  expect((await ask(officer, "POST", `/api/incident-notices/${noticeNo}/start`, {})).body).toMatchObject(moved);
  await ask(officer, "POST", `/api/incident-notices/${noticeNo}/withdraw`, {});
  expect(await outcomesOf(await plan(no))).toEqual({ 0: "mail planned" });
});

test("of a withdrawal and a yes at the same moment the first holds, and neither waits for the other for ever", async () => {
  const no = await ready([0]);
  for (const order of ["withdraw", "approve"]) {
    const noticeNo = await plan(no);
    const { requestNo } = (await ask(officer, "POST", `/api/incident-notices/${noticeNo}/approval`, {})).body as { requestNo: number };
    const approve = (): Promise<Reply> => ask(manager, "POST", `/api/approvals/${requestNo}/decide`, { decision: "approve" });
    const withdraw = (): Promise<Reply> => ask(officer, "POST", `/api/incident-notices/${noticeNo}/withdraw`, {});
    const held = { sql: "select from incident_notices where notice_no = $1", values: [noticeNo] };
    const done = await whileHeld(house.database, held, order === "withdraw" ? [withdraw, approve] : [approve, withdraw]);
    expect(done.map(({ status }) => status)).toEqual(order === "withdraw" ? [200, 409] : [200, 200]);
    expect((await list(no)).notices.find((one) => one.noticeNo === noticeNo)?.state).toBe("withdrawn");
  }
});

test("ways are found by a job: one that falls in the middle is taken up where it stood, and nobody comes twice or is left out", async () => {
  const indexes = [0, 1, 3, 4, 7, 8, 9];
  const no = await ready(indexes);
  const noticeNo = Number((await ask(officer, "POST", `/api/incidents/${no}/notices`, {})).body["noticeNo"]);
  expect((await list(no)).notices[0]).toMatchObject({ state: "planning", toPlan: indexes.length, counts: [] });
  for (const act of ["approval", "start"]) expect((await ask(officer, "POST", `/api/incident-notices/${noticeNo}/${act}`, {})).status).toBe(409);
  expect((await ask(officer, "POST", `/api/incidents/${no}/notices`, {})).body).toMatchObject({ code: "not-ready", facts: { reason: "being-planned" } });

  let looks = 0;
  const falls = { throwIfAborted: () => void (looks++ === 2 ? expect.fail("killed") : undefined) } as unknown as AbortSignal;
  await expect(find(noticeNo, falls, 2)).rejects.toThrow("killed");
  expect((await list(no)).notices[0]).toMatchObject({ state: "planning", toPlan: 3 });
  await house.database.owner.query("update accounts set frozen_until = now() + interval '1 day' where account_no = $1", [officer.accountNo]);
  await find(noticeNo);
  await house.database.owner.query("update accounts set frozen_until = '-infinity' where account_no = $1", [officer.accountNo]);
  expect((await list(no)).notices[0]).toMatchObject({ state: "planning", toPlan: 3, problem: "account" });
  await Promise.all([find(noticeNo, undefined, 2), find(noticeNo, undefined, 2)]);
  expect((await list(no)).notices[0]).toMatchObject({ state: "planned", toPlan: 0, suspended: 1, problem: null });
  expect(await outcomesOf(noticeNo)).toEqual({
    ...{ 0: "mail planned", 1: "mail planned", 3: "letter planned", 4: "none substitute" },
    ...{ 7: "letter planned", 8: "mail planned", 9: "mail planned" },
  });
  const parts = await house.database.owner.query("select count(distinct part_no) as parts from incident_notice_people where notice_no = $1", [noticeNo]);
  expect(Number(parts.rows[0]["parts"])).toBe(1);
  const [planned] = await eventsOf("incident.notice-planned");
  expect(planned).toMatchObject({ principal: "system", facts: { noticeNo, accountNo: officer.accountNo, people: 7, mail: 4, letter: 2, none: 1 } });
  expect((await eventsOf("incident.notice-ways-found")).reduce((sum, { facts }) => sum + Number(facts["people"]), 0)).toBeGreaterThanOrEqual(4);

  await ask(officer, "POST", `/api/incident-notices/${noticeNo}/withdraw`, {});
  const second = Number((await ask(officer, "POST", `/api/incidents/${no}/notices`, {})).body["noticeNo"]);
  await ask(officer, "POST", `/api/incident-notices/${second}/withdraw`, {});
  await find(second);
  expect((await list(no)).notices[0]).toMatchObject({ noticeNo: second, state: "withdrawn", toPlan: 0, counts: [] });
});

test("each mail leaves once, through the door; a refused address and a broken connection are told apart", async () => {
  const no = await ready([0, 1, 5, 6]);
  const noticeNo = await plan(no);
  beforeAnswer = async ({ to }) => {
    // The message is there whole, and the line breaks before the server says so.
    if (to === "cut@example.jp") for (const connection of smtp.connections) (connection as unknown as { _socket: { destroy(): void } })._socket.destroy();
  };
  await begin(noticeNo);
  await run(noticeNo);
  beforeAnswer = async () => undefined;
  expect(await outcomesOf(noticeNo)).toEqual({ 0: "mail sent", 1: "mail sent", 5: "mail refused", 6: "mail unsure" });
  expect((await people(noticeNo, { outcome: "refused" }))[0]).toMatchObject({ status: "5.1.1" });
  expect((await list(no)).notices[0]).toMatchObject({ state: "done", problem: null });
  const mails = taken.filter(({ to }) => to === "p0@example.jp");
  expect(mails).toHaveLength(1);
  expect(mails[0]!.from).toMatch(/^bounce\+kb-[0-9a-v]{16}@kuraban\.example$/);
  const body = Buffer.from(mails[0]!.raw.split("\r\n\r\n").slice(1).join(""), "base64").toString("utf8");
  for (const text of ["宛名 0番 様", "別の方の資料を送りました"]) expect(body).toContain(text);
  expect(body).not.toContain("送付の対象");
  // Nothing is sent twice, whatever runs again.
  const before = taken.length;
  await run(noticeNo);
  expect(taken).toHaveLength(before);

  const released = (await eventsOf("incident.mails-released")).filter(({ facts }) => facts["noticeNo"] === noticeNo);
  expect(released).toHaveLength(1);
  expect(released[0]).toMatchObject({ principal: "system", purpose: "person-request", facts: { accountNo: officer.accountNo, people: 4 } });
  const fields = released[0]!.releases.find(({ kind, fields: some }) => kind === "customer" && some.length > 0)!;
  expect([...fields.numbers].toSorted()).toEqual([0, 1, 5, 6].map((index) => house.customerNos[index]!).toSorted());
  expect(fields.fields.every(([, level]) => level === 2)).toBe(true);
  const said = (await eventsOf("incident.mails-sent")).find(({ facts }) => facts["noticeNo"] === noticeNo)!;
  expect(said.facts).toMatchObject({ sent: 2, refused: 1, unsure: 1 });

  // The final report tells it, with the event that it rests on.
  const report = (await ask(officer, "GET", `/api/incidents/${no}/drafts/final`)).body as unknown as drafts.PaperOut;
  const told = report.sections.flatMap((section) => section.entries).find(({ key }) => key === "response.method")!;
  expect(told.pieces).toEqual([{ kind: "plain", text: "本人に通知(法26条2項)。対象 4人。メール 4人(送信済み 2人、不達 1人、到達を確認できない 1人)。" }]);
  expect(told.evidence).toEqual([{ kind: "event", no: said.eventNo }]);
});

test("whom the mail server does not take for now is tried again later, and holds nobody else up", async () => {
  const no = await ready([8, 9]);
  const noticeNo = await plan(no);
  await begin(noticeNo);
  later = "p8@example.jp";
  await expect(run(noticeNo)).rejects.toMatchObject({ code: "try-later" });
  expect(await outcomesOf(noticeNo)).toEqual({ 8: "mail planned", 9: "mail sent" });
  later = "";
  await expect(run(noticeNo)).rejects.toMatchObject({ code: "try-later" });
  await house.database.owner.query("update incident_notice_people set at = at - interval '5 minutes' where notice_no = $1", [noticeNo]);
  await run(noticeNo);
  expect(await outcomesOf(noticeNo)).toEqual({ 8: "mail sent", 9: "mail sent" });
});

/** Moves people of an incident's newest run, by their indexes. */
async function moving(no: number): Promise<(tier: string, ...indexes: number[]) => Promise<void>> {
  const { runs } = (await ask(officer, "GET", `/api/incidents/${no}/scope/runs`)).body as { runs: { runNo: number }[] };
  return async (tier, ...indexes) => {
    const body = { customerNos: indexes.map((index) => house.customerNos[index]!), tier, reason: "別の宛先だった" };
    expect((await ask(officer, "POST", `/api/incidents/${no}/scope/runs/${runs[0]!.runNo}/move`, body)).status).toBe(200);
  };
}

test("who is moved out while it is being sent gets nothing, not even a mail about to leave, is told of as nobody told, and told when they come back", async () => {
  const no = await ready([0, 1, 3, 4, 8]);
  const move = await moving(no);
  const noticeNo = await plan(no);
  await begin(noticeNo);
  await move("excluded", 1, 3, 4);
  expect((await eventsOf("incident.scope-moved"))[0]?.facts).toMatchObject({ people: 3, outOfNotices: 3 });
  expect(await outcomesOf(noticeNo)).toEqual({ 0: "mail planned", 1: "mail moved", 3: "letter moved", 4: "none moved", 8: "mail planned" });
  expect((await list(no)).notices[0]?.parts).toEqual([]);
  expect((await ask(officer, "POST", `/api/incident-notices/${noticeNo}/letters`, { partNo: 1 })).status).toBe(404);
  const from = taken.length;
  // The other of the two is opened already, and waits for its turn.
  beforeAnswer = ({ to }) => move("excluded", to === "p0@example.jp" ? 8 : 0);
  await run(noticeNo);
  beforeAnswer = async () => undefined;
  const told = taken.slice(from).map(({ to }) => (to === "p0@example.jp" ? 0 : 8));
  expect(told).toHaveLength(1);
  expect(await outcomesOf(noticeNo)).toMatchObject({ [told[0]!]: "mail sent", [8 - told[0]!]: "mail moved" });
  const report = (await ask(officer, "GET", `/api/incidents/${no}/drafts/final`)).body as unknown as drafts.PaperOut;
  const said = report.sections.flatMap((section) => section.entries).find(({ key }) => key === "response.method")!;
  expect(said.pieces).toEqual([{ kind: "plain", text: "本人に通知(法26条2項)。対象 1人。メール 1人(送信済み 1人)。" }]);
  await move("confirmed", 0, 1, 3, 4, 8);
  const again = { 1: "mail planned", 3: "letter planned", 4: "none substitute", [8 - told[0]!]: "mail planned" };
  expect(await outcomesOf(await plan(no))).toEqual(again);
});

test("who is moved out while the mail server puts their mail off gets none later", async () => {
  const no = await ready([8, 9]);
  const move = await moving(no);
  const noticeNo = await plan(no);
  await begin(noticeNo);
  later = "p8@example.jp";
  beforeLater = () => move("excluded", 8);
  await run(noticeNo);
  later = "";
  beforeLater = async () => undefined;
  expect(await outcomesOf(noticeNo)).toEqual({ 8: "mail moved", 9: "mail sent" });
  expect((await list(no)).notices[0]).toMatchObject({ state: "done" });
});

test("who is moved out of a notice that is sent anew stands as missed again, and is sent none as long as the scope does not name them", async () => {
  const no = await ready([5]);
  const move = await moving(no);
  const first = await plan(no);
  await begin(first);
  await run(first);
  const second = await plan(no, { isAgain: true });
  await begin(second);
  expect(await outcomesOf(first)).toEqual({ 5: "mail replaced" });
  await move("excluded", 5);
  expect(await outcomesOf(first)).toEqual({ 5: "mail refused" });
  expect(await outcomesOf(second)).toEqual({ 5: "letter moved" });
  const anew = (): Promise<Reply> => ask(officer, "POST", `/api/incidents/${no}/notices`, { isAgain: true });
  expect((await anew()).body).toMatchObject({ code: "not-ready", facts: { reason: "nobody" } });
  await move("confirmed", 5);
  expect(await outcomesOf(await plan(no, { isAgain: true }))).toEqual({ 5: "letter planned" });
});

test("a node that is killed in the middle sends nothing twice and loses nobody", async () => {
  const indexes = [0, 1, 2, 8, 9, 10, 11];
  const no = await ready(indexes);
  const noticeNo = await plan(no);
  await begin(noticeNo);
  const from = taken.length;
  const node = spawn(
    process.execPath,
    [
      fileURLToPath(new URL("../../../../tests/support/send-notice-node.ts", import.meta.url)),
      join(house.folder, "other-node"),
      join(house.folder, "keys"),
      house.database.ownerUrl,
      String(noticeNo),
    ],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  const ended = once(node, "exit");
  beforeAnswer = async () => {
    if (taken.length < from + 3) return;
    node.kill("SIGKILL");
    await ended;
  };
  expect((await ended)[1]).toBe("SIGKILL");
  beforeAnswer = async () => undefined;
  const third = taken.at(-1)!.to;
  await run(noticeNo);
  const outcomes = await outcomesOf(noticeNo);
  expect(Object.values(outcomes).filter((one) => one === "mail unsure")).toHaveLength(1);
  expect(outcomes[third.slice(1, -"@example.jp".length)]).toBe("mail unsure");
  expect(Object.values(outcomes).filter((one) => one === "mail sent")).toHaveLength(indexes.length - 1);
  const received = taken.slice(from).map(({ to }) => to);
  expect(received.toSorted()).toEqual(indexes.map((index) => `p${index}@example.jp`).toSorted());
});

test("letters stand in a file with a number each; what comes back is told anew by the other way", async () => {
  const no = await ready([0, 3]);
  const noticeNo = await plan(no);
  await begin(noticeNo);
  await run(noticeNo);
  const drawn = await ask(officer, "POST", `/api/incident-notices/${noticeNo}/letters`, { partNo: 1 });
  const [letter] = await people(noticeNo, { way: "letter" });
  const text = drawn.bytes.toString("utf8");
  for (const part of ["宛名3番", "100-0001", "別の方の資料を送りました", letterNumber(letter!.personNo)]) expect(text).toContain(part);
  expect(letter).toMatchObject({ outcome: "printed", letterNumber: letterNumber(letter!.personNo) });
  const [event] = await eventsOf("incident.letters-drawn");
  expect(event).toMatchObject({ purpose: "person-request", accountNo: officer.accountNo });
  const on = house.open.storehouse.clock().toISOString().slice(0, 10);
  expect((await ask(officer, "POST", `/api/incident-notices/${noticeNo}/posted`, { partNo: 1, on })).body).toEqual({ letters: 1 });

  const back = await ask(officer, "POST", `/api/incidents/${no}/notices/returned`, { numbers: [letterNumber(letter!.personNo), "00000001-00", "99999999-78"] });
  expect((back.body["results"] as { outcome: string }[]).map(({ outcome }) => outcome)).toEqual(["returned", "misread", "misread"]);
  const mark = /kb-([0-9a-v]{16})@/.exec(taken.at(-1)!.from)![1]!;
  const bounced = bounce(`bounce+kb-${mark}@kuraban.example`);
  const absent = bounced.replace("Action: failed", "Action: delayed");
  const reply = await ask(officer, "POST", `/api/incidents/${no}/notices/bounces`, {
    messages: [absent, bounced, bounced, "no mail"].map((one) => Buffer.from(one).toString("base64")),
  });
  expect((reply.body["results"] as { outcome: string }[]).map(({ outcome }) => outcome)).toEqual(["delayed", "bounced", "already", "unknown"]);
  expect(await outcomesOf(noticeNo)).toEqual({ 0: "mail bounced", 3: "letter returned" });

  const again = await plan(no, { isAgain: true });
  expect(await outcomesOf(again)).toEqual({ 0: "letter planned", 3: "none substitute" });
  await begin(again);
  expect(await outcomesOf(noticeNo)).toEqual({ 0: "mail replaced", 3: "letter returned" });
  const [other] = await people(noticeNo, { outcome: "returned" });
  await ask(officer, "POST", `/api/incident-notices/${noticeNo}/reached`, { personNo: other!.personNo, isReached: true });
  expect((await people(noticeNo, { outcome: "reached" })).map((one) => one.personNo)).toEqual([other!.personNo]);
});

test("it stops when it is told to, when the mail server was changed, and when its account may no more", async () => {
  const no = await ready([0, 1, 2]);
  const noticeNo = await plan(no);
  await begin(noticeNo);
  const from = taken.length;
  beforeAnswer = async () => void (await ask(officer, "POST", `/api/incident-notices/${noticeNo}/stop`, {}));
  await run(noticeNo);
  beforeAnswer = async () => undefined;
  expect(taken).toHaveLength(from + 1);
  expect((await list(no)).notices[0]!.state).toBe("stopped");
  await ask(officer, "PUT", "/api/notice-mail", { ...mailSettings(), from: "other@kuraban.example" });
  expect((await ask(officer, "POST", `/api/incident-notices/${noticeNo}/start`, {})).body).toMatchObject({
    code: "not-ready",
    facts: { reason: "mail-changed" },
  });
  await ask(officer, "PUT", "/api/notice-mail", mailSettings());
  // Somebody whom nobody approved, slipped in around the product.
  const slip = (by: number): Promise<unknown> =>
    house.database.owner.query("update incident_notice_people set customer_no = customer_no + $2 where notice_no = $1", [noticeNo, by]);
  await slip(1_000);
  for (const [act, body] of [
    ["start", {}],
    ["letters", { partNo: 1 }],
  ] as const) {
    const refused = await ask(officer, "POST", `/api/incident-notices/${noticeNo}/${act}`, body);
    expect(refused.body).toMatchObject({ code: "conflict", facts: { reason: "changed" } });
  }
  await slip(-1_000);
  expect((await ask(officer, "POST", `/api/incident-notices/${noticeNo}/start`, {})).status).toBe(200);
  await house.database.owner.query("update accounts set frozen_until = now() + interval '1 day' where account_no = $1", [officer.accountNo]);
  await run(noticeNo);
  await house.database.owner.query("update accounts set frozen_until = '-infinity' where account_no = $1", [officer.accountNo]);
  expect((await list(no)).notices[0]).toMatchObject({ state: "stopped", problem: "account" });
  await ask(officer, "POST", `/api/incident-notices/${noticeNo}/start`, {});
  await run(noticeNo);
  expect(taken).toHaveLength(from + 3);
});

test("a drill sends nothing and opens nobody's address", async () => {
  const no = await ready([0, 1], true);
  const noticeNo = await plan(no);
  await begin(noticeNo);
  const from = taken.length;
  await run(noticeNo);
  expect(await outcomesOf(noticeNo)).toEqual({ 0: "mail sent", 1: "mail sent" });
  expect(taken).toHaveLength(from);
  const released = (await eventsOf("incident.mails-released")).find(({ facts }) => facts["noticeNo"] === noticeNo)!;
  expect(released.releases.every(({ fields }) => fields.length === 0)).toBe(true);
});

test("a test mail says whether the settings hold, and no password is ever shown", async () => {
  await ask(officer, "PUT", "/api/notice-mail", { ...mailSettings(), password: "secret of the mail" });
  const shown = await ask(officer, "GET", "/api/notice-mail");
  expect(shown.body["mail"]).toMatchObject({ hasPassword: true, host: "127.0.0.1" });
  expect(shown.bytes.toString("utf8")).not.toContain("secret of the mail");
  expect((await ask(officer, "POST", "/api/notice-mail/test", { to: "me@kuraban.example" })).body).toEqual({ outcome: "sent" });
  expect((await ask(officer, "POST", "/api/notice-mail/test", { to: "refuse@kuraban.example" })).body).toEqual({ outcome: "refused" });
  expect((await ask(officer, "PUT", "/api/notice-mail", { ...mailSettings(), host: "mail.example.jp" })).status).toBe(400);
  await ask(officer, "PUT", "/api/notice-mail", { ...mailSettings(), port: 1 });
  expect((await ask(officer, "POST", "/api/notice-mail/test", { to: "me@kuraban.example" })).body).toEqual({ outcome: "unreachable" });
  await ask(officer, "PUT", "/api/notice-mail", mailSettings());
});

test("the rows of a notice hold numbers and codes, and nobody's name or address", async () => {
  const { rows } = await house.database.owner.query<{ text: string }>(
    "select coalesce(string_agg(t::text, ' '), '') as text from (select p::text as t from incident_notice_people p union all select n::text from incident_notices n) all_rows",
  );
  expect(rows[0]!.text).toMatch(/mail,sent/);
  for (const value of ["宛名", "example.jp", "千代田"]) expect(rows[0]!.text).not.toContain(value);
});

function bounce(to: string): string {
  return [
    "From: MAILER-DAEMON@mx.example.jp (Mail Delivery System)",
    `To: ${to}`,
    "MIME-Version: 1.0",
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"',
    "",
    "--b1",
    "Content-Type: message/delivery-status",
    "",
    "Reporting-MTA: dns; mx.example.jp",
    "",
    "Final-Recipient: rfc822; somebody@example.jp",
    "Action: failed",
    "Status: 5.2.2",
    "",
    "--b1--",
    "",
  ].join("\r\n");
}
