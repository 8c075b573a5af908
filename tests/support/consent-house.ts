import { shippedRoles } from "#server/core/access/shipped-roles.ts";
import { accountRoutes, events, placeDepartment } from "#server/modules/accounts/index.ts";
import * as accounts from "#shared/accounts.ts";
import type { RoleDefinition } from "#shared/rights.ts";
import { openTestHouse, type TestCaller, type TestHouse, type TestStaff } from "./act.ts";

/** A house with departments, and with one administrator and one privacy officer who are never beneficiaries in a test. */
export async function openConsentHouse() {
  const house: TestHouse = await openTestHouse({ routes: accountRoutes({ countReach: async () => 0 }), events: [events] });
  let made = 0;
  const place = async (name: string, parentNo: number | null): Promise<number> =>
    (await house.act("department.created", (context) => placeDepartment(context, { name, parentNo }))).departmentNo;
  /** A mail address that nobody has yet. */
  const nextMail = (prefix: string): string => `${prefix}${(made += 1)}@yamada-denki.example`;
  const staffWith = (roles: readonly string[], departmentNo: number | null = null): Promise<TestStaff> =>
    house.addStaff({ mail: nextMail("c"), roles, departmentNo });
  const head = await place("本社", null);
  const [east, west] = [await place("東京営業部", head), await place("大阪営業部", head)];
  const [admin, officer] = [await staffWith(["system-administrator"]), await staffWith(["privacy-officer"])];
  const [asAdmin, asOfficer] = [await house.signIn(admin), await house.signIn(officer)];
  const rolesOf = async (accountNo: number): Promise<string[]> =>
    (await house.database.owner.query("select role_key from account_roles where account_no = $1 order by role_key", [accountNo])).rows.map(
      (row) => row.role_key,
    );
  const setRoles = (accountNo: number, roles: string[]) => asAdmin.call(accounts.setAccountRoles, { params: { accountNo }, body: { roles } });
  return { house, place, nextMail, staffWith, head, east, west, admin, officer, asAdmin, asOfficer, rolesOf, setRoles };
}
export type ConsentHouse = Awaited<ReturnType<typeof openConsentHouse>>;

export function decide(caller: TestCaller, consentNo: number, decision: "grant" | "refuse" = "grant") {
  return caller.call(accounts.decideConsent, { params: { consentNo }, body: { decision } });
}

export function consentOf(reply: unknown): number {
  return (reply as { consentNo?: number }).consentNo ?? 0;
}

export function shipped(key: string): RoleDefinition {
  return structuredClone(shippedRoles.find((role) => role.key === key)) as RoleDefinition;
}
