import { kinds } from "#shared/rights.ts";
import type { FieldClass, RoleDefinition, Verb } from "#shared/rights.ts";
import { canRead, compileRights, hasVerb, levelOf, relations } from "./compile.ts";
import type { Rights } from "./compile.ts";

const personalClasses: readonly FieldClass[] = ["personal", "sensitive"];

/** Ways by which a value that may be read leaves the screen. */
const outlets: readonly Verb[] = ["contact", "export", "print", "send", "attachment", "answer-person"];

/**
 * Verbs that lead to personal values without any grant on a class: consenting to one's friends' rights or lists, classing a
 * field as less than it is, the ledger, which shows what was searched for, what colleagues looked at, which is personal to
 * them, and incidents, which say of whom something got out, to callers at the desk too.
 */
const detours: readonly Verb[] = [
  "consent-rights",
  "approve",
  "manage-fields",
  "read-exposures",
  "read-ledger",
  "handle-incidents",
  "keep-evidence",
  "answer-callers",
];

const rightsOf = (roles: readonly RoleDefinition[]): Rights => compileRights({ roles, accountNo: 1, cells: [] });

/**
 * What an account with `rights` can do with personal values, as names: for each kind, relation and personal class
 * whether it is read, shown unmasked, obtainable in full (unmasked, or by a reveal), and each outlet.
 */
function powersOf(rights: Rights): Set<string> {
  const powers = new Set<string>(detours.filter((verb) => hasVerb(rights, verb)));
  const canReveal = hasVerb(rights, "reveal") && rights.purposes !== 0;
  for (const kind of kinds) {
    for (const relation of relations) {
      for (const fieldClass of personalClasses) {
        const right = levelOf(rights, kind, relation, fieldClass);
        if (!canRead(right)) continue;
        const at = `${kind} ${relation} ${fieldClass}`;
        powers.add(`${at} read`);
        if (!right.masked) powers.add(`${at} unmasked`);
        if (!right.masked || canReveal) powers.add(`${at} in full`);
        for (const verb of outlets) if (hasVerb(rights, verb)) powers.add(`${at} ${verb}`);
      }
    }
  }
  return powers;
}

/**
 * Whether an account whose roles change from `before` to `after` gains a personal or sensitive value it had not: newly
 * readable, in a wider scope, unmasked, revealable, or by a new outlet or detour. Such a change needs the privacy
 * officer's consent. The account's department is left out: a department-wide grant counts as if it reached someone.
 */
export function addsPersonal(before: readonly RoleDefinition[], after: readonly RoleDefinition[]): boolean {
  const had = powersOf(rightsOf(before));
  for (const power of powersOf(rightsOf(after))) if (!had.has(power)) return true;
  return false;
}

/** Whether an account with these roles reaches any personal value: then moving it or resetting its factor needs consent too. */
export function reachesPersonal(roles: readonly RoleDefinition[]): boolean {
  return addsPersonal([], roles);
}
