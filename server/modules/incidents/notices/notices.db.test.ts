import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import type * as drafts from "#shared/incident-drafts.ts";
import { whileHeld } from "#tests/support/hold-row.ts";
import { openNoticeHouse } from "#tests/support/notice-house.ts";
import type { Reply } from "#tests/support/request.ts";
import { letterNumber } from "./letter-number.ts";

const { house, smtp, mail, officer, manager, sales, mailSettings, ask, run, list, people, eventsOf, ready, decide, plan, find, begin, outcomesOf, close } =
  await openNoticeHouse();
afterAll(close);

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
  expect(mail.taken).toEqual([]);
  // A plan that came to nothing keeps nobody from the next one; one that stands does.
  const second = await plan(no);
  expect((await ask(officer, "POST", `/api/incidents/${no}/notices`, {})).body).toMatchObject({ code: "not-ready", facts: { reason: "nobody" } });
  await ask(officer, "POST", `/api/incident-notices/${second}/withdraw`, {});
  for (const who of [manager, sales]) expect((await ask(who, "GET", `/api/incidents/${no}/notices`)).status).toBe(403);
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
  mail.beforeAnswer = async ({ to }) => {
    // The message is there whole, and the line breaks before the server says so.
    if (to === "cut@example.jp") for (const connection of smtp.connections) (connection as unknown as { _socket: { destroy(): void } })._socket.destroy();
  };
  await begin(noticeNo);
  await run(noticeNo);
  mail.beforeAnswer = async () => undefined;
  expect(await outcomesOf(noticeNo)).toEqual({ 0: "mail sent", 1: "mail sent", 5: "mail refused", 6: "mail unsure" });
  expect((await people(noticeNo, { outcome: "refused" }))[0]).toMatchObject({ status: "5.1.1" });
  expect((await list(no)).notices[0]).toMatchObject({ state: "done", problem: null });
  const mails = mail.taken.filter(({ to }) => to === "p0@example.jp");
  expect(mails).toHaveLength(1);
  expect(mails[0]!.from).toMatch(/^bounce\+kb-[0-9a-v]{16}@kuraban\.example$/);
  const body = Buffer.from(mails[0]!.raw.split("\r\n\r\n").slice(1).join(""), "base64").toString("utf8");
  for (const text of ["宛名 0番 様", "別の方の資料を送りました"]) expect(body).toContain(text);
  expect(body).not.toContain("送付の対象");
  // Nothing is sent twice, whatever runs again.
  const before = mail.taken.length;
  await run(noticeNo);
  expect(mail.taken).toHaveLength(before);

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
  mail.later = "p8@example.jp";
  await expect(run(noticeNo)).rejects.toMatchObject({ code: "try-later" });
  expect(await outcomesOf(noticeNo)).toEqual({ 8: "mail planned", 9: "mail sent" });
  mail.later = "";
  await expect(run(noticeNo)).rejects.toMatchObject({ code: "try-later" });
  await house.database.owner.query("update incident_notice_people set at = at - interval '5 minutes' where notice_no = $1", [noticeNo]);
  await run(noticeNo);
  expect(await outcomesOf(noticeNo)).toEqual({ 8: "mail sent", 9: "mail sent" });
});

test("a node that is killed in the middle sends nothing twice and loses nobody", async () => {
  const indexes = [0, 1, 2, 8, 9, 10, 11];
  const no = await ready(indexes);
  const noticeNo = await plan(no);
  await begin(noticeNo);
  const from = mail.taken.length;
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
  mail.beforeAnswer = async () => {
    if (mail.taken.length < from + 3) return;
    node.kill("SIGKILL");
    await ended;
  };
  expect((await ended)[1]).toBe("SIGKILL");
  mail.beforeAnswer = async () => undefined;
  const third = mail.taken.at(-1)!.to;
  await run(noticeNo);
  const outcomes = await outcomesOf(noticeNo);
  expect(Object.values(outcomes).filter((one) => one === "mail unsure")).toHaveLength(1);
  expect(outcomes[third.slice(1, -"@example.jp".length)]).toBe("mail unsure");
  expect(Object.values(outcomes).filter((one) => one === "mail sent")).toHaveLength(indexes.length - 1);
  const received = mail.taken.slice(from).map(({ to }) => to);
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
  const mark = /kb-([0-9a-v]{16})@/.exec(mail.taken.at(-1)!.from)![1]!;
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
  const from = mail.taken.length;
  mail.beforeAnswer = async () => void (await ask(officer, "POST", `/api/incident-notices/${noticeNo}/stop`, {}));
  await run(noticeNo);
  mail.beforeAnswer = async () => undefined;
  expect(mail.taken).toHaveLength(from + 1);
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
  expect(mail.taken).toHaveLength(from + 3);
});

test("a drill sends nothing and opens nobody's address", async () => {
  const no = await ready([0, 1], true);
  const noticeNo = await plan(no);
  await begin(noticeNo);
  const from = mail.taken.length;
  await run(noticeNo);
  expect(await outcomesOf(noticeNo)).toEqual({ 0: "mail sent", 1: "mail sent" });
  expect(mail.taken).toHaveLength(from);
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
