import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openTestHouse, type TestCaller, type TestHouse } from "#tests/support/act.ts";
import { totpCodeAt } from "#tests/support/totp-code.ts";
import { actAs } from "#server/core/door/index.ts";
import { newRecoveryKey, publicKeyOf } from "#server/core/vault/index.ts";
import * as accounts from "#shared/accounts.ts";
import * as session from "#shared/session.ts";
import { accountRoutes, createSetUpLink, events, recoverOffice, type OfficeRecovery } from "./index.ts";

const administrator = { name: "森 大輔", mail: "d.mori@yamada-denki.example" };
const officer = { name: "藤田 恵子", mail: "k.fujita@yamada-denki.example" };
const password = "kumo no ue no ohirune";

let house: TestHouse;
/** The printed key's public half. */
let publicKey: Buffer;
let asAdmin: TestCaller;
let asOfficer: TestCaller;
let adminNo: number;
let officerNo: number;

beforeEach(async () => {
  house = await openTestHouse({ routes: accountRoutes({ countReach: async () => 0 }), events: [events] });
  const token = await house.act("set-up-link.created", createSetUpLink);
  const made = await house.visitor().get(session.setUp, { body: { token, organisation: "山田電機株式会社", administrator, officer } });
  publicKey = await publicKeyOf(made.recoveryKey);
  asAdmin = await enrol(made.administratorToken, administrator.mail, password);
  asOfficer = await enrol(made.officerToken ?? "", officer.mail, password);
  [adminNo, officerNo] = [(await asAdmin.get(session.me)).accountNo, (await asOfficer.get(session.me)).accountNo];
});
afterEach(() => house.close());

const recover = (accountNo: number | null, key = publicKey): Promise<OfficeRecovery> =>
  actAs(house.storehouse, "console", "office.recovered", randomUUID(), (context) => recoverOffice(context, { publicKey: key, accountNo }));

async function enrol(token: string, mail: string, chosen: string): Promise<TestCaller> {
  const caller = house.visitor();
  const { totpSecret } = await caller.get(session.beginEnrolment, { body: { token, password: chosen } });
  await caller.get(session.finishEnrolment, { body: { token, code: totpCodeAt(totpSecret, house.now()) } });
  house.pass(30);
  await caller.get(session.presentPassword, { body: { mail, password: chosen } });
  await caller.get(session.presentCode, { body: { code: totpCodeAt(totpSecret, house.now()) } });
  return caller;
}

test("the printed recovery key brings the only officer back, with an alarm, and ends what was before", async () => {
  const recovered = await recover(officerNo);
  if (recovered.kind !== "recovered") throw new Error(recovered.kind);
  expect(recovered.holder).toMatchObject({ accountNo: officerNo, roles: ["privacy-officer"], state: "active" });
  const [event] = await house.events(["office.recovered"]);
  expect(event).toMatchObject({ principal: "console", facts: { alarm: true, handedTo: "console", account: { accountNo: officerNo, state: "invited" } } });
  expect((await asOfficer.call(session.me)).code).toBe("not-signed-in");
  expect((await house.visitor().call(session.presentPassword, { body: { mail: officer.mail, password } })).code).toBe("wrong-credentials");
  expect((await asAdmin.call(session.me)).status).toBe(200);
  house.pass(60);
  const back = await enrol(recovered.invitationToken, officer.mail, "ame no hi no sanpo michi");
  expect((await back.get(session.me)).roles.map((role) => role.key)).toEqual(["privacy-officer"]);
  // An officer again, and by no administrator's token: a consent leaves the enrolment as it is.
  const asked = await asAdmin.get(accounts.inviteAccount, {
    body: { name: "新井 優子", mail: "y.arai@yamada-denki.example", departmentNo: null, roles: ["sales"] },
  });
  const { consents } = await back.get(accounts.listConsents);
  const consentNo = consents.find((each) => each.accountNo === asked.accountNo)?.consentNo ?? 0;
  expect((await back.get(accounts.decideConsent, { params: { consentNo }, body: { decision: "grant" } })).invitationToken).not.toBeNull();
});

test("it brings the only administrator back too, even locked out for good", async () => {
  await house.database.owner.query(
    "insert into login_failures select mail_token, 100, $2::timestamptz + interval '1 hour', $2::timestamptz from accounts where account_no = $1",
    [adminNo, house.now()],
  );
  expect((await house.visitor().call(session.presentPassword, { body: { mail: administrator.mail, password } })).code).toBe("try-later");
  const recovered = await recover(adminNo);
  if (recovered.kind !== "recovered") throw new Error(recovered.kind);
  const back = await enrol(recovered.invitationToken, administrator.mail, "ame no hi no sanpo michi");
  expect((await back.call(accounts.listAccounts)).status).toBe(200);
});

test("another recovery key changes nothing and tells nothing, and the attempt stands in the ledger with an alarm", async () => {
  const other = (await newRecoveryKey()).publicKey;
  for (const accountNo of [officerNo, null]) expect(await recover(accountNo, other)).toEqual({ kind: "other-key" });
  expect(await recover(officerNo, publicKey.subarray(1))).toEqual({ kind: "other-key" });
  expect((await asOfficer.call(session.me)).status).toBe(200);
  expect(await house.events(["office.recovered", "office.recovery-asked"])).toEqual([]);
  const refused = await house.events(["office.recovery-refused"]);
  expect(refused.map((event) => event.facts["alarm"])).toEqual([true, true, true]);
});

test("whoever has the key is told who holds an office, and nobody else can be chosen", async () => {
  const staff = await house.addStaff({ mail: "seller@yamada-denki.example", roles: ["sales"] });
  const former = await house.addStaff({ mail: "former@yamada-denki.example", roles: ["privacy-officer"] });
  await asAdmin.get(accounts.disableAccount, { params: { accountNo: former.accountNo } });
  const asked = await recover(null);
  expect(asked.kind === "choose" ? asked.holders.map((each) => each.accountNo) : []).toEqual([adminNo, officerNo]);
  for (const accountNo of [staff.accountNo, former.accountNo, 999_999]) expect(await recover(accountNo)).toEqual(asked);
  expect((await house.events(["office.recovery-asked"])).map((event) => event.facts["alarm"])).toEqual([true, true, true, true]);
  const asStaff = await house.signIn(staff);
  expect((await asStaff.call(session.me)).status).toBe(200);
});

test("before the set-up there is no key that could be right", async () => {
  const empty = await openTestHouse({ routes: accountRoutes({ countReach: async () => 0 }), events: [events] });
  try {
    const attempt = actAs(empty.storehouse, "console", "office.recovered", randomUUID(), (context) => recoverOffice(context, { publicKey, accountNo: 1 }));
    await expect(attempt).rejects.toMatchObject({ code: "conflict", facts: { reason: "not-set-up" } });
  } finally {
    await empty.close();
  }
});
