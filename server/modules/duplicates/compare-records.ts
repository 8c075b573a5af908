import { levelOf, relationOf } from "#server/core/access/compile.ts";
import { recordFieldsOf } from "#server/core/access/policy.ts";
import { examineFuller, SealedValues, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { readForMerge, type MergeRow } from "#server/modules/customers/index.ts";
import type { compareRecords as endpoint, MergeKind } from "#shared/duplicates.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { fieldClasses } from "#shared/rights.ts";
import { Problem } from "#shared/problems.ts";

/** Whether something of a row may be written: what merging asks for on each side. */
export function mayWrite(context: Context, kind: MergeKind, row: MergeRow): boolean {
  const { rights, principal } = context.actor;
  return principal !== "account" || fieldClasses.some((name) => levelOf(rights, kind, relationOf(rights, row.record), name).level === "write");
}

/** Records side by side, with the values that a merge would take by itself. */
export async function compareRecords(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { kind, numbers } = input.body;
  const rows = await readForMerge(context, kind, numbers);
  if (rows.length !== new Set(numbers).size || rows.length !== numbers.length) {
    throw new Problem("not-found");
  }
  const keys = recordFieldsOf(context.policy, kind).map((field) => field.key);
  rows.forEach((row) => context.journal.touched(kind, row.no));
  const newestFirst = rows.toSorted((a, b) => b.updatedAt.getTime() - a.updatedAt.getTime() || b.no - a.no).map((row) => row.record);
  return {
    records: rows.map((row) => ({
      no: row.no,
      version: row.version,
      state: row.state,
      ownerNo: row.record.ownerNo,
      cellNo: row.record.cellNo,
      updatedAt: row.updatedAt.toISOString(),
      mayWrite: mayWrite(context, kind, row),
      values: new SealedValues(row.record, keys),
    })),
    suggested: Object.fromEntries(examineFuller(context, kind, newestFirst)),
  };
}
