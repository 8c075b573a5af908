import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { reads, writes, downloads } from "#server/core/door/index.ts";
import { accountRoutes, events as accountEvents } from "#server/modules/accounts/index.ts";
import { approvalRoutes, events as approvalEvents } from "#server/modules/approvals/index.ts";
import * as accounts from "#shared/accounts.ts";
import * as approvals from "#shared/approvals.ts";
import { endpoint, type BodyOf } from "#shared/endpoint.ts";
import * as contract from "#shared/measures.ts";
import * as session from "#shared/session.ts";
import { openTestHouse, type TestCaller, type TestHouse, type TestReply, type TestStaff } from "#tests/support/act.ts";
import { z } from "zod";
import { endMeasures } from "./end-measures.ts";
import { events, liftMeasureAs, measureApproval, measureRoutes, takeMeasureAs } from "./index.ts";

const look = endpoint({ method: "GET", path: "/api/test/look", access: "signed-in", summary: "Looks", reply: z.object({}) });
const change = endpoint({ method: "POST", path: "/api/test/change", access: "signed-in", summary: "Changes", reply: z.object({}) });
const takeOut = endpoint({ method: "POST", path: "/api/test/file", access: "signed-in", summary: "A file", reply: z.object({}), replyKind: "file" });

let house: TestHouse;
let officer: TestCaller;
let second: TestCaller;
let administrator: TestCaller;
let manager: TestCaller;
let seller: TestCaller;
const staff: Record<string, TestStaff> = {};
/** What happens while a file is being made. */
let meanwhile: () => Promise<unknown> = async () => undefined;

beforeAll(async () => {
  house = await openTestHouse({
    routes: [
      ...accountRoutes({ countReach: async () => 0 }),
      ...approvalRoutes([measureApproval]),
      ...measureRoutes(),
      reads(look, "test.arranged", async () => ({})),
      writes(change, "test.arranged", async () => ({})),
      downloads(
        takeOut,
        "test.arranged",
        async () => ({}),
        async () => {
          await meanwhile();
          return { bytes: Buffer.from("x"), type: "text/plain", name: "x.txt" };
        },
      ),
    ],
    events: [accountEvents, approvalEvents, events],
  });
  const departments = await house.database.owner.query<{ department_no: number }>(
    "with a as (insert into departments (name) values ('営業部') returning department_no) insert into departments (parent_no, name) select department_no, '東京営業所' from a returning department_no, parent_no",
  );
  const departmentNo = departments.rows[0]?.department_no as number;
  const add = async (name: string, role: string, where: number | null = null): Promise<TestCaller> => {
    staff[name] = await house.addStaff({ mail: `${name}@example.jp`, roles: [role], departmentNo: where });
    return house.signIn(staff[name] as TestStaff);
  };
  officer = await add("officer", "privacy-officer");
  second = await add("second", "privacy-officer");
  administrator = await add("admin", "system-administrator");
  manager = await add("manager", "manager");
  seller = await add("seller", "sales", departmentNo);
});
afterAll(() => house.close());

/** Whatever a test left standing is lifted by the terminal's way. */
afterEach(async () => {
  meanwhile = async () => undefined;
  const { rows } = await house.database.owner.query<{ measure_no: number }>("select measure_no from measures where ended_at is null order by measure_no desc");
  for (const row of rows) {
    await house.act("measure.lifted", (context) => liftMeasureAs(context, row.measure_no)).catch(() => undefined);
  }
  await house.database.owner.query("update measures set taken_at = taken_at - interval '13 hours'");
  [officer, second, administrator] = [await stillIn("officer", officer), await stillIn("second", second), await stillIn("admin", administrator)];
  [manager, seller] = [await stillIn("manager", manager), await stillIn("seller", seller)];
});

type Given = Partial<BodyOf<typeof contract.takeMeasure>> & Pick<BodyOf<typeof contract.takeMeasure>, "kind">;
const body = (given: Given): BodyOf<typeof contract.takeMeasure> => ({
  target: "service",
  accountNo: null,
  roleKey: null,
  departmentNo: null,
  reason: "深夜の大量閲覧(田中 090-1111-2222)",
  incidentNo: null,
  isDrill: false,
  hours: null,
  waits: false,
  message: null,
  ...given,
});
const take = (caller: TestCaller, given: Given): Promise<TestReply<typeof contract.takeMeasure>> => caller.call(contract.takeMeasure, { body: body(given) });
const lift = (caller: TestCaller, measureNo: number): Promise<TestReply<typeof contract.liftMeasure>> =>
  caller.call(contract.liftMeasure, { params: { measureNo } });
const decide = (caller: TestCaller, requestNo: number | null, decision: "approve" | "refuse"): Promise<TestReply<typeof approvals.decideApproval>> =>
  caller.call(approvals.decideApproval, { params: { requestNo: requestNo as number }, body: { decision, comment: "" } });
const signInAnew = async (name: string): Promise<TestCaller> => {
  house.pass(30);
  return house.signIn(staff[name] as TestStaff);
};
const stillIn = async (name: string, caller: TestCaller): Promise<TestCaller> => ((await caller.call(look)).status === 200 ? caller : signInAnew(name));
const no = (name: string): number => (staff[name] as TestStaff).accountNo;

test("a cut ends every session of an account at the next request, and signing in again is open", async () => {
  expect((await seller.call(look)).status).toBe(200);
  const cut = await take(officer, { kind: "cut-sessions", target: "account", accountNo: no("seller") });
  expect(cut.reply).toMatchObject({ state: "done", sessionsCut: 1, requestNo: null });
  expect((await seller.call(look)).code).toBe("not-signed-in");
  seller = await signInAnew("seller");
  expect((await seller.call(look)).status).toBe(200);
  const [event] = await house.events(["measure.taken"]);
  expect(event?.facts).toMatchObject({ kind: "cut-sessions", target: "account", accountNo: no("seller"), sessionsCut: 1 });
  expect((await lift(officer, cut.reply.measureNo)).facts).toMatchObject({ reason: "measure-ended" });
});

test("a cut of everybody spares whoever acts, and asks a second person for their judgement", async () => {
  const cut = await take(officer, { kind: "cut-sessions", target: "everybody" });
  expect(cut.reply).toMatchObject({ state: "done", sessionsCut: 4 });
  expect(cut.reply.requestNo).not.toBeNull();
  expect((await officer.call(look)).status).toBe(200);
  for (const name of ["second", "admin", "manager", "seller"]) {
    const former = { second, admin: administrator, manager, seller }[name] as TestCaller;
    expect((await former.call(look)).code).toBe("not-signed-in");
  }
  second = await signInAnew("second");
  expect((await decide(second, cut.reply.requestNo, "approve")).status).toBe(200);
});

test("a frozen account cannot sign in with both factors right, is told so only then, and comes back when it is lifted", async () => {
  const frozen = await take(administrator, { kind: "freeze", target: "account", accountNo: no("seller") });
  expect(frozen.reply).toMatchObject({ state: "standing", accounts: 1, sessionsCut: 1 });
  expect((await seller.call(look)).code).toBe("not-signed-in");
  const visitor = house.visitor();
  expect((await visitor.call(session.presentPassword, { body: { mail: "seller@example.jp", password: "wrong-wrong-wrong" } })).code).toBe("wrong-credentials");
  house.pass(3600);
  await expect(signInAnew("seller")).rejects.toThrow("account-frozen");
  [officer, second, administrator, manager] = [await signInAnew("officer"), await signInAnew("second"), await signInAnew("admin"), await signInAnew("manager")];
  expect((await lift(officer, frozen.reply.measureNo)).reply).toEqual({ kind: "lifted" });
  seller = await signInAnew("seller");
  expect((await seller.call(look)).status).toBe(200);
});

test("nobody freezes themselves, and the last privacy officer is never frozen, not by role and not by department", async () => {
  expect((await take(officer, { kind: "freeze", target: "account", accountNo: no("officer") })).facts).toEqual({ reason: "oneself" });
  expect((await take(administrator, { kind: "freeze", target: "role", roleKey: "privacy-officer" })).facts).toEqual({ reason: "last-officer" });
  const one = await take(administrator, { kind: "freeze", target: "account", accountNo: no("second") });
  expect(one.status).toBe(200);
  expect((await take(administrator, { kind: "freeze", target: "account", accountNo: no("officer") })).facts).toEqual({ reason: "last-officer" });
  await lift(officer, one.reply.measureNo);
  second = await signInAnew("second");
  expect((await take(seller, { kind: "freeze", target: "account", accountNo: no("second") })).code).toBe("not-permitted");
});

test("who takes up a frozen role is frozen with it, and who leaves it is not any more", async () => {
  await take(officer, { kind: "freeze", target: "role", roleKey: "executive" });
  expect((await manager.call(look)).status).toBe(200);
  const setRoles = (roles: string[]): Promise<TestReply<typeof accounts.setAccountRoles>> =>
    administrator.call(accounts.setAccountRoles, { params: { accountNo: no("manager") }, body: { roles } });
  expect((await setRoles(["manager", "executive"])).status).toBe(200);
  expect((await manager.call(look)).code).toBe("not-signed-in");
  expect((await setRoles(["manager"])).status).toBe(200);
  expect((await manager.call(look)).status).toBe(200);
});

test("a department means everybody below it; above the policy's number it falls back after 30 minutes without a second person", async () => {
  const departmentNo = (await house.database.owner.query<{ no: number }>("select min(department_no) as no from departments where parent_no is null")).rows[0]
    ?.no as number;
  const alone = await officer.get(contract.previewMeasure, { body: { kind: "freeze", target: "department", departmentNo, accountNo: null, roleKey: null } });
  expect(alone).toMatchObject({ accounts: 1, needsSecond: false, refusal: null });
  await second.get(contract.changeMeasurePolicy, { body: { mostFrozenAlone: 0 } });
  const preview = await officer.get(contract.previewMeasure, { body: { kind: "freeze", target: "department", departmentNo, accountNo: null, roleKey: null } });
  expect(preview).toMatchObject({ accounts: 1, signedIn: 1, sessions: 1, needsSecond: true, confirmers: 2 });
  const frozen = await take(officer, { kind: "freeze", target: "department", departmentNo });
  expect(frozen.reply.state).toBe("provisional");
  expect((await seller.call(look)).code).toBe("not-signed-in");
  house.pass(27 * 60);
  await expect(signInAnew("seller")).rejects.toThrow("account-frozen");
  [officer, second] = [await signInAnew("officer"), await signInAnew("second")];
  seller = await signInAnew("seller");
  expect((await seller.call(look)).status).toBe(200);
  await endMeasures(house.storehouse);
  expect((await house.events(["measure.ended"]))[0]?.facts).toMatchObject({ measureNo: frozen.reply.measureNo, how: "unconfirmed" });
  expect((await decide(second, frozen.reply.requestNo, "approve")).facts).toMatchObject({ reason: "decided", state: "expired" });
  expect((await seller.call(look)).status).toBe(200);
  await second.get(contract.changeMeasurePolicy, { body: { mostFrozenAlone: 10 } });
});

test("a stop shuts out everybody but handlers, says its words to all, and a manager's yes makes it stand", async () => {
  const message = { messageJa: "不正アクセスの調査のため停止しています", messageEn: "Stopped for an inquiry", callBack: "内線 9999" };
  const stop = await take(officer, { kind: "stop", message });
  expect(stop.reply).toMatchObject({ state: "provisional" });
  expect((await seller.call(look)).code).toBe("service-stopped");
  expect((await manager.call(look)).code).toBe("service-stopped");
  expect((await administrator.call(look)).status).toBe(200);
  expect((await house.visitor().get(contract.showNotice)).stopped).toMatchObject({ ...message, until: stop.reply.confirmBy });
  expect(await seller.get(contract.showStanding)).toEqual({ exportsHeld: false, readOnly: false, stopped: "for-you" });
  expect(await second.get(contract.showStanding)).toMatchObject({ stopped: "for-others" });
  expect((await decide(officer, stop.reply.requestNo, "approve")).facts).toMatchObject({ reason: "own-request" });
  expect((await decide(manager, stop.reply.requestNo, "approve")).reply).toEqual({ kind: "approved" });
  house.pass(31 * 60);
  manager = await signInAnew("manager");
  expect((await manager.call(look)).code).toBe("service-stopped");
  officer = await signInAnew("officer");
  expect((await lift(officer, stop.reply.measureNo)).status).toBe(200);
  expect((await manager.call(look)).status).toBe(200);
  expect((await house.visitor().get(contract.showNotice)).stopped).toBeNull();
});

test("a refused stop ends at once, and one person takes it twice at most without a second person's yes", async () => {
  const first = await take(officer, { kind: "stop" });
  expect((await decide(manager, first.reply.requestNo, "refuse")).status).toBe(200);
  expect((await seller.call(look)).status).toBe(200);
  const again = await take(officer, { kind: "stop" });
  await lift(officer, again.reply.measureNo);
  expect((await second.get(approvals.listApprovals)).waiting.filter((one) => one.more["measureNo"] === again.reply.measureNo)).toEqual([]);
  expect((await take(officer, { kind: "stop" })).facts).toEqual({ reason: "unconfirmed-again" });
  expect((await take(administrator, { kind: "stop" })).status).toBe(200);
});

test("what waits for a second person has no effect until their yes", async () => {
  const stop = await take(officer, { kind: "stop", waits: true });
  expect(stop.reply.state).toBe("waiting");
  expect((await seller.call(look)).status).toBe(200);
  expect((await house.events(["measure.asked"]))[0]?.facts).toMatchObject({ measureNo: stop.reply.measureNo });
  await decide(second, stop.reply.requestNo, "approve");
  expect((await seller.call(look)).code).toBe("service-stopped");
});

test("whoever is to be frozen neither sees the request nor judges it; whoever is not, does", async () => {
  await second.get(contract.changeMeasurePolicy, { body: { mostFrozenAlone: 0 } });
  const asked = await take(officer, { kind: "freeze", target: "role", roleKey: "manager", waits: true });
  expect(asked.reply.state).toBe("waiting");
  expect((await manager.get(approvals.listApprovals)).waiting).toEqual([]);
  for (const decision of ["refuse", "approve"] as const) expect((await decide(manager, asked.reply.requestNo, decision)).code).toBe("not-found");
  expect((await second.get(approvals.listApprovals)).waiting.map((one) => one.requestNo)).toEqual([asked.reply.requestNo]);
  expect((await decide(second, asked.reply.requestNo, "approve")).status).toBe(200);
  expect((await manager.call(look)).code).toBe("not-signed-in");
  await second.get(contract.changeMeasurePolicy, { body: { mostFrozenAlone: 10 } });
});

test("accounts frozen one by one count together: beyond the policy's number each falls back without a second person", async () => {
  await second.get(contract.changeMeasurePolicy, { body: { mostFrozenAlone: 2 } });
  const freeze = (caller: TestCaller, name: string): Promise<TestReply<typeof contract.takeMeasure>> =>
    take(caller, { kind: "freeze", target: "account", accountNo: no(name) });
  const first = await freeze(administrator, "seller");
  expect([first.reply.state, (await freeze(administrator, "manager")).reply.state]).toEqual(["standing", "standing"]);
  const third = { kind: "freeze", target: "account", accountNo: no("second"), roleKey: null, departmentNo: null } as const;
  expect(await administrator.get(contract.previewMeasure, { body: third })).toMatchObject({ needsSecond: true });
  // Somebody else's are theirs; what was lifted harms nobody any more, and the same account twice is one.
  expect(await officer.get(contract.previewMeasure, { body: third })).toMatchObject({ needsSecond: false });
  expect((await freeze(administrator, "seller")).reply.state).toBe("standing");
  expect((await freeze(administrator, "second")).reply).toMatchObject({ state: "provisional", requestNo: expect.any(Number) });
  await lift(officer, first.reply.measureNo);
  await house.database.owner.query("update organisation set most_frozen_alone = 10");
});

test("read-only refuses what changes and lets read; a hold refuses files and lets both; each ends at its hour by itself", async () => {
  await take(officer, { kind: "read-only", hours: 1 });
  expect((await seller.call(look)).status).toBe(200);
  expect((await seller.call(change)).code).toBe("read-only");
  expect((await officer.call(change)).code).toBe("read-only");
  house.pass(3601);
  [officer, seller] = [await signInAnew("officer"), await signInAnew("seller")];
  expect((await seller.call(change)).status).toBe(200);
  await endMeasures(house.storehouse);
  expect((await house.events(["measure.ended"]))[0]?.facts).toMatchObject({ kind: "read-only", how: "over" });
  const file = (): Promise<{ statusCode: number }> =>
    house.app.inject({
      method: "POST",
      url: takeOut.path,
      headers: { "x-kuraban": "1", cookie: [...seller.cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
      payload: {},
    });
  expect((await file()).statusCode).toBe(200);
  const held = await take(officer, { kind: "hold-exports" });
  expect((await seller.call(takeOut)).code).toBe("exports-held");
  expect((await seller.call(change)).status).toBe(200);
  await lift(officer, held.reply.measureNo);
  expect((await file()).statusCode).toBe(200);
});

test("a file that was being made when the hold came, or whose session was cut meanwhile, does not leave", async () => {
  meanwhile = () => take(officer, { kind: "hold-exports" });
  expect((await seller.call(takeOut)).code).toBe("exports-held");
  meanwhile = async () => undefined;
  expect((await seller.call(takeOut)).code).toBe("exports-held");
  const { measures } = await officer.get(contract.listMeasures);
  await lift(officer, measures.find((one) => one.kind === "hold-exports" && one.state === "standing")?.measureNo as number);
  meanwhile = () => take(officer, { kind: "cut-sessions", target: "account", accountNo: no("seller") });
  expect((await seller.call(takeOut)).code).toBe("not-signed-in");
  expect((await house.events(["test.arranged"]))[0]?.outcome).toBe("refused");
});

test("lists are withdrawn only while exports are held, and given back only while they are", async () => {
  expect((await take(officer, { kind: "withdraw-lists" })).facts).toEqual({ reason: "not-held" });
  const hold = await take(officer, { kind: "hold-exports" });
  const withdrawn = await take(officer, { kind: "withdraw-lists" });
  const at = async (): Promise<boolean> =>
    (await house.database.owner.query<{ is: boolean }>("select lists_withdrawn_at = '-infinity' as is from organisation")).rows[0]?.is as boolean;
  expect(await at()).toBe(false);
  await lift(officer, withdrawn.reply.measureNo);
  expect(await at()).toBe(true);
  const again = await take(officer, { kind: "withdraw-lists" });
  await lift(officer, hold.reply.measureNo);
  expect((await lift(officer, again.reply.measureNo)).facts).toEqual({ reason: "not-held" });
  expect(await at()).toBe(false);
});

test("a drill is recorded and has no effect", async () => {
  const drill = await take(officer, { kind: "stop", isDrill: true });
  expect(drill.reply).toMatchObject({ state: "standing", requestNo: null });
  expect((await seller.call(look)).status).toBe(200);
  expect((await house.events(["measure.taken"]))[0]?.facts).toMatchObject({ isDrill: true });
});

test("the terminal stops and lifts by itself, with an alarm", async () => {
  const { actAs } = await import("#server/core/door/index.ts");
  const stop = await actAs(house.storehouse, "console", "measure.taken", crypto.randomUUID(), (context) => takeMeasureAs(context, body({ kind: "stop" })));
  expect((await seller.call(look)).code).toBe("service-stopped");
  expect((await house.events(["measure.taken"]))[0]).toMatchObject({ principal: "console", facts: { alarm: true } });
  await actAs(house.storehouse, "console", "measure.lifted", crypto.randomUUID(), (context) => liftMeasureAs(context, stop.measureNo));
  expect((await seller.call(look)).status).toBe(200);
});

test("what was typed as a reason stands nowhere in clear, and whoever takes measures reads it", async () => {
  await take(officer, { kind: "hold-exports" });
  const { measures } = await second.get(contract.listMeasures);
  expect(measures[0]).toMatchObject({ reason: "深夜の大量閲覧(田中 090-1111-2222)", takenBy: no("officer"), mayLift: true });
  const { rows } = await house.database.owner.query<{ row: string }>("select measures::text as row from measures");
  expect(rows.map((row) => row.row).join()).not.toMatch(/090-1111|田中/);
});
