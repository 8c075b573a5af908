import { showsOf, openField } from "./release.ts";
import type { Field } from "#server/core/access/policy.ts";
import { fold } from "#server/core/vault/index.ts";
import type { Context } from "./context.ts";
import type { SealedRecord } from "./sealed-record.ts";

/** A record's place by a field while it is examined. Never leaves core/door. */
export interface OrderKey {
  readonly no: number;
  readonly folded: string | number;
}

/** For whom an order is made: the caller, by the rights on each row; or the house, whose order is sealed again unseen. */
export type OrderedFor = "caller" | "house";

/** What a record is ordered by; undefined where the value is not to be seen in full, or there is none. */
export function orderKeyOf(context: Context, record: SealedRecord, field: Field, orderedFor: OrderedFor): OrderKey | undefined {
  if (orderedFor === "caller" && showsOf(context.policy, context.actor.rights, record, field) !== 2) {
    return undefined;
  }
  const value = openField(context.door.vault, record, field);
  return value === undefined ? undefined : { no: record.no, folded: field.type === "number" ? Number(value) : fold(field.type, value) };
}

export function compareOrderKeys(a: OrderKey, b: OrderKey): number {
  return a.folded < b.folded ? -1 : a.folded > b.folded ? 1 : a.no - b.no;
}
