import { openBlobText } from "#server/core/vault/opening.ts";
import type { Subject } from "#server/core/vault/index.ts";
import type { Context } from "./context.ts";
import { sealChanges, type SealedChange } from "./seal-changes.ts";

/** Values by field key that stand sealed themselves, one blob a field class or one for all. */
export interface SealedSource {
  readonly subject: Subject;
  readonly blobs: readonly Buffer[];
}

/**
 * Seals into a record values that stand sealed elsewhere: typed for many records at once, or the former ones that an event
 * keeps. They are opened and sealed here and reach no use case. Who may write them is decided as ever.
 * @throws Problem as {@link sealChanges}; KeyErased when the source is gone
 */
export function sealChangesFrom(context: Context, given: Omit<Parameters<typeof sealChanges>[1], "values">, source: SealedSource): SealedChange {
  const values: Record<string, string | null> = {};
  for (const blob of source.blobs) {
    Object.assign(values, JSON.parse(openBlobText(context.door.vault, source.subject, blob)) as Record<string, string | null>);
  }
  return sealChanges(context, { ...given, values });
}
