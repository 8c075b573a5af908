import { addsPersonal, reachesPersonal } from "#server/core/access/adds-personal.ts";
import { inCells, levelOf, own, unrelated, closest, type Relation, type Rights } from "#server/core/access/compile.ts";
import { cellsBelow, rightsOf, type Policy } from "#server/core/access/policy.ts";
import { kinds, levels, type RoleDefinition } from "#shared/rights.ts";
import { policyAfter, type Change } from "./change.ts";

/** Whether a change needs the privacy officer's consent, and whom it would give readable personal values. */
export interface Weight {
  readonly needsConsent: boolean;
  /** Account numbers, ascending. Empty where nobody holds the role yet. */
  readonly beneficiaries: readonly number[];
}

const personalClasses = ["personal", "sensitive"] as const;

/**
 * Weighs a change against the policy as it stands: what gives anybody a personal value that they did not reach, in any of the
 * ways that access/adds-personal.ts knows, or by cells that they did not have; and what puts a reader's account into
 * other hands (a reset of the factors, enabling it again).
 */
export function weigh(policy: Policy, asked: Change): Weight {
  if (asked.what === "reset-factor" || asked.what === "enable-account") {
    const needsConsent = reachesPersonal(definitionsOf(policy, asked.accountNo));
    return { needsConsent, beneficiaries: needsConsent ? [asked.accountNo] : [] };
  }
  const after = policyAfter(policy, asked);
  const beneficiaries = gainers(policy, after);
  // A role that nobody holds is weighed too: it must not lie ready until somebody does.
  const isRicherRole =
    asked.what === "role-definition" &&
    addsPersonal(
      [policy.roles.get(asked.definition.key)].flatMap((role) => role ?? []),
      [asked.definition],
    );
  return { needsConsent: isRicherRole || beneficiaries.length > 0, beneficiaries };
}

/** The roles of `wanted` that may be given at once to somebody who holds none: together they reach nothing personal. */
export function harmlessRoles(policy: Policy, wanted: readonly string[]): string[] {
  const given: string[] = [];
  for (const key of wanted) {
    const together = [...given, key].flatMap((each) => policy.roles.get(each) ?? []);
    if (!reachesPersonal(together)) given.push(key);
  }
  return given;
}

function definitionsOf(policy: Policy, accountNo: number): RoleDefinition[] {
  return (policy.rolesOf.get(accountNo) ?? []).flatMap((key) => policy.roles.get(key) ?? []);
}

/** Accounts that reach a personal value after that they did not reach before, disabled ones too. */
function gainers(before: Policy, after: Policy): number[] {
  // Members of one department with the same roles gain alike.
  const known = new Map<string, boolean>();
  const found: number[] = [];
  for (const accountNo of after.rolesOf.keys()) {
    const key = JSON.stringify([before, after].map((policy) => [policy.rolesOf.get(accountNo), policy.departmentOf.get(accountNo)]));
    let gains = known.get(key);
    if (gains === undefined) {
      gains = gainsPersonal(before, after, accountNo);
      known.set(key, gains);
    }
    if (gains) found.push(accountNo);
  }
  return found.toSorted((a, b) => a - b);
}

function gainsPersonal(before: Policy, after: Policy, accountNo: number): boolean {
  if (addsPersonal(definitionsOf(before, accountNo), definitionsOf(after, accountNo))) return true;
  if (!readsMoreInCells(rightsOf(after, accountNo))) return false;
  const had = new Set(cellsBelow(before, before.departmentOf.get(accountNo) ?? null));
  return cellsBelow(after, after.departmentOf.get(accountNo) ?? null).some((cell) => !had.has(cell));
}

/** Whether it makes a difference to personal values which cells an account holds. */
function readsMoreInCells(rights: Rights): boolean {
  const isMore = (from: Relation, to: Relation): boolean =>
    kinds.some((kind) =>
      personalClasses.some((fieldClass) => {
        const outside = levelOf(rights, kind, from, fieldClass);
        const inside = levelOf(rights, kind, to, fieldClass);
        return levels.indexOf(inside.level) > levels.indexOf(outside.level) || (outside.masked && !inside.masked);
      }),
    );
  return isMore(unrelated, inCells) || isMore(own, closest);
}
