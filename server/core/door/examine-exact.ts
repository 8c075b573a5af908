import { fieldOf } from "#server/core/access/policy.ts";
import { fold } from "#server/core/vault/index.ts";
import type { Kind } from "#shared/rights.ts";
import type { Context } from "./context.ts";
import { openField, showsOf } from "./release.ts";
import type { SealedRecord } from "./sealed-record.ts";

/**
 * Which of the records have one of the given values in a field, each by its folded form: folded value → numbers, ascending.
 * For work on behalf of an account, a record whose field the account does not see in full answers to nothing.
 */
export function examineExact(
  context: Context,
  kind: Kind,
  key: string,
  values: Iterable<string>,
  records: readonly SealedRecord[],
  accountNo: number | null,
): Map<string, number[]> {
  const field = fieldOf(context.policy, kind, key);
  const found = new Map<string, number[]>();
  if (field === undefined) {
    return found;
  }
  const wanted = new Set<string>();
  for (const value of values) {
    wanted.add(fold(field.type, value));
  }
  wanted.delete("");
  for (const record of records) {
    if (accountNo !== null && showsOf(context.policy, context.actor.rights, record, field) !== 2) {
      continue;
    }
    const value = openField(context.door.vault, record, field);
    const folded = value === undefined ? "" : fold(field.type, value);
    if (wanted.has(folded)) {
      const numbers = found.get(folded);
      if (numbers === undefined) {
        found.set(folded, [record.no]);
      } else {
        numbers.push(record.no);
      }
    }
  }
  for (const numbers of found.values()) {
    numbers.sort((a, b) => a - b);
  }
  return found;
}
