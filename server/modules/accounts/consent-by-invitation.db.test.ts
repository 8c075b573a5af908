import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestHouse, type TestCaller } from "#tests/support/act.ts";
import { consentOf, decide, openConsentHouse, shipped, type ConsentHouse } from "#tests/support/consent-house.ts";
import { totpCodeAt } from "#tests/support/totp-code.ts";
import * as accounts from "#shared/accounts.ts";
import type { RoleDefinition } from "#shared/rights.ts";
import * as session from "#shared/session.ts";
import { accountRoutes, events } from "./index.ts";

let house: ConsentHouse["house"];
let nextMail: ConsentHouse["nextMail"];
let staffWith: ConsentHouse["staffWith"];
let east: ConsentHouse["east"];
let west: ConsentHouse["west"];
let asAdmin: ConsentHouse["asAdmin"];
let asOfficer: ConsentHouse["asOfficer"];
let rolesOf: ConsentHouse["rolesOf"];
let setRoles: ConsentHouse["setRoles"];
beforeAll(async () => {
  ({ house, nextMail, staffWith, east, west, asAdmin, asOfficer, rolesOf, setRoles } = await openConsentHouse());
});
afterAll(() => house.close());

describe("an administrator who was handed an invitation", () => {
  const password = "kumo no ue no ohirune";
  const mailOf = (): string => nextMail("i");
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
    const mail = nextMail("o");
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
