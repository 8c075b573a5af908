import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTestHouse, type TestCaller, type TestHouse, type TestStaff } from "#tests/support/act.ts";
import { shippedRoles } from "#server/core/access/shipped-roles.ts";
import * as accounts from "#shared/accounts.ts";
import type { RoleDefinition } from "#shared/rights.ts";
import { accountRoutes, events } from "./index.ts";

let house: TestHouse;
let admin: TestStaff;
let officer: TestStaff;
let asAdmin: TestCaller;

beforeAll(async () => {
  house = await openTestHouse({ routes: accountRoutes({ countReach: async () => 0 }), events: [events] });
  admin = await house.addStaff({ mail: "admin@yamada-denki.example", roles: ["system-administrator"] });
  officer = await house.addStaff({ mail: "officer@yamada-denki.example", roles: ["privacy-officer"] });
  asAdmin = await house.signIn(admin);
});
afterAll(() => house.close());

const disable = (accountNo: number) => asAdmin.call(accounts.disableAccount, { params: { accountNo } });
const strip = (accountNo: number) => asAdmin.call(accounts.setAccountRoles, { params: { accountNo }, body: { roles: ["executive"] } });
const shipped = (key: string): RoleDefinition => structuredClone(shippedRoles.find((role) => role.key === key)) as RoleDefinition;

describe("an office never stands empty", () => {
  test("the last privacy officer is neither disabled nor stripped; with a second one it goes", async () => {
    expect((await disable(officer.accountNo)).facts).toEqual({ reason: "last-officer" });
    expect((await strip(officer.accountNo)).facts).toEqual({ reason: "last-officer" });
    const second = await house.addStaff({ mail: "second@yamada-denki.example", roles: ["privacy-officer"] });
    expect((await strip(second.accountNo)).status).toBe(200);
    const third = await house.addStaff({ mail: "third@yamada-denki.example", roles: ["privacy-officer"] });
    expect((await disable(third.accountNo)).status).toBe(200);
    expect((await disable(officer.accountNo)).facts).toEqual({ reason: "last-officer" });
  });

  test("the last administrator is neither disabled, stripped nor reset", async () => {
    expect((await disable(admin.accountNo)).facts).toEqual({ reason: "last-administrator" });
    expect((await strip(admin.accountNo)).facts).toEqual({ reason: "last-administrator" });
    expect((await asAdmin.call(accounts.resetFactor, { params: { accountNo: admin.accountNo } })).facts).toEqual({ reason: "last-administrator" });
    expect((await asAdmin.call(accounts.listAccounts)).status).toBe(200);
  });

  test("somebody who is only invited does not keep an office", async () => {
    const invited = await house.addStaff({ mail: "invited@yamada-denki.example", roles: ["system-administrator"] });
    await house.database.owner.query("update accounts set state = 'invited' where account_no = $1", [invited.accountNo]);
    expect((await disable(admin.accountNo)).facts).toEqual({ reason: "last-administrator" });
    await house.database.owner.query("update accounts set state = 'active' where account_no = $1", [invited.accountNo]);
    expect((await disable(invited.accountNo)).status).toBe(200);
  });

  test("a role does not lose what makes it an office while nobody else holds it", async () => {
    const define = (role: RoleDefinition) => asAdmin.call(accounts.defineRole, { params: { key: role.key }, body: role });
    expect((await define({ ...shipped("privacy-officer"), verbs: ["read-ledger"] })).facts).toEqual({ reason: "last-officer" });
    expect((await define({ ...shipped("system-administrator"), verbs: ["manage-accounts"] })).facts).toEqual({ reason: "last-administrator" });
    expect((await define({ ...shipped("system-administrator"), labelJa: "情シス" })).reply).toEqual({ kind: "done" });
  });

  test("two administrators who disable each other at the same time leave one", async () => {
    const other = await house.addStaff({ mail: "other@yamada-denki.example", roles: ["system-administrator"] });
    const asOther = await house.signIn(other);
    // Long enough for each request to note when its session was last seen.
    house.pass(90);
    const answers = await Promise.all([
      asAdmin.call(accounts.disableAccount, { params: { accountNo: other.accountNo } }),
      asOther.call(accounts.disableAccount, { params: { accountNo: admin.accountNo } }),
    ]);
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(["not-signed-in", "conflict"]).toContain(answers.find((answer) => answer.status !== 200)?.code);
    const { rows } = await house.database.owner.query(
      "select count(*)::integer as n from accounts join account_roles using (account_no) where role_key = 'system-administrator' and state = 'active'",
    );
    expect(rows[0].n).toBe(1);
  });
});
