import { levelOf, relationOf } from "#server/core/access/compile.ts";
import { fold } from "#server/core/vault/index.ts";
import type { Kind } from "#shared/rights.ts";
import type { Context } from "./context.ts";
import { openField, showsOf } from "./release.ts";
import type { SealedRecord } from "./sealed-record.ts";

/**
 * Which record has the value to keep, by field, where the records differ: the newest that has one, unless another holds the
 * same and more of it (a name with its middle part, an address with its building). `records` stand newest first. Fields that
 * the caller does not see on all of them are left out; of masked ones only whether there is a value is weighed.
 */
export function examineFuller(context: Context, kind: Kind, records: readonly SealedRecord[]): Map<string, number> {
  const { policy, actor, door } = context;
  const suggested = new Map<string, number>();
  for (const field of policy.fields) {
    if (field.kind !== kind || field.place === "attached" || field.isArchived) {
      continue;
    }
    const shows = Math.min(...records.map((record) => showsOf(policy, actor.rights, record, field)));
    if (shows === 0 || records.some((record) => levelOf(actor.rights, kind, relationOf(actor.rights, record), field.class).level !== "write")) {
      continue;
    }
    const held = records.flatMap((record) => {
      const value = openField(door.vault, record, field);
      return value === undefined ? [] : [{ no: record.no, value, folded: fold(field.type, value) }];
    });
    const newest = held[0];
    if (newest === undefined || (shows === 2 && held.length === records.length && held.every(({ value }) => value === newest.value))) {
      continue;
    }
    let best = newest;
    if (shows === 2) {
      for (const one of held) {
        const isMore = one.folded === best.folded ? one.value.length > best.value.length : best.folded !== "" && one.folded.includes(best.folded);
        if (isMore) best = one;
      }
    }
    suggested.set(field.key, best.no);
  }
  return suggested;
}
