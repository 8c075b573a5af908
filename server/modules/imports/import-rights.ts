import { levelOf, relationOf } from "#server/core/access/compile.ts";
import { fieldOf, recordFieldOf } from "#server/core/access/policy.ts";
import type { Context } from "#server/core/door/index.ts";
import { buyerColumns, purchaseColumns } from "#shared/imports.ts";
import { assignmentFields } from "./reading/index.ts";

/** A field that a column may become, apart from those that say who is in charge. */
export function isAssignment(key: string): boolean {
  return (assignmentFields as readonly string[]).includes(key);
}

/** What a column of a file of purchases may become. */
export function isPurchaseColumn(key: string): boolean {
  return ([...purchaseColumns, ...buyerColumns] as readonly string[]).includes(key);
}

/**
 * Whether an account may write purchases of any customer at all: of those it looks after in its own department, if of anybody.
 * Whose in truth is decided customer by customer.
 */
export function mayImportPurchases(context: Context, accountNo: number | null): boolean {
  if (accountNo === null) {
    return true;
  }
  const field = fieldOf(context.policy, "customer", "purchase");
  const { rights, cells } = context.actor;
  return (
    field !== undefined && levelOf(rights, "customer", relationOf(rights, { ownerNo: accountNo, cellNo: cells[0] ?? null }), field.class).level === "write"
  );
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
