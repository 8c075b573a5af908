import { fieldOf } from "#server/core/access/policy.ts";
import { fold } from "#server/core/vault/index.ts";
import type { Context } from "./context.ts";
import { openField, showsOf } from "./release.ts";
import type { SealedRecord } from "./sealed-record.ts";

/**
 * Orders records by a field without showing it: numbers in ascending order of the folded value, then of number. A row
 * whose value the caller does not see in full, or that has none, stands at the end by number: its place says nothing.
 */
export function examineOrder(context: Context, records: readonly SealedRecord[], key: string, descending: boolean): number[] {
  const known: { no: number; folded: string | number }[] = [];
  const rest: number[] = [];
  for (const record of records) {
    const field = fieldOf(context.policy, record.kind, key);
    const value =
      field !== undefined && showsOf(context.policy, context.actor.rights, record, field) === 2 ? openField(context.door.vault, record, field) : undefined;
    if (field === undefined || value === undefined) {
      rest.push(record.no);
    } else {
      known.push({ no: record.no, folded: field.type === "number" ? Number(value) : fold(field.type, value) });
    }
  }
  known.sort((a, b) => (a.folded < b.folded ? -1 : a.folded > b.folded ? 1 : a.no - b.no));
  if (descending) {
    known.reverse();
  }
  rest.sort((a, b) => a - b);
  return [...known.map((item) => item.no), ...rest];
}
