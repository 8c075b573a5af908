import { levelOf, relationOf } from "#server/core/access/compile.ts";
import { fieldOf, type Field } from "#server/core/access/policy.ts";
import { Problem } from "#shared/problems.ts";
import type { Context } from "./context.ts";
import { openField, showsOf } from "./release.ts";
import { sealChanges, type SealedChange } from "./seal-changes.ts";
import type { SealedRecord } from "./sealed-record.ts";

/**
 * Seals values of other records into one, field by field (`takes`: field key → the record whose value it gets). The values go
 * from key to key within the door; no use case holds one. Whoever does it must be able to write the field on both records, and
 * sees no more of it afterwards than on the record it came from.
 * @throws Problem not-permitted, invalid-input, card-number
 */
export function sealFrom(context: Context, given: { into: SealedRecord; version: number; takes: ReadonlyMap<string, SealedRecord> }): SealedChange {
  const { into } = given;
  const values: Record<string, string | null> = {};
  for (const [key, from] of given.takes) {
    const field = fieldOf(context.policy, into.kind, key);
    if (field === undefined || field.place === "attached" || from.kind !== into.kind) {
      throw new Problem("invalid-input", { field: "choices" });
    }
    demandMove(context, field, from, into);
    values[key] = openField(context.door.vault, from, field) ?? null;
  }
  return sealChanges(context, {
    kind: into.kind,
    no: into.no,
    ownerNo: into.ownerNo,
    cellNo: into.cellNo,
    version: given.version,
    former: into,
    values,
    isMoved: true,
  });
}

function demandMove(context: Context, field: Field, from: SealedRecord, into: SealedRecord): void {
  const { actor, policy } = context;
  if (actor.principal !== "account") {
    return;
  }
  const isWritable = levelOf(actor.rights, from.kind, relationOf(actor.rights, from), field.class).level === "write";
  if (!isWritable || showsOf(policy, actor.rights, into, field) > showsOf(policy, actor.rights, from, field)) {
    throw new Problem("not-permitted", { field: field.key });
  }
}
