import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { kinds } from "#shared/rights.ts";
import type { Grant, RoleDefinition, Verb } from "#shared/rights.ts";
import { anyRole } from "#tests/support/any-role.ts";
import { roleSets } from "#tests/support/access-cases.ts";
import { addsPersonal, reachesPersonal } from "./adds-personal.ts";
import { shippedRoles } from "./shipped-roles.ts";

/*
 * The oracle asks, row by row and value by value, what somebody with these roles could do with it, straight from the
 * grants: what of it was not possible before?
 */
const rows = [
  { isOwn: false, isInCells: false },
  { isOwn: true, isInCells: false },
  { isOwn: false, isInCells: true },
  { isOwn: true, isInCells: true },
];
const acts = ["read it", "see it unmasked", "get it in full", "contact", "answer-person", "export", "print", "send", "attachment"] as const;

function reaches(grant: Grant, row: (typeof rows)[number]): boolean {
  return grant.scope === "all" || (grant.scope === "own" && row.isOwn) || (grant.scope === "department" && row.isInCells);
}

function possible(roles: readonly RoleDefinition[]): string[] {
  const has = (verb: Verb): boolean => roles.some((role) => role.verbs.includes(verb));
  const found: string[] = [];
  for (const verb of [
    "consent-rights",
    "approve",
    "manage-fields",
    "read-exposures",
    "read-ledger",
    "handle-incidents",
    "keep-evidence",
    "answer-callers",
  ] as const)
    if (has(verb)) found.push(verb);
  for (const kind of kinds) {
    for (const [rowNo, row] of rows.entries()) {
      for (const fieldClass of ["personal", "sensitive"] as const) {
        const reading = roles
          .flatMap((role) => role.grants)
          .filter((grant) => grant.kind === kind && reaches(grant, row) && grant.levels[fieldClass] !== "none");
        const isRead = reading.length > 0;
        const isUnmasked = reading.some((grant) => !grant.masked.includes(fieldClass));
        const isRevealed = isRead && has("reveal") && roles.some((role) => role.purposes.length > 0);
        for (const act of acts) {
          const can =
            act === "read it" ? isRead : act === "see it unmasked" ? isUnmasked : act === "get it in full" ? isUnmasked || isRevealed : isRead && has(act);
          if (can) found.push(`${kind} ${rowNo} ${fieldClass} ${act}`);
        }
      }
    }
  }
  return found;
}

function oracle(before: readonly RoleDefinition[], after: readonly RoleDefinition[]): boolean {
  const had = possible(before);
  return possible(after).some((act) => !had.includes(act));
}

const role = (key: string): RoleDefinition => shippedRoles.find((one) => one.key === key) as RoleDefinition;

describe("a change of roles", () => {
  it("needs consent exactly when somebody could do something new with a personal value: every shipped role and pair to every other", () => {
    const sets = roleSets(shippedRoles);
    const wrong = sets.flatMap((before) =>
      sets
        .filter((after) => addsPersonal(before, after) !== oracle(before, after))
        .map((after) => `${before.map((one) => one.key).join("+")} → ${after.map((one) => one.key).join("+")}`),
    );
    expect(wrong).toEqual([]);
  });

  it("needs consent by the same rule for roles that an organisation may define itself", () => {
    const anyRoles = fc.array(anyRole, { maxLength: 3 });
    fc.assert(
      fc.property(anyRoles, anyRoles, (before, after) => {
        expect(addsPersonal(before, after)).toBe(oracle(before, after));
      }),
      { numRuns: 300 },
    );
  });

  it("needs none when roles only go", () => {
    fc.assert(
      fc.property(fc.array(anyRole, { maxLength: 3 }), fc.nat(3), (roles, at) => {
        expect(addsPersonal(roles, roles.toSpliced(at, 1))).toBe(false);
      }),
    );
  });

  it("cannot be split into steps that need no consent one by one", () => {
    const anyRoles = fc.array(anyRole, { maxLength: 2 });
    fc.assert(
      fc.property(anyRoles, anyRoles, anyRoles, (before, between, after) => {
        fc.pre(!addsPersonal(before, between) && !addsPersonal(between, after));
        expect(addsPersonal(before, after)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it("needs consent to make an administrator or a friend a reader, a consenter or a reader of the ledger", () => {
    const administrator = role("system-administrator");
    for (const key of ["sales", "office", "manager", "privacy-officer", "auditor"]) {
      expect(addsPersonal([administrator], [administrator, role(key)])).toBe(true);
      expect(addsPersonal([], [role(key)])).toBe(true);
    }
    const consenter: RoleDefinition = { ...role("contractor"), verbs: ["consent-rights"] };
    const classer: RoleDefinition = { ...role("contractor"), verbs: ["manage-fields"] };
    expect(addsPersonal([administrator], [administrator, consenter])).toBe(true);
    expect(addsPersonal([administrator], [administrator, classer])).toBe(true);
  });

  it("needs none between roles that reach no personal value", () => {
    for (const key of ["system-administrator", "executive", "contractor"]) expect(reachesPersonal([role(key)])).toBe(false);
    expect(addsPersonal([], [role("system-administrator"), role("executive")])).toBe(false);
  });
});
