import type { SealedRecord } from "./sealed-record.ts";

/** What a list in a reply tells of a record: that these fields are, or are not, what somebody typed. */
export interface Confirmation {
  readonly record: SealedRecord;
  readonly keys: readonly string[];
}

const confirmations = new WeakMap<object, Confirmation>();

/**
 * Marks a list of reasons as telling something of fields of a record without showing their values: whoever types a value and
 * is told that it is the one has learnt it. When the reply is built with this list in it, the fields stand in its event as
 * released in part, where they are not in full already.
 */
export function confirming<Item>(record: SealedRecord, keys: readonly string[], told: readonly Item[]): readonly Item[] {
  confirmations.set(told, { record, keys });
  return told;
}

export function confirmationOf(list: object): Confirmation | undefined {
  return confirmations.get(list);
}
