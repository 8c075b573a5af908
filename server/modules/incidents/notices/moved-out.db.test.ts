import { afterAll, expect, test } from "vitest";
import type * as drafts from "#shared/incident-drafts.ts";
import { openNoticeHouse } from "#tests/support/notice-house.ts";
import type { Reply } from "#tests/support/request.ts";

const { mail, officer, manager, ask, run, list, eventsOf, ready, plan, begin, outcomesOf, moving, close } = await openNoticeHouse();
afterAll(close);

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
  const from = mail.taken.length;
  // The other of the two is opened already, and waits for its turn.
  mail.beforeAnswer = ({ to }) => move("excluded", to === "p0@example.jp" ? 8 : 0);
  await run(noticeNo);
  mail.beforeAnswer = async () => undefined;
  const told = mail.taken.slice(from).map(({ to }) => (to === "p0@example.jp" ? 0 : 8));
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
  mail.later = "p8@example.jp";
  mail.beforeLater = () => move("excluded", 8);
  await run(noticeNo);
  mail.later = "";
  mail.beforeLater = async () => undefined;
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
