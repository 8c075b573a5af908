import { fieldOf } from "#server/core/access/policy.ts";
import type { Context } from "./context.ts";
import { openField, showsOf } from "./release.ts";
import type { SealedRecord } from "./sealed-record.ts";

/**
 * Numbers of the records that have a value in a field which the caller may read, masked or not. A mask would say as much: an
 * empty field is shown as empty. What is asked for afterwards can then be only what will be used.
 */
export function examinePresence(context: Context, records: readonly SealedRecord[], key: string): Set<number> {
  return new Set(
    records
      .filter((record) => {
        const field = fieldOf(context.policy, record.kind, key);
        return (
          field !== undefined && showsOf(context.policy, context.actor.rights, record, field) > 0 && openField(context.door.vault, record, field) !== undefined
        );
      })
      .map((record) => record.no),
  );
}
