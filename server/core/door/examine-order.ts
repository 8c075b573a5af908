import { fieldOf } from "#server/core/access/policy.ts";
import type { Context } from "./context.ts";
import { compareOrderKeys, orderKeyOf, type OrderKey } from "./order-keys.ts";
import type { SealedRecord } from "./sealed-record.ts";

/**
 * Orders records by a field without showing it: numbers in ascending order of the folded value, then of number. A row
 * whose value the caller does not see in full, or that has none, stands at the end by number: its place says nothing.
 */
export function examineOrder(context: Context, records: readonly SealedRecord[], key: string, descending: boolean): number[] {
  const known: OrderKey[] = [];
  const rest: number[] = [];
  for (const record of records) {
    const field = fieldOf(context.policy, record.kind, key);
    const found = field === undefined ? undefined : orderKeyOf(context, record, field, "caller");
    if (found === undefined) {
      rest.push(record.no);
    } else {
      known.push(found);
    }
  }
  known.sort(compareOrderKeys);
  if (descending) {
    known.reverse();
  }
  rest.sort((a, b) => a - b);
  return [...known.map((item) => item.no), ...rest];
}
