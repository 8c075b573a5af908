import { fold } from "#server/core/vault/index.ts";
import { recordFields, type StandardField } from "#shared/fields.ts";

export const customerFields: readonly StandardField[] = recordFields.filter((field) => field.kind === "customer");

/** In the order of the lines of `search_text`. */
export const searchableFields: readonly StandardField[] = customerFields.filter((field) => field.searchable);

/** fullName → full_name. */
export const columnOf = (key: string): string => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
export const valueColumns: readonly string[] = customerFields.map((field) => columnOf(field.key));

/** Types whose beginning may be asked for by one character (^ stands before it). */
const anchored = new Set(["name", "kana", "mail"]);

/** Two characters as one int4; `^` and a character is a beginning. Characters beyond the basic plane share a few numbers. */
export const bigramCode = (first: string, second: string): number => ((first.codePointAt(0)! & 0xffff) << 16) | (second.codePointAt(0)! & 0xffff) | 0;

export interface PlainRow {
  /** In the order of {@link valueColumns}. */
  readonly values: readonly (string | null)[];
  readonly searchText: string;
  readonly bigrams: readonly number[];
  readonly mailKey: string | null;
  readonly phoneKey: string | null;
  readonly mobileKey: string | null;
  readonly personKey: string | null;
}

/** What the twin stores of a customer, given its values by field key. */
export function plainRow(values: Readonly<Record<string, string | null | undefined>>): PlainRow {
  const folded = new Map(searchableFields.map((field) => [field.key, values[field.key] ? fold(field.type, values[field.key]!) : ""]));
  const bigrams = new Set<number>();
  for (const field of searchableFields) {
    const characters = [...folded.get(field.key)!];
    for (let at = 0; at + 2 <= characters.length; at += 1) bigrams.add(bigramCode(characters[at]!, characters[at + 1]!));
    if (anchored.has(field.type) && characters.length > 0) bigrams.add(bigramCode("^", characters[0]!));
  }
  const key = (name: string): string | null => folded.get(name) || null;
  return {
    values: customerFields.map((field) => values[field.key] || null),
    searchText: `\n${searchableFields.map((field) => folded.get(field.key)).join("\n")}\n`,
    bigrams: [...bigrams],
    mailKey: key("mail"),
    phoneKey: key("phone"),
    mobileKey: key("mobile"),
    personKey: key("fullName") && key("address") ? `${key("fullName")}\n${key("address")}` : null,
  };
}

/** What stands in `scopes`: whoever asks has the same numbers. */
export const scopesOf = (ownerNo: number | null, cellNo: number): number[] => (ownerNo === null ? [cellNo] : [cellNo, -ownerNo]);
