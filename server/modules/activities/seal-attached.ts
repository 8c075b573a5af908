import { sealText, type Context } from "#server/core/door/index.ts";
import { findCardNumbers } from "#shared/find-card-number.ts";
import { Problem } from "#shared/problems.ts";
import type { NoteSubject } from "./note-records.ts";

/**
 * Seals a text under the key of the customer or company that it is about, in the class of its attached field; null for
 * nothing but blanks.
 * @throws Problem card-number
 */
export function sealAttached(context: Context, { kind, no, field }: Pick<NoteSubject, "kind" | "no" | "field">, version: number, text: string): Buffer | null {
  const trimmed = text.trim();
  if (trimmed === "") {
    return null;
  }
  if (findCardNumbers(trimmed).length > 0) {
    throw new Problem("card-number", { field: field.key });
  }
  return sealText(context.door.vault, { kind, no }, field.targetClass ?? field.class, version, { [field.key]: trimmed });
}
