import { levelOf, relationOf } from "#server/core/access/compile.ts";
import { recordFieldOf } from "#server/core/access/policy.ts";
import type { Context } from "#server/core/door/index.ts";
import { assignmentFields } from "./reading/index.ts";

/** A field that a column may become, apart from those that say who is in charge. */
export function isAssignment(key: string): boolean {
  return (assignmentFields as readonly string[]).includes(key);
}

/** Where a new row of an import stands. */
export interface Place {
  readonly ownerNo: number | null;
  readonly cellNo: number;
}

/**
 * Whether an account may write a field of a row that stands there; the console and the house write everything. The rights
 * are those of the context, which for a job are its account's as they stand now.
 */
export function mayWriteField(context: Context, accountNo: number | null, place: Place, key: string): boolean {
  if (accountNo === null) {
    return true;
  }
  const field = recordFieldOf(context.policy, "customer", key);
  const { rights } = context.actor;
  return field !== undefined && levelOf(rights, "customer", relationOf(rights, place), field.class).level === "write";
}

/**
 * Who owns the rows that name nobody: nobody, where the account may write such rows of the cell; else the account itself,
 * whose own rows it may write. Undefined when it may write neither.
 */
export function defaultOwner(context: Context, accountNo: number | null, cellNo: number, keys: readonly string[]): number | null | undefined {
  if (accountNo !== null && !context.actor.cells.includes(cellNo)) {
    return undefined;
  }
  for (const ownerNo of [null, accountNo]) {
    if (keys.every((key) => isAssignment(key) || mayWriteField(context, accountNo, { ownerNo, cellNo }, key))) {
      return ownerNo;
    }
  }
  return undefined;
}
