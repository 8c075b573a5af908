import type { Context } from "./context.ts";
import { textOf } from "./release.ts";
import type { SealedText } from "./sealed-record.ts";

/**
 * Which of the stored JSON texts say the same as a typed one in the given parts: opens, compares, forgets. One answer a pair, in
 * order. Whether the caller may read the texts was decided before.
 */
export function examineSameParts(
  context: Context,
  pairs: readonly { readonly stored: SealedText; readonly typed: Readonly<Record<string, string>> }[],
  keys: readonly string[],
): boolean[] {
  const opened = new Map<SealedText, Readonly<Record<string, unknown>> | null>();
  return pairs.map(({ stored, typed }) => {
    let parts = opened.get(stored);
    if (parts === undefined) {
      const text = textOf(context.door.vault, stored);
      parts = text === null ? null : (JSON.parse(text) as Readonly<Record<string, unknown>>);
      opened.set(stored, parts);
    }
    return parts !== null && keys.every((key) => (parts[key] ?? "") === (typed[key] ?? ""));
  });
}
