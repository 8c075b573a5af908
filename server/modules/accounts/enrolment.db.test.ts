import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openTestHouse, type TestHouse } from "#tests/support/act.ts";
import { totpCodeAt } from "#tests/support/totp-code.ts";
import { actAs } from "#server/core/door/index.ts";
import * as accounts from "#shared/accounts.ts";
import * as session from "#shared/session.ts";
import { accountRoutes, createSetUpLink, events, recoveryPublicKey, renewOfficeInvitations } from "./index.ts";

let house: TestHouse;
beforeEach(async () => {
  house = await openTestHouse({ routes: accountRoutes({ countReach: async () => 0 }), events: [events] });
});
afterEach(() => house.close());

const password = "kumo no ue no ohirune";
const administrator = { name: "森 大輔", mail: "d.mori@yamada-denki.example" };
const officer = { name: "藤田 恵子", mail: "k.fujita@yamada-denki.example" };
const setUpLink = (): Promise<string> => house.act("set-up-link.created", createSetUpLink);
const setUpWith = (token: string) => ({ body: { token, organisation: "山田電機株式会社", administrator, officer } });

async function enrol(token: string): Promise<{ totpSecret: string; recoveryCodes: string[] }> {
  const caller = house.visitor();
  const { totpSecret } = await caller.get(session.beginEnrolment, { body: { token, password } });
  const { recoveryCodes } = await caller.get(session.finishEnrolment, { body: { token, code: totpCodeAt(totpSecret, house.now()) } });
  house.pass(30);
  return { totpSecret, recoveryCodes };
}

async function signIn(mail: string, totpSecret: string) {
  const caller = house.visitor();
  await caller.get(session.presentPassword, { body: { mail, password } });
  await caller.get(session.presentCode, { body: { code: totpCodeAt(totpSecret, house.now()) } });
  house.pass(30);
  return caller;
}

describe("the set-up", () => {
  test("makes both offices, each enrols, and each can sign in", async () => {
    const token = await setUpLink();
    const opened = await house.visitor().get(session.openInvitation, { body: { token } });
    expect(opened).toMatchObject({ kind: "set-up", roles: [] });
    const made = await house.visitor().get(session.setUp, setUpWith(token));
    expect(made.recoveryKey.length).toBeGreaterThan(30);
    expect(await house.act("test.arranged", async (context) => (await recoveryPublicKey(context))?.length)).toBe(65);
    for (const [who, enrolment, role] of [
      [administrator, made.administratorToken, "system-administrator"],
      [officer, made.officerToken ?? "", "privacy-officer"],
    ] as const) {
      const shown = await house.visitor().get(session.openInvitation, { body: { token: enrolment } });
      expect(shown).toMatchObject({ kind: "invitation", organisation: "山田電機株式会社" });
      const { totpSecret, recoveryCodes } = await enrol(enrolment);
      expect(recoveryCodes).toHaveLength(10);
      const me = await (await signIn(who.mail, totpSecret)).get(session.me);
      expect(me).toMatchObject({ staffName: who.name, combinedOffice: false });
      expect(me.roles.map((each) => each.key)).toEqual([role]);
    }
    const [event] = await house.events(["organisation.set-up"]);
    expect(event?.facts["alarm"]).toBeUndefined();
    expect(JSON.stringify(event)).not.toMatch(/森|fujita/);
  });

  test("can be done once: of two at the same time one wins, and the link is dead afterwards", async () => {
    const token = await setUpLink();
    const other = setUpWith(token);
    const answers = await Promise.all([house.visitor().call(session.setUp, setUpWith(token)), house.visitor().call(session.setUp, other)]);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect((await house.visitor().call(session.setUp, setUpWith(token))).code).toBe("not-found");
    const { rows } = await house.database.owner.query("select count(*)::integer as n from accounts");
    expect(rows[0].n).toBe(2);
    await expect(setUpLink()).rejects.toMatchObject({ code: "conflict" });
  });

  test("a newer link makes the older one void, and a day ends each", async () => {
    const [older, newer] = [await setUpLink(), await setUpLink()];
    const open = async (token: string) => (await house.visitor().call(session.openInvitation, { body: { token } })).status;
    expect(await open(older)).toBe(404);
    expect(await open(newer)).toBe(200);
    house.pass(24 * 3600 + 1);
    expect(await open(newer)).toBe(404);
  });

  test("gives one person both offices only by an express choice, with an alarm in the ledger", async () => {
    const token = await setUpLink();
    const body = { token, organisation: "五人商店", administrator };
    expect((await house.visitor().call(session.setUp, { body })).facts).toEqual({ field: "officer" });
    expect((await house.visitor().call(session.setUp, { body: { ...body, officer: { ...officer, mail: " D.Mori@yamada-denki.example" } } })).facts).toEqual({
      field: "officer.mail",
    });
    const made = await house.visitor().get(session.setUp, { body: { ...body, acceptsCombinedOffice: true } });
    expect(made.officerToken).toBeNull();
    const { totpSecret } = await enrol(made.administratorToken);
    const me = await (await signIn(administrator.mail, totpSecret)).get(session.me);
    expect(me.roles.map((role) => role.key)).toEqual(["privacy-officer", "system-administrator"]);
    expect(me.combinedOffice).toBe(true);
    const [event] = await house.events(["organisation.set-up"]);
    expect(event?.facts).toMatchObject({ alarm: true, combinedOffice: true });
  });
});

describe("the links of the set-up, lost or expired", () => {
  const renew = () => actAs(house.storehouse, "console", "office-invitation.renewed", randomUUID(), renewOfficeInvitations);

  test("are renewed by the console while nobody works in the office, and not afterwards", async () => {
    const made = await house.visitor().get(session.setUp, setUpWith(await setUpLink()));
    await enrol(made.administratorToken);
    house.pass(8 * 86_400);
    expect((await house.visitor().call(session.openInvitation, { body: { token: made.officerToken ?? "" } })).status).toBe(404);
    const renewed = await renew();
    expect(renewed.map((each) => each.roles)).toEqual([["privacy-officer"]]);
    const [event] = await house.events(["office-invitation.renewed"]);
    expect(event).toMatchObject({ principal: "console", facts: { alarm: true } });
    await enrol(renewed[0]?.token ?? "");
    await expect(renew()).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("an invitation", () => {
  async function invited(): Promise<{ token: string; accountNo: number; administrator: Awaited<ReturnType<TestHouse["signIn"]>> }> {
    const staff = await house.addStaff({ mail: "admin@yamada-denki.example", roles: ["system-administrator"] });
    const caller = await house.signIn(staff);
    const made = await caller.get(accounts.inviteAccount, {
      body: { name: "佐々木 翔", mail: "s.sasaki@yamada-denki.example", departmentNo: null, roles: ["executive"] },
    });
    return { token: made.invitationToken ?? "", accountNo: made.accountNo, administrator: caller };
  }

  test("lets nobody in before the first code proves the second factor", async () => {
    const { token } = await invited();
    const { totpSecret } = await house.visitor().get(session.beginEnrolment, { body: { token, password } });
    const body = { mail: "s.sasaki@yamada-denki.example", password };
    expect((await house.visitor().call(session.presentPassword, { body })).code).toBe("wrong-credentials");
    const wrong = totpCodeAt(totpSecret, new Date(house.now().getTime() + 3_600_000));
    expect((await house.visitor().call(session.finishEnrolment, { body: { token, code: wrong } })).code).toBe("wrong-credentials");
    await house.visitor().get(session.finishEnrolment, { body: { token, code: totpCodeAt(totpSecret, house.now()) } });
    house.pass(10);
    expect((await house.visitor().call(session.presentPassword, { body })).status).toBe(200);
  });

  test("the code that proved the second factor does not sign in as well", async () => {
    const { token } = await invited();
    const { totpSecret } = await house.visitor().get(session.beginEnrolment, { body: { token, password } });
    const code = totpCodeAt(totpSecret, house.now());
    await house.visitor().get(session.finishEnrolment, { body: { token, code } });
    const caller = house.visitor();
    await caller.get(session.presentPassword, { body: { mail: "s.sasaki@yamada-denki.example", password } });
    expect((await caller.call(session.presentCode, { body: { code } })).code).toBe("wrong-credentials");
  });

  test("is good once and for a week, and not for somebody disabled meanwhile", async () => {
    const { token, accountNo, administrator: caller } = await invited();
    const open = async (): Promise<number> => (await house.visitor().call(session.openInvitation, { body: { token } })).status;
    expect(await open()).toBe(200);
    await caller.get(accounts.disableAccount, { params: { accountNo } });
    expect(await open()).toBe(404);
    await caller.get(accounts.enableAccount, { params: { accountNo } });
    expect(await open()).toBe(404);
    const renewed = await caller.get(accounts.resetFactor, { params: { accountNo } });
    const again = renewed.kind === "done" ? renewed.invitationToken : "";
    await enrol(again);
    expect((await house.visitor().call(session.openInvitation, { body: { token: again } })).status).toBe(404);
  });

  test("refuses a weak password with its reason and keeps the account as it was", async () => {
    const { token, accountNo } = await invited();
    const answer = await house.visitor().call(session.beginEnrolment, { body: { token, password: "password12" } });
    expect(answer).toMatchObject({ code: "weak-password", facts: { reason: "guessable" } });
    const { rows } = await house.database.owner.query("select pending_password_hash from invitations where account_no = $1", [accountNo]);
    expect(rows[0].pending_password_hash).toBeNull();
    expect((await house.visitor().call(session.beginEnrolment, { body: { token, password } })).status).toBe(200);
  });

  test("the key URI and the QR code name the account by number only", async () => {
    const { token, accountNo } = await invited();
    const { totpUri, qrSvg } = await house.visitor().get(session.beginEnrolment, { body: { token, password } });
    expect(decodeURIComponent(totpUri)).toContain(`No. ${accountNo}`);
    expect(decodeURIComponent(totpUri)).not.toMatch(/sasaki|佐々木/);
    expect(qrSvg).toMatch(/^<svg/);
  });

  test("nothing in the database shows the address, the name, the password or the secret", async () => {
    const { token } = await invited();
    const { totpSecret } = await enrol(token);
    const { rows } = await house.database.owner.query(
      "select (select json_agg(a) from accounts a)::text || (select json_agg(i) from invitations i)::text || (select json_agg(r) from recovery_codes r)::text as all",
    );
    const raw = rows[0].all as string;
    for (const secret of ["sasaki", "佐々木", password, totpSecret, Buffer.from("s.sasaki@yamada-denki.example").toString("hex")]) {
      expect(raw).not.toContain(secret);
    }
  });
});
