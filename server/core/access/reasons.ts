import { fieldClasses } from "#shared/rights.ts";
import type { FieldClass, Kind, Level, Scope } from "#shared/rights.ts";
import { canRead, compileRights, levelOf, relationOf } from "./compile.ts";
import { cellsBelow, type Policy } from "./policy.ts";

/** One grant of one role by which an account reads a row, and what that grant alone gives: classes in rising order. */
export interface Reason {
  readonly role: string;
  readonly scope: Scope;
  readonly classes: readonly { readonly class: FieldClass; readonly level: Exclude<Level, "none">; readonly isMasked: boolean }[];
}

/**
 * Why an account reads a row: every grant that gives something of it, in the order of its roles. Each grant is compiled by itself
 * with the compiler that decides at the door, so that together they say what `levelOf` says (reasons.test.ts).
 */
export function reasonsOf(policy: Policy, accountNo: number, kind: Kind, row: { readonly ownerNo: number | null; readonly cellNo: number | null }): Reason[] {
  const cells = cellsBelow(policy, policy.departmentOf.get(accountNo) ?? null);
  return (policy.rolesOf.get(accountNo) ?? []).flatMap((key) => {
    const role = policy.roles.get(key);
    return (role?.grants ?? []).flatMap((grant) => {
      const rights = compileRights({ roles: [{ key, labelJa: "", labelEn: "", grants: [grant], verbs: [], purposes: [] }], accountNo, cells });
      const relation = relationOf(rights, row);
      const classes = fieldClasses.flatMap((fieldClass) => {
        const right = levelOf(rights, kind, relation, fieldClass);
        return canRead(right) ? [{ class: fieldClass, level: right.level as "read" | "write", isMasked: right.masked }] : [];
      });
      return classes.length === 0 ? [] : [{ role: key, scope: grant.scope, classes }];
    });
  });
}
