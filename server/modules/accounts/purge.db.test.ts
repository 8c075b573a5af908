import { afterAll, beforeAll, expect, test } from "vitest";
import { openTestHouse, staffPassword, type TestCaller, type TestHouse, type TestStaff } from "#tests/support/act.ts";
import * as accounts from "#shared/accounts.ts";
import * as session from "#shared/session.ts";
import { accountRoutes, accountTasks, events } from "./index.ts";

let house: TestHouse;
let admin: TestStaff;
let asAdmin: TestCaller;
const day = 86_400;

beforeAll(async () => {
  house = await openTestHouse({ routes: accountRoutes({ countReach: async () => 0 }), events: [events] });
  admin = await house.addStaff({ mail: "admin@yamada-denki.example", roles: ["system-administrator"] });
  asAdmin = await house.signIn(admin);
});
afterAll(() => house.close());

const job = { payload: {}, attempt: 1, signal: AbortSignal.timeout(60_000), remember: async () => true };
async function purge(): Promise<Record<string, unknown>> {
  const task = accountTasks(house.storehouse)["accounts.purge"];
  expect(task?.everySeconds).toBe(day);
  await task?.run(job);
  const [event] = await house.events(["accounts.purged"]);
  return event?.facts ?? {};
}
const count = async (table: string): Promise<number> => (await house.database.owner.query(`select count(*)::integer as n from ${table}`)).rows[0].n;

test("a session is kept for thirty days after its end, however it ended", async () => {
  const staff = await house.addStaff({ mail: "seller@yamada-denki.example", roles: ["sales"] });
  await house.signIn(staff);
  const left = await house.signIn(staff);
  await left.get(session.signOut);
  expect(await count("sessions")).toBe(3);
  house.pass(29 * day);
  expect(await purge()).toMatchObject({ sessions: 0 });
  house.pass(day + 3600);
  asAdmin = await house.signIn(admin);
  expect(await purge()).toMatchObject({ sessions: 3 });
  expect(await count("sessions")).toBe(1);
  expect((await asAdmin.call(session.me)).status).toBe(200);
});

test("an invitation goes when it is used, void or expired, and a living one stays usable", async () => {
  const invite = async (mail: string) => asAdmin.get(accounts.inviteAccount, { body: { name: "新井 優子", mail, departmentNo: null, roles: [] } });
  const first = await invite("first@yamada-denki.example");
  const renewed = await asAdmin.get(accounts.resetFactor, { params: { accountNo: first.accountNo } });
  expect(await purge()).toMatchObject({ invitations: 1 });
  const token = renewed.kind === "done" ? renewed.invitationToken : "";
  expect((await house.visitor().call(session.openInvitation, { body: { token } })).status).toBe(200);
  house.pass(7 * day);
  expect(await purge()).toMatchObject({ invitations: 1 });
  expect(await count("invitations")).toBe(0);
});

test("a sign-in that stopped between password and code goes after its minutes", async () => {
  await house.visitor().get(session.presentPassword, { body: { mail: admin.mail, password: staffPassword } });
  expect(await purge()).toMatchObject({ loginSteps: 0 });
  house.pass(300);
  expect(await purge()).toMatchObject({ loginSteps: 1 });
});

test("failures are forgotten after a year, alike for addresses with and without an account; a final lock-out is not", async () => {
  const wrong = (mail: string) => house.visitor().call(session.presentPassword, { body: { mail, password: "not this one at all" } });
  const mails = [admin.mail, "nobody@yamada-denki.example"];
  for (const mail of mails) await wrong(mail);
  await house.database.owner.query("insert into login_failures values ('\\x00', 100, $1, $1)", [house.now()]);
  house.pass(364 * day);
  expect(await purge()).toMatchObject({ loginFailures: 0 });
  house.pass(2 * day);
  expect(await purge()).toMatchObject({ loginFailures: 2 });
  expect(await count("login_failures")).toBe(1);
});

test("a decided consent stays", async () => {
  asAdmin = await house.signIn(admin);
  const asOfficer = await house.signIn(await house.addStaff({ mail: "officer@yamada-denki.example", roles: ["privacy-officer"] }));
  const { accountNo } = await house.addStaff({ mail: "other@yamada-denki.example", roles: [] });
  const asked = await asAdmin.get(accounts.setAccountRoles, { params: { accountNo }, body: { roles: ["sales"] } });
  const consentNo = asked.kind === "awaits-consent" ? asked.consentNo : 0;
  await asOfficer.get(accounts.decideConsent, { params: { consentNo }, body: { decision: "grant" } });
  house.pass(800 * day);
  await purge();
  expect(await count("consents")).toBe(1);
});

test("a session that runs out is recorded once, with why and when, and one that was ended by somebody is not", async () => {
  const expire = (): Promise<void> | undefined => accountTasks(house.storehouse)["sessions.expire"]?.run(job);
  await expire();
  const before = (await house.events(["session.expired"])).length;
  const staff = await house.addStaff({ mail: "away@yamada-denki.example", roles: ["sales"] });
  const signedOut = await house.signIn(staff);
  await signedOut.get(session.signOut);
  const away = await house.signIn(staff);
  const since = house.now();
  await expire();
  expect(await house.events(["session.expired"])).toHaveLength(before);
  house.pass(1801);
  await expire();
  await expire();
  const recorded = (await house.events(["session.expired"])).filter((event) => event.facts["accountNo"] === staff.accountNo);
  expect(recorded).toHaveLength(1);
  expect(recorded[0]).toMatchObject({ principal: "system", facts: { because: "left-alone", endedAt: new Date(since.getTime() + 1_800_000).toISOString() } });
  expect((await away.call(session.me)).code).toBe("not-signed-in");
});
