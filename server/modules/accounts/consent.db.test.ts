import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openTestHouse, type TestCaller, type TestHouse, type TestStaff } from "#tests/support/act.ts";
import { totpCodeAt } from "#tests/support/totp-code.ts";
import { shippedRoles } from "#server/core/access/shipped-roles.ts";
import * as accounts from "#shared/accounts.ts";
import type { RoleDefinition } from "#shared/rights.ts";
import * as session from "#shared/session.ts";
import { accountRoutes, events, placeDepartment } from "./index.ts";

let house: TestHouse;
let made = 0;
let head: number;
let east: number;
let west: number;
/** One administrator and one privacy officer who are never beneficiaries in a test. */
let admin: TestStaff;
let officer: TestStaff;
let asAdmin: TestCaller;
let asOfficer: TestCaller;

beforeAll(async () => {
  house = await openTestHouse({ routes: accountRoutes({ countReach: async () => 0 }), events: [events] });
  head = await place("本社", null);
  east = await place("東京営業部", head);
  west = await place("大阪営業部", head);
  admin = await staffWith(["system-administrator"]);
  officer = await staffWith(["privacy-officer"]);
  asAdmin = await house.signIn(admin);
  asOfficer = await house.signIn(officer);
});
afterAll(() => house.close());

const place = async (name: string, parentNo: number | null): Promise<number> =>
  (await house.act("department.created", (context) => placeDepartment(context, { name, parentNo }))).departmentNo;
const staffWith = (roles: readonly string[], departmentNo: number | null = null): Promise<TestStaff> =>
  house.addStaff({ mail: `c${(made += 1)}@yamada-denki.example`, roles, departmentNo });
const rolesOf = async (accountNo: number): Promise<string[]> =>
  (await house.database.owner.query("select role_key from account_roles where account_no = $1 order by role_key", [accountNo])).rows.map((row) => row.role_key);
const setRoles = (accountNo: number, roles: string[]) => asAdmin.call(accounts.setAccountRoles, { params: { accountNo }, body: { roles } });
const decide = (caller: TestCaller, consentNo: number, decision: "grant" | "refuse" = "grant") =>
  caller.call(accounts.decideConsent, { params: { consentNo }, body: { decision } });
const consentOf = (reply: unknown): number => (reply as { consentNo?: number }).consentNo ?? 0;
const shipped = (key: string): RoleDefinition => structuredClone(shippedRoles.find((role) => role.key === key)) as RoleDefinition;

describe("an administrator", () => {
  test("gives a harmless role at once, a reader's role only with the officer's consent", async () => {
    const { accountNo } = await staffWith([]);
    expect((await setRoles(accountNo, ["executive"])).reply).toEqual({ kind: "done" });
    const asked = await setRoles(accountNo, ["executive", "sales"]);
    expect(asked.reply).toMatchObject({ kind: "awaits-consent" });
    expect(await rolesOf(accountNo)).toEqual(["executive"]);
    expect((await decide(asOfficer, consentOf(asked.reply))).reply).toEqual({ kind: "granted", invitationToken: null, otherInvitations: [] });
    expect(await rolesOf(accountNo)).toEqual(["executive", "sales"]);
    const [event] = await house.events(["consent.decided"]);
    expect(event?.facts).toMatchObject({ decision: "grant", requestedBy: admin.accountNo, account: { accountNo, roles: ["executive", "sales"] } });
    expect(event?.facts["alarm"]).toBeUndefined();
  });

  test("takes a reader's role away without asking", async () => {
    const { accountNo } = await staffWith(["sales"], east);
    expect((await setRoles(accountNo, [])).reply).toEqual({ kind: "done" });
  });

  test.each(["sales", "office", "manager", "privacy-officer"])("does not get the role %s without consent", async (role) => {
    const asked = await setRoles(admin.accountNo, ["system-administrator", role]);
    expect(asked.reply).toMatchObject({ kind: "awaits-consent" });
    expect(await rolesOf(admin.accountNo)).toEqual(["system-administrator"]);
    expect((await decide(asAdmin, consentOf(asked.reply))).code).toBe("not-permitted");
    await decide(asOfficer, consentOf(asked.reply), "refuse");
    expect(await rolesOf(admin.accountNo)).toEqual(["system-administrator"]);
  });

  test("does not make another officer without the existing one", async () => {
    const friend = await staffWith([]);
    const asked = await setRoles(friend.accountNo, ["privacy-officer"]);
    expect(asked.reply).toMatchObject({ kind: "awaits-consent" });
    const asFriend = await house.signIn(friend);
    expect((await decide(asFriend, consentOf(asked.reply))).code).toBe("not-permitted");
    expect((await decide(asOfficer, consentOf(asked.reply), "refuse")).reply).toMatchObject({ kind: "refused" });
    expect(await rolesOf(friend.accountNo)).toEqual([]);
  });

  test("does not widen a role that people hold, nor one that lies ready", async () => {
    const { accountNo } = await staffWith(["executive"]);
    const wider = { ...shipped("executive"), grants: shipped("privacy-officer").grants };
    const asked = await asAdmin.call(accounts.defineRole, { params: { key: "executive" }, body: wider });
    expect(asked.reply).toMatchObject({ kind: "awaits-consent" });
    const ready = { ...wider, key: "ready", labelJa: "予備", labelEn: "Ready" };
    expect((await asAdmin.call(accounts.defineRole, { params: { key: "ready" }, body: ready })).reply).toMatchObject({ kind: "awaits-consent" });
    const { roles } = await asAdmin.get(accounts.listRoles);
    expect(roles.find((role) => role.key === "executive")?.grants).toEqual(shipped("executive").grants);
    expect(roles.some((role) => role.key === "ready")).toBe(false);
    expect(await rolesOf(accountNo)).toEqual(["executive"]);
  });

  test("does not add an outlet to a harmless role that a reader holds as well", async () => {
    await asAdmin.get(accounts.defineRole, {
      params: { key: "helper" },
      body: { key: "helper", labelJa: "補助", labelEn: "Helper", grants: [], verbs: [], purposes: [] },
    });
    const sending: RoleDefinition = { key: "helper", labelJa: "補助", labelEn: "Helper", grants: [], verbs: ["send"], purposes: [] };
    expect((await asAdmin.call(accounts.defineRole, { params: { key: "helper" }, body: sending })).reply).toEqual({ kind: "done" });
    await asAdmin.get(accounts.defineRole, { params: { key: "helper" }, body: { ...sending, verbs: [] } });
    const { accountNo } = await staffWith(["sales"], east);
    expect((await setRoles(accountNo, ["sales", "helper"])).reply).toEqual({ kind: "done" });
    expect((await asAdmin.call(accounts.defineRole, { params: { key: "helper" }, body: sending })).reply).toMatchObject({ kind: "awaits-consent" });
  });

  test("does not move a reader to other customers, but may move somebody who reads none", async () => {
    const reader = await staffWith(["sales"], east);
    const reads = { params: { accountNo: reader.accountNo }, body: { departmentNo: west } };
    expect((await asAdmin.call(accounts.setAccountDepartment, reads)).reply).toMatchObject({ kind: "awaits-consent" });
    const other = await staffWith(["executive"], east);
    expect((await asAdmin.call(accounts.setAccountDepartment, { params: { accountNo: other.accountNo }, body: { departmentNo: west } })).reply).toEqual({
      kind: "done",
    });
    const atHead = await staffWith(["sales"], head);
    expect((await asAdmin.call(accounts.setAccountDepartment, { params: { accountNo: atHead.accountNo }, body: { departmentNo: east } })).reply).toEqual({
      kind: "done",
    });
  });

  test("does not move a department with customers below its own reader, and never in a circle", async () => {
    const above = await place("上", null);
    const below = await place("下", null);
    await staffWith(["manager"], above);
    const move = (departmentNo: number, parentNo: number | null) => asAdmin.call(accounts.changeDepartment, { params: { departmentNo }, body: { parentNo } });
    const asked = await move(below, above);
    expect(asked.reply).toMatchObject({ kind: "awaits-consent" });
    expect((await decide(asOfficer, consentOf(asked.reply))).reply).toMatchObject({ kind: "granted" });
    const { departments } = await asAdmin.get(accounts.listDepartments);
    expect(departments.find((each) => each.departmentNo === below)?.parentNo).toBe(above);
    expect((await move(above, below)).facts).toEqual({ field: "parentNo" });
    expect((await move(above, above)).facts).toEqual({ field: "parentNo" });
    expect((await move(below, null)).reply).toEqual({ kind: "done" });
  });

  test("does not take a reader's account over by resetting its factors: the officer gets the token", async () => {
    const reader = await staffWith(["sales"], east);
    const asReader = await house.signIn(reader);
    const asked = await asAdmin.call(accounts.resetFactor, { params: { accountNo: reader.accountNo } });
    expect(asked.reply).toMatchObject({ kind: "awaits-consent" });
    expect((await asReader.call(session.me)).status).toBe(200);
    const granted = await decide(asOfficer, consentOf(asked.reply));
    expect(granted.reply.invitationToken).toMatch(/^[\w-]{43}$/);
    expect((await asReader.call(session.me)).code).toBe("not-signed-in");
    const other = await staffWith(["executive"]);
    expect((await asAdmin.call(accounts.resetFactor, { params: { accountNo: other.accountNo } })).reply).toMatchObject({ kind: "done" });
  });

  test("does not wake a disabled reader, and no session of theirs wakes with them", async () => {
    const reader = await staffWith(["sales"], east);
    const asReader = await house.signIn(reader);
    const params = { accountNo: reader.accountNo };
    await asAdmin.get(accounts.disableAccount, { params });
    expect((await asReader.call(session.me)).code).toBe("not-signed-in");
    const asked = await asAdmin.call(accounts.enableAccount, { params });
    expect(asked.reply).toMatchObject({ kind: "awaits-consent" });
    expect((await decide(asOfficer, consentOf(asked.reply))).status).toBe(200);
    expect((await asReader.call(session.me)).code).toBe("not-signed-in");
    expect((await (await house.signIn(reader)).call(session.me)).status).toBe(200);
  });

  test("invites with the harmless roles; the others and the invitation itself wait and come with the consent", async () => {
    const invited = await asAdmin.get(accounts.inviteAccount, {
      body: { name: "新井 優子", mail: "y.arai@yamada-denki.example", departmentNo: east, roles: ["executive", "sales"] },
    });
    expect(invited).toMatchObject({ awaitsConsentFor: ["sales"], invitationToken: null });
    expect(await rolesOf(invited.accountNo)).toEqual(["executive"]);
    const { consents } = await asOfficer.get(accounts.listConsents);
    const waiting = consents.find((each) => each.accountNo === invited.accountNo);
    expect(waiting).toMatchObject({ what: "account-roles", state: "pending", roles: ["executive", "sales"], requestedBy: admin.accountNo });
    const granted = await decide(asOfficer, waiting?.consentNo ?? 0);
    expect(await rolesOf(invited.accountNo)).toEqual(["executive", "sales"]);
    const opened = await house.visitor().get(session.openInvitation, { body: { token: granted.reply.invitationToken ?? "" } });
    expect(opened.roles.map((role) => role.key).toSorted()).toEqual(["executive", "sales"]);
    expect(
      (await asAdmin.call(accounts.inviteAccount, { body: { name: "x", mail: "Y.Arai@yamada-denki.example", departmentNo: null, roles: [] } })).facts,
    ).toEqual({ field: "mail" });
  });
});

describe("an administrator who was handed an invitation", () => {
  const password = "kumo no ue no ohirune";
  const mailOf = (): string => `i${(made += 1)}@yamada-denki.example`;
  const invite = async (roles: string[] = []) => {
    const mail = mailOf();
    return { mail, ...(await asAdmin.get(accounts.inviteAccount, { body: { name: "新井 優子", mail, departmentNo: east, roles } })) };
  };
  const open = async (token: string | null): Promise<number> =>
    (await house.visitor().call(session.openInvitation, { body: { token: token ?? "x".repeat(43) } })).status;
  /** Whoever has the token enrols, and is signed in. */
  const enrolWith = async (token: string | null, mail: string, chosen = password): Promise<TestCaller> => {
    const caller = house.visitor();
    const { totpSecret } = await caller.get(session.beginEnrolment, { body: { token: token ?? "", password: chosen } });
    await caller.get(session.finishEnrolment, { body: { token: token ?? "", code: totpCodeAt(totpSecret, house.now()) } });
    house.pass(30);
    await caller.get(session.presentPassword, { body: { mail, password: chosen } });
    await caller.get(session.presentCode, { body: { code: totpCodeAt(totpSecret, house.now()) } });
    return caller;
  };
  const consentsOf = async (accountNo: number) =>
    (await asOfficer.get(accounts.listConsents)).consents.filter((each) => each.beneficiaries.includes(accountNo));

  test("and enrolled in that person's place has nothing left when the officer makes a reader of the account", async () => {
    const invited = await invite();
    const impostor = await enrolWith(invited.invitationToken, invited.mail);
    expect((await impostor.call(session.me)).status).toBe(200);
    const consentNo = consentOf((await setRoles(invited.accountNo, ["sales"])).reply);
    expect((await consentsOf(invited.accountNo)).map((each) => each.renewsFactorsOf)).toEqual([[invited.accountNo]]);
    const granted = await decide(asOfficer, consentNo);
    expect(await rolesOf(invited.accountNo)).toEqual(["sales"]);
    expect((await impostor.call(session.me)).code).toBe("not-signed-in");
    expect((await house.visitor().call(session.presentPassword, { body: { mail: invited.mail, password } })).code).toBe("wrong-credentials");
    const { rows } = await house.database.owner.query(
      "select state, password_hash, totp_sealed, factors_handed_to, (select count(*)::integer from recovery_codes r where r.account_no = a.account_no) as codes from accounts a where account_no = $1",
      [invited.accountNo],
    );
    expect(rows).toEqual([{ state: "invited", password_hash: null, totp_sealed: null, factors_handed_to: null, codes: 0 }]);
    const [event] = await house.events(["consent.decided"]);
    expect(event?.facts).toMatchObject({
      factorsReset: [invited.accountNo],
      newInvitations: [invited.accountNo],
      handedTo: "officer",
      account: { accountNo: invited.accountNo, state: "invited", roles: ["sales"] },
    });
    house.pass(60);
    const person = await enrolWith(granted.reply.invitationToken, invited.mail, "ame no hi no sanpo michi");
    expect((await person.get(session.me)).roles.map((role) => role.key)).toEqual(["sales"]);
  });

  test("and kept it cannot use it any more once the account reads", async () => {
    const invited = await invite(["executive"]);
    expect(await open(invited.invitationToken)).toBe(200);
    const granted = await decide(asOfficer, consentOf((await setRoles(invited.accountNo, ["executive", "sales"])).reply));
    expect(await open(invited.invitationToken)).toBe(404);
    expect(await open(granted.reply.invitationToken)).toBe(200);
    const [event] = await house.events(["consent.decided"]);
    expect(event?.facts).toMatchObject({ newInvitations: [invited.accountNo], handedTo: "officer" });
    expect(event?.facts["factorsReset"]).toBeUndefined();
  });

  test("or asks for a new one while the consent is pending does not keep it either", async () => {
    const invited = await invite(["sales"]);
    const consentNo = (await consentsOf(invited.accountNo))[0]?.consentNo ?? 0;
    const renewed = await asAdmin.get(accounts.resetFactor, { params: { accountNo: invited.accountNo } });
    const token = renewed.kind === "done" ? renewed.invitationToken : null;
    expect(await open(token)).toBe(200);
    const granted = await decide(asOfficer, consentNo);
    expect(await open(token)).toBe(404);
    expect(await open(granted.reply.invitationToken)).toBe(200);
  });

  test("of one enrolling at the very moment of the consent has no factors in the account afterwards", async () => {
    const invited = await invite();
    const token = invited.invitationToken ?? "";
    const { totpSecret } = await house.visitor().get(session.beginEnrolment, { body: { token, password } });
    const consentNo = consentOf((await setRoles(invited.accountNo, ["sales"])).reply);
    const [, decided] = await Promise.all([
      house.visitor().call(session.finishEnrolment, { body: { token, code: totpCodeAt(totpSecret, house.now()) } }),
      decide(asOfficer, consentNo),
    ]);
    // Enrolled first: the state is another one than was asked for, and nothing is granted.
    const { rows } = await house.database.owner.query("select state, factors_handed_to from accounts where account_no = $1", [invited.accountNo]);
    expect([await rolesOf(invited.accountNo), rows[0]]).toEqual(
      decided.status === 200 ? [["sales"], { state: "invited", factors_handed_to: null }] : [[], { state: "active", factors_handed_to: "administrator" }],
    );
  });

  test("does not reach values by a role that is made wider afterwards, nor by one that others hold", async () => {
    const narrow: RoleDefinition = { key: "widened", labelJa: "補助", labelEn: "Helper", grants: [], verbs: [], purposes: [] };
    await asAdmin.get(accounts.defineRole, { params: { key: "widened" }, body: narrow });
    const [enrolled, waiting] = [await invite(["widened"]), await invite(["widened"])];
    const impostor = await enrolWith(enrolled.invitationToken, enrolled.mail);
    const bystander = await staffWith(["widened"]);
    const asBystander = await house.signIn(bystander);
    const wider = await asAdmin.call(accounts.defineRole, { params: { key: "widened" }, body: { ...shipped("sales"), key: "widened" } });
    const granted = await decide(asOfficer, consentOf(wider.reply));
    expect(granted.reply.invitationToken).toBeNull();
    expect(granted.reply.otherInvitations.map((each) => each.accountNo)).toEqual([enrolled.accountNo, waiting.accountNo]);
    expect((await impostor.call(session.me)).code).toBe("not-signed-in");
    expect(await open(waiting.invitationToken)).toBe(404);
    for (const { invitationToken } of granted.reply.otherInvitations) expect(await open(invitationToken)).toBe(200);
    expect((await asBystander.call(session.me)).status).toBe(200);
    const [event] = await house.events(["consent.decided"]);
    expect(event?.facts).toMatchObject({
      factorsReset: [enrolled.accountNo],
      accounts: [
        { accountNo: enrolled.accountNo, state: "invited" },
        { accountNo: waiting.accountNo, state: "invited" },
      ],
    });
  });

  test("does not wake a disabled account by the consent, and has no factors in it afterwards", async () => {
    const invited = await invite();
    await enrolWith(invited.invitationToken, invited.mail);
    const params = { accountNo: invited.accountNo };
    await asAdmin.get(accounts.disableAccount, { params });
    const granted = await decide(asOfficer, consentOf((await setRoles(invited.accountNo, ["sales"])).reply));
    expect(granted.reply.invitationToken).toBeNull();
    const enabled = await decide(asOfficer, consentOf((await asAdmin.call(accounts.enableAccount, { params })).reply));
    expect(await open(enabled.reply.invitationToken)).toBe(200);
    house.pass(60);
    expect((await house.visitor().call(session.presentPassword, { body: { mail: invited.mail, password } })).code).toBe("wrong-credentials");
  });

  test("changes nothing in the account when the officer refuses", async () => {
    const invited = await invite();
    const person = await enrolWith(invited.invitationToken, invited.mail);
    await decide(asOfficer, consentOf((await setRoles(invited.accountNo, ["sales"])).reply), "refuse");
    expect((await person.call(session.me)).status).toBe(200);
  });

  test("whose own account is the last of the office is not locked out by a consent", async () => {
    const small = await openTestHouse({ routes: accountRoutes({ countReach: async () => 0 }), events: [events] });
    try {
      const only = await small.addStaff({ mail: "only@gonin.example", roles: ["system-administrator"] });
      const caller = await small.signIn(only);
      const consenting = await small.signIn(await small.addStaff({ mail: "officer@gonin.example", roles: ["privacy-officer"] }));
      await small.database.owner.query("update accounts set factors_handed_to = 'administrator' where account_no = $1", [only.accountNo]);
      const asked = await caller.call(accounts.setAccountRoles, { params: { accountNo: only.accountNo }, body: { roles: ["system-administrator", "sales"] } });
      expect((await decide(consenting, consentOf(asked.reply))).facts).toEqual({ reason: "last-administrator" });
      expect((await caller.call(session.me)).status).toBe(200);
    } finally {
      await small.close();
    }
  });
});

describe("an officer who was handed an invitation", () => {
  test("hands it over once: later consents leave the enrolled person, and an unused link, as they are", async () => {
    const mail = `o${(made += 1)}@yamada-denki.example`;
    const invited = await asAdmin.get(accounts.inviteAccount, { body: { name: "新井 優子", mail, departmentNo: east, roles: ["sales"] } });
    const { consents } = await asOfficer.get(accounts.listConsents);
    const token = (await decide(asOfficer, consents.find((each) => each.accountNo === invited.accountNo)?.consentNo ?? 0)).reply.invitationToken ?? "";
    const move = { params: { accountNo: invited.accountNo }, body: { departmentNo: west } };
    const second = await decide(asOfficer, consentOf((await asAdmin.call(accounts.setAccountDepartment, move)).reply));
    expect(second.status).toBe(200);
    expect(second.reply.invitationToken).toBeNull();
    const caller = house.visitor();
    const { totpSecret } = await caller.get(session.beginEnrolment, { body: { token, password: "kumo no ue no ohirune" } });
    await caller.get(session.finishEnrolment, { body: { token, code: totpCodeAt(totpSecret, house.now()) } });
    const [enrolled] = await house.events(["account.enrolled"]);
    expect(enrolled?.facts).toMatchObject({ accountNo: invited.accountNo, handedTo: "officer" });
    house.pass(30);
    await caller.get(session.presentPassword, { body: { mail, password: "kumo no ue no ohirune" } });
    await caller.get(session.presentCode, { body: { code: totpCodeAt(totpSecret, house.now()) } });
    const third = await decide(asOfficer, consentOf((await setRoles(invited.accountNo, ["sales", "office"])).reply));
    expect(third.reply).toEqual({ kind: "granted", invitationToken: null, otherInvitations: [] });
    expect((await caller.call(session.me)).status).toBe(200);
  });
});

describe("a consent", () => {
  test("is given once, and by nobody without the office", async () => {
    const { accountNo } = await staffWith([]);
    const consentNo = consentOf((await setRoles(accountNo, ["sales"])).reply);
    const manager = await house.signIn(await staffWith(["manager"], east));
    expect((await decide(manager, consentNo)).code).toBe("not-permitted");
    const both = await Promise.all([decide(asOfficer, consentNo), decide(asOfficer, consentNo)]);
    expect(both.map((answer) => answer.status).toSorted()).toEqual([200, 409]);
    expect((await decide(asOfficer, 999_999)).code).toBe("not-found");
  });

  test("is not given to a state that changed since it was asked for, and has to be asked for again", async () => {
    await asAdmin
      .get(accounts.defineRole, { params: { key: "narrow" }, body: { ...shipped("sales"), key: "narrow", verbs: [], purposes: [] } })
      .catch(() => undefined);
    const { consents: first } = await asOfficer.get(accounts.listConsents);
    await decide(asOfficer, first.find((each) => each.roleKey === "narrow" && each.state === "pending")?.consentNo ?? 0);
    const { accountNo } = await staffWith([]);
    const consentNo = consentOf((await setRoles(accountNo, ["narrow"])).reply);
    // Meanwhile the role is made wider, with the officer's knowledge; the request for the account spoke of the narrow one.
    const wider = await asAdmin.call(accounts.defineRole, { params: { key: "narrow" }, body: { ...shipped("manager"), key: "narrow" } });
    await decide(asOfficer, consentOf(wider.reply));
    const answer = await decide(asOfficer, consentNo);
    expect(answer).toMatchObject({ code: "conflict", facts: { reason: "changed-since" } });
    expect(await rolesOf(accountNo)).toEqual([]);
    const { consents } = await asOfficer.get(accounts.listConsents);
    expect(consents.find((each) => each.consentNo === consentNo)?.state).toBe("withdrawn");
    const again = consentOf((await setRoles(accountNo, ["narrow"])).reply);
    expect((await decide(asOfficer, again)).status).toBe(200);
  });

  test("does not come from an officer who asked, or who gains by it", async () => {
    const second = await staffWith(["privacy-officer"]);
    const asSecond = await house.signIn(second);
    const asked = await setRoles(second.accountNo, ["privacy-officer", "manager"]);
    expect((await decide(asSecond, consentOf(asked.reply))).facts).toEqual({ reason: "own-request" });
    expect((await decide(asOfficer, consentOf(asked.reply))).status).toBe(200);
    await setRoles(second.accountNo, ["privacy-officer", "system-administrator"]);
    const { accountNo } = await staffWith([]);
    const own = await (await house.signIn(second)).call(accounts.setAccountRoles, { params: { accountNo }, body: { roles: ["sales"] } });
    expect((await decide(asSecond, consentOf(own.reply))).facts).toEqual({ reason: "own-request" });
    expect((await decide(asOfficer, consentOf(own.reply), "refuse")).status).toBe(200);
    expect((await setRoles(second.accountNo, [])).status).toBe(200);
  });

  test("requests are shown whole to the officer, and one's own to others", async () => {
    const other = await staffWith(["system-administrator"]);
    const asOther = await house.signIn(other);
    const { accountNo } = await staffWith([]);
    await asOther.get(accounts.setAccountRoles, { params: { accountNo }, body: { roles: ["sales"] } });
    const { consents } = await asOther.get(accounts.listConsents);
    expect(consents.map((each) => each.requestedBy)).toEqual([other.accountNo]);
    expect((await asOfficer.get(accounts.listConsents)).consents.length).toBeGreaterThan(1);
  });
});

describe("with one person in both offices", () => {
  beforeEach(async () => {
    await house.database.owner.query("update organisation set combined_office = false");
  });

  test("that person decides the own request only by the choice of the set-up, with an alarm each time", async () => {
    const small = await openTestHouse({ routes: accountRoutes({ countReach: async () => 0 }), events: [events] });
    try {
      const both = await small.addStaff({ mail: "both@gonin.example", roles: ["system-administrator", "privacy-officer"] });
      const friend = await small.addStaff({ mail: "friend@gonin.example", roles: [] });
      const caller = await small.signIn(both);
      const asked = await caller.call(accounts.setAccountRoles, { params: { accountNo: friend.accountNo }, body: { roles: ["sales"] } });
      expect(asked.reply).toMatchObject({ kind: "awaits-consent" });
      expect((await decide(caller, consentOf(asked.reply))).facts).toEqual({ reason: "own-request" });
      await small.database.owner.query("update organisation set combined_office = true");
      expect((await decide(caller, consentOf(asked.reply))).status).toBe(200);
      const [event] = await small.events(["consent.decided"]);
      expect(event?.facts).toMatchObject({ alarm: true, decision: "grant" });
      // As soon as there is somebody else to ask, that person is asked.
      const third = await small.addStaff({ mail: "third@gonin.example", roles: ["privacy-officer"] });
      const again = await caller.call(accounts.setAccountRoles, { params: { accountNo: friend.accountNo }, body: { roles: ["sales", "manager"] } });
      expect((await decide(caller, consentOf(again.reply))).facts).toEqual({ reason: "own-request" });
      expect((await decide(await small.signIn(third), consentOf(again.reply))).status).toBe(200);
    } finally {
      await small.close();
    }
  });
});
