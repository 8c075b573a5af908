import type { Context } from "./context.ts";
import { openField } from "./release.ts";
import type { SealedRecord } from "./sealed-record.ts";

/** Shorter words stand in a password by chance. */
const shortestWord = { ideographs: 2, letters: 3 };

/**
 * Examines whether a chosen text is made of the values of a record (a password of one's own name or mail address): how many
 * characters of it are left when every word of the values is taken out. The values themselves stay in the door.
 */
export function examineOwnWords(context: Context, record: SealedRecord, text: string): number {
  const words: string[] = [];
  for (const field of context.policy.fields) {
    if (field.kind !== record.kind) continue;
    const value = openField(context.door.vault, record, field);
    if (value !== undefined) words.push(...wordsOf(value));
  }
  return restWithout(text, words);
}

/** The words of a value: 2 characters and more where they are not Latin letters or digits, else 3 and more. */
export function wordsOf(value: string): string[] {
  return value
    .normalize("NFKC")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => [...word].length >= (/^[\p{Script=Latin}\p{N}]+$/u.test(word) ? shortestWord.letters : shortestWord.ideographs));
}

/** How many characters of a text are left when each of the words is taken out wherever it stands, the longest first. */
export function restWithout(text: string, words: readonly string[]): number {
  let rest = text.normalize("NFKC").toLowerCase();
  for (const word of words.toSorted((a, b) => b.length - a.length)) {
    if (word !== "") rest = rest.replaceAll(word, "\0");
  }
  return [...rest.replaceAll("\0", "")].length;
}
