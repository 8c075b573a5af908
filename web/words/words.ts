import { createContext, useContext } from "react";
import { formatDate, formatDateTime, formatShort, type Language } from "#web/words/format.ts";
import { en } from "#web/words/en.ts";
import { ja } from "#web/words/ja.ts";

export type Same<T> = {
  [K in keyof T]: T[K] extends (...given: infer A) => string ? (...given: A) => string : T[K] extends string ? string : Same<T[K]>;
};
/** The keys of the Japanese words with their shapes; both languages are held to it by the compiler. */
export type Words = Same<typeof ja>;

export interface Spoken {
  readonly language: Language;
  readonly w: Words;
  /** The label of a thing that carries both languages (fields, roles). */
  readonly label: (thing: { ja: string; en: string } | { labelJa: string; labelEn: string }) => string;
  /** Several things in a row: 「氏名、電話」 or "Name, Phone". */
  readonly list: (items: readonly string[]) => string;
  readonly date: (iso: string) => string;
  readonly dateTime: (iso: string) => string;
  /** For dense tables: the year only when it is another one. */
  readonly short: (iso: string) => string;
  readonly speak: (language: Language) => void;
}

export function spokenIn(language: Language, speak: (language: Language) => void): Spoken {
  const isJa = language === "ja";
  return {
    language,
    w: isJa ? ja : en,
    label: (thing) => ("ja" in thing ? (isJa ? thing.ja : thing.en) : isJa ? thing.labelJa : thing.labelEn),
    list: (items) => items.join(isJa ? "、" : ", "),
    date: (iso) => formatDate(new Date(iso), language),
    dateTime: (iso) => formatDateTime(new Date(iso), language),
    short: (iso) => formatShort(new Date(iso), new Date()),
    speak,
  };
}

export const SpokenContext = createContext<Spoken>(spokenIn("ja", () => {}));

export function useWords(): Spoken {
  return useContext(SpokenContext);
}
