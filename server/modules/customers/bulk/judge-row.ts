import { relationOf } from "#server/core/access/compile.ts";
import { gainsByMove } from "#server/core/access/gains-by-move.ts";
import type { Context } from "#server/core/door/index.ts";
import type { BulkKind } from "#shared/bulk.ts";
import type { CustomerRow } from "../customer-records.ts";
import { mayWriteFields, mayWriteSome } from "../may-write.ts";
import type { Goal } from "./operation-records.ts";

/** What an operation may do with a customer. `stayed`: it is as wished already. */
export type Verdict = "change" | "stayed" | "no-right" | "would-gain" | "other-state" | "suspended";

/**
 * What whoever began an operation may do with one row, by the rights of the context. The same for the preview and for the
 * work itself, so that many at once is never more than one at a time.
 */
export function judgeRow(context: Context, row: CustomerRow, kind: BulkKind, goal: Goal): Verdict {
  const { rights } = context.actor;
  const from = relationOf(rights, row);
  if (!mayWriteSome(rights, from) || !mayWriteFields(context, from, goal.fields ?? [])) {
    return "no-right";
  }
  if (row.state !== (kind === "restore" ? "trashed" : "active")) {
    return "other-state";
  }
  if (kind === "trash" || kind === "restore") {
    return "change";
  }
  if (row.isSuspended && kind === "change") {
    return "suspended";
  }
  const to = placeAfter(row, goal);
  if (gainsByMove(rights, "customer", from, relationOf(rights, to))) {
    return "would-gain";
  }
  const isAsWished =
    (goal.fields ?? []).length === 0 &&
    to.ownerNo === row.ownerNo &&
    to.cellNo === row.cellNo &&
    (goal.companyNo === undefined || goal.companyNo === row.companyNo);
  return isAsWished ? "stayed" : "change";
}

/** Where a row stands when an operation is through with it. */
export function placeAfter(row: CustomerRow, goal: Goal): { ownerNo: number | null; cellNo: number } {
  return { ownerNo: goal.ownerNo === undefined ? row.ownerNo : goal.ownerNo, cellNo: goal.cellNo ?? row.cellNo };
}
