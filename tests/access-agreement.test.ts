import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fieldClasses, kinds, purposes, verbs } from "#shared/rights.ts";
import type { RoleDefinition } from "#shared/rights.ts";
import { canRead, canWrite, compileRights, hasPurpose, hasVerb, levelOf, relationOf } from "#server/core/access/compile.ts";
import { shippedRoles } from "#server/core/access/shipped-roles.ts";
import { anyRole } from "./support/any-role.ts";
import { needs, openCedar } from "./support/cedar-policy.ts";
import type { CedarOracle, Need } from "./support/cedar-policy.ts";
import { everyRow, myCells, myNo, roleSets } from "./support/access-cases.ts";

/** Every difference between the compiled table and Cedar for an account with `roles`, as readable lines. */
function differences(cedar: CedarOracle, roles: readonly RoleDefinition[]): string[] {
  const account = { accountNo: myNo, cells: myCells, roleKeys: roles.map((role) => role.key) };
  const rights = compileRights({ roles, accountNo: myNo, cells: myCells });
  const found: string[] = [];
  for (const kind of kinds) {
    for (const row of everyRow) {
      for (const fieldClass of fieldClasses) {
        const right = levelOf(rights, kind, relationOf(rights, row), fieldClass);
        const ours: Record<Need, boolean> = { read: canRead(right), unmasked: !right.masked, write: canWrite(right) };
        for (const need of needs) {
          if (cedar.mayWithRow(account, { kind, ...row }, need, fieldClass) !== ours[need]) {
            found.push(`${account.roleKeys.join("+")} ${kind} ${row.name} ${fieldClass} ${need}: ours ${ours[need]}`);
          }
        }
      }
    }
  }
  for (const verb of verbs) if (cedar.mayAct(account, verb) !== hasVerb(rights, verb)) found.push(`${account.roleKeys.join("+")} verb ${verb}`);
  for (const purpose of purposes) {
    if (cedar.mayStatePurpose(account, purpose) !== hasPurpose(rights, purpose)) found.push(`${account.roleKeys.join("+")} purpose ${purpose}`);
  }
  return found;
}

describe("the compiled rights and Cedar", () => {
  it("agree for no role, every shipped role and every pair of them, on every kind, row, class, level, mask, verb and purpose", () => {
    const cedar = openCedar(shippedRoles);
    const sets = roleSets(shippedRoles);
    expect(sets).toHaveLength(1 + 9 + 36);
    expect(sets.flatMap((roles) => differences(cedar, roles))).toEqual([]);
    expect(cedar.decisions()).toBe(sets.length * (kinds.length * everyRow.length * fieldClasses.length * needs.length + verbs.length + purposes.length));
  }, 60_000);

  it("agree for roles that an organisation may define itself", () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyRole, { selector: (role) => role.key, minLength: 1, maxLength: 3 }), (roles) => {
        expect(differences(openCedar(roles), roles)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it("would be seen to disagree: a role that lost a grant is noticed", () => {
    const sales = shippedRoles.find((role) => role.key === "sales") as RoleDefinition;
    const poorer = { ...sales, grants: sales.grants.slice(1) };
    expect(differences(openCedar([sales]), [poorer])).not.toEqual([]);
  });
});
