import type { Field } from "#server/core/access/policy.ts";
import { foldHeader, type ColumnGuess } from "./reading/index.ts";

/**
 * Guesses with the organisation's own fields, and those it calls by another name: a header that is such a label means that
 * field, whatever its words or its cells look like otherwise. Each field is taken by the first such column.
 */
export function guessOwnFields(
  guesses: readonly ColumnGuess[],
  headers: readonly string[],
  fields: readonly Pick<Field, "key" | "ja" | "en" | "isOwn">[],
): readonly ColumnGuess[] {
  const byLabel = new Map<string, string>();
  for (const field of fields) {
    if (field.isOwn) {
      for (const label of [field.ja, field.en]) {
        const folded = foldHeader(label);
        if (folded !== "" && !byLabel.has(folded)) {
          byLabel.set(folded, field.key);
        }
      }
    }
  }
  const taken = new Set<string>();
  return guesses.map((guess) => {
    const key = byLabel.get(foldHeader(headers[guess.column] ?? ""));
    if (key === undefined || taken.has(key)) {
      return guess;
    }
    taken.add(key);
    return { column: guess.column, field: key, confidence: 0.95, reason: "header" };
  });
}
