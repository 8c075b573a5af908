import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openTestHouse } from "#tests/support/act.ts";
import { consentOf, decide, openConsentHouse, shipped, type ConsentHouse } from "#tests/support/consent-house.ts";
import * as accounts from "#shared/accounts.ts";
import type { RoleDefinition } from "#shared/rights.ts";
import * as session from "#shared/session.ts";
import { accountRoutes, events } from "./index.ts";

let house: ConsentHouse["house"];
let place: ConsentHouse["place"];
let staffWith: ConsentHouse["staffWith"];
let head: ConsentHouse["head"];
let east: ConsentHouse["east"];
let west: ConsentHouse["west"];
let admin: ConsentHouse["admin"];
let asAdmin: ConsentHouse["asAdmin"];
let asOfficer: ConsentHouse["asOfficer"];
let rolesOf: ConsentHouse["rolesOf"];
let setRoles: ConsentHouse["setRoles"];
beforeAll(async () => {
  ({ house, place, staffWith, head, east, west, admin, asAdmin, asOfficer, rolesOf, setRoles } = await openConsentHouse());
});
afterAll(() => house.close());

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
