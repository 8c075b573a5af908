import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hasVerb, levelOf, mayReveal, relationOf, type Rights } from "#server/core/access/compile.ts";
import { rightsOf, type DepartmentNode, type Policy } from "#server/core/access/policy.ts";
import { shippedRoles } from "#server/core/access/shipped-roles.ts";
import { anyRole } from "#tests/support/any-role.ts";
import { kinds, purposes, type RoleDefinition, type Verb } from "#shared/rights.ts";
import { policyAfter, type Change } from "./change.ts";
import { harmlessRoles, weigh } from "./consent-rules.ts";

const accountNos = [1, 2, 3];
const departmentNos = [1, 2, 3, 4];
const roleKeys = ["a", "b", "c"];

function policyOf(given: {
  roles: readonly RoleDefinition[];
  rolesOf: readonly (readonly string[])[];
  departmentOf: readonly (number | null)[];
  parents: readonly (number | null)[];
}): Policy {
  const departments = departmentNos.map((departmentNo, at): DepartmentNode => {
    // A parent always has a smaller number, so that there is no circle.
    const parentNo = given.parents[at] ?? null;
    return { departmentNo, parentNo: parentNo !== null && parentNo < departmentNo ? parentNo : null, cells: [departmentNo * 10] };
  });
  return {
    version: 1,
    fields: [],
    sections: [],
    roles: new Map(given.roles.map((role) => [role.key, role])),
    shippedRoles: new Set(),
    departments: new Map(departments.map((department) => [department.departmentNo, department])),
    rolesOf: new Map(accountNos.map((accountNo, at) => [accountNo, given.rolesOf[at] ?? []])),
    departmentOf: new Map(accountNos.map((accountNo, at) => [accountNo, given.departmentOf[at] ?? null])),
    rightsCache: new Map(),
  };
}

const anyDepartment = fc.option(fc.constantFrom(...departmentNos));
const anyRoleOf = (key: string): fc.Arbitrary<RoleDefinition> => anyRole.map((role) => ({ ...role, key }));
const anyPolicy = fc
  .record({
    roles: fc.tuple(anyRoleOf("a"), anyRoleOf("b"), anyRoleOf("c")),
    rolesOf: fc.array(fc.subarray(roleKeys), { minLength: 3, maxLength: 3 }),
    departmentOf: fc.array(anyDepartment, { minLength: 3, maxLength: 3 }),
    parents: fc.array(anyDepartment, { minLength: 4, maxLength: 4 }),
  })
  .map(policyOf);
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ what: fc.constant("account-roles" as const), accountNo: fc.constantFrom(...accountNos), roles: fc.subarray(roleKeys) }),
  fc.record({ what: fc.constant("role-definition" as const), definition: fc.constantFrom(...roleKeys, "new").chain(anyRoleOf) }),
  fc.record({ what: fc.constant("account-department" as const), accountNo: fc.constantFrom(...accountNos), departmentNo: anyDepartment }),
  fc.record({ what: fc.constant("department-move" as const), departmentNo: fc.constantFrom(2, 3, 4), parentNo: fc.constantFrom(null, 1) }),
);

const outlets: readonly Verb[] = ["export", "print", "send", "attachment"];
const detours: readonly Verb[] = ["consent-rights", "manage-fields", "read-exposures", "read-ledger"];

/** Everything that an account can do with each conceivable row, spelt out: the slow way to what weigh() decides. */
function powersOverRows(rights: Rights): Set<string> {
  const powers = new Set<string>(detours.filter((verb) => hasVerb(rights, verb)));
  for (const kind of kinds) {
    for (const ownerNo of [null, ...accountNos]) {
      for (const cellNo of [null, 10, 20, 30, 40]) {
        const relation = relationOf(rights, { ownerNo, cellNo });
        for (const fieldClass of ["personal", "sensitive"] as const) {
          const right = levelOf(rights, kind, relation, fieldClass);
          if (right.level === "none") continue;
          const row = `${kind} ${ownerNo} ${cellNo} ${fieldClass}`;
          powers.add(`${row} read`);
          if (!right.masked) powers.add(`${row} unmasked`);
          if (!right.masked || purposes.some((purpose) => mayReveal(rights, kind, relation, fieldClass, purpose))) powers.add(`${row} in full`);
          for (const verb of outlets) if (hasVerb(rights, verb)) powers.add(`${row} ${verb}`);
        }
      }
    }
  }
  return powers;
}

describe("whether a change needs consent", () => {
  test("whoever reaches a personal value after a change that nobody consented to had reached it before", () => {
    fc.assert(
      fc.property(anyPolicy, anyChange, (policy, change) => {
        const { needsConsent, beneficiaries } = weigh(policy, change);
        const after = policyAfter(policy, change);
        for (const accountNo of accountNos) {
          const had = powersOverRows(rightsOf(policy, accountNo));
          const gains = [...powersOverRows(rightsOf(after, accountNo))].some((power) => !had.has(power));
          if (gains) {
            expect(needsConsent).toBe(true);
            expect(beneficiaries).toContain(accountNo);
          }
        }
      }),
      { numRuns: 400 },
    );
  });

  test("taking away never does", () => {
    fc.assert(
      fc.property(anyPolicy, fc.constantFrom(...accountNos), (policy, accountNo) => {
        expect(weigh(policy, { what: "account-roles", accountNo, roles: [] }).needsConsent).toBe(false);
        expect(weigh(policy, { what: "account-department", accountNo, departmentNo: null }).needsConsent).toBe(false);
        const [key] = roleKeys as [string];
        const emptied = { ...(policy.roles.get(key) as RoleDefinition), grants: [], verbs: [], purposes: [] };
        expect(weigh(policy, { what: "role-definition", definition: emptied }).needsConsent).toBe(false);
      }),
      { numRuns: 200 },
    );
  });

  test("a mask that both roles of a holder had is not lost unnoticed, whatever each role adds alone", () => {
    const grants = (verbs: Verb[]): RoleDefinition => ({ key: "b", labelJa: "b", labelEn: "b", grants: [], verbs, purposes: ["audit"] });
    const masked: RoleDefinition = { ...(shippedRoles.find((role) => role.key === "office") as RoleDefinition), key: "a", verbs: [], purposes: [] };
    const policy = policyOf({ roles: [masked, grants([])], rolesOf: [["a", "b"], ["b"]], departmentOf: [1, 1], parents: [] });
    expect(weigh(policy, { what: "role-definition", definition: grants(["reveal"]) })).toEqual({ needsConsent: true, beneficiaries: [1] });
    const apart = policyOf({ roles: [masked, grants([])], rolesOf: [["a"], ["b"]], departmentOf: [1, 1], parents: [] });
    expect(weigh(apart, { what: "role-definition", definition: grants(["reveal"]) })).toEqual({ needsConsent: false, beneficiaries: [] });
  });
});

describe("the harmless roles of an invitation", () => {
  test("together reach nothing personal, and none that could be added is left out", () => {
    const policy = policyOf({ roles: shippedRoles, rolesOf: [], departmentOf: [], parents: [] });
    expect(harmlessRoles(policy, ["sales", "executive", "auditor", "system-administrator", "desk-operator", "contractor"])).toEqual([
      "executive",
      "system-administrator",
      "contractor",
    ]);
  });
});
