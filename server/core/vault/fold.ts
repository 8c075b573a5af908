import type { FieldType } from "#shared/fields.ts";
import { withoutCompanyForm, withoutLatinForm } from "./company-forms.ts";
import { foldAddress } from "./fold-address.ts";
import { unifyCharacters, unifyLetters, unifySpellings } from "./fold-characters.ts";

/**
 * The form of a value, or of a typed term, that search compares: what stands apart by writing habit only is alike in
 * it. Pure and idempotent; what nobody can be looked up by is the empty text.
 */
export function fold(type: FieldType, value: string): string {
  switch (type) {
    case "phone":
      return foldPhone(value);
    case "postal":
      return unifyCharacters(value).replace(/[^0-9]/g, "");
    case "mail":
      return stable(value, (text) => unifyCharacters(text).replace(/\s/g, ""));
    case "code":
      return stable(value, (text) => unifyCharacters(text).replace(/[\s]/g, "").replace(/[‐‑‒–—―−ー─]/g, "-"));
    case "name":
    case "kana":
      return stable(value, foldName);
    case "address":
      return stable(value, foldAddress);
    case "text":
    case "notes":
    case "choice":
    case "date":
      return stable(value, (text) => unifyLetters(unifyCharacters(text), true));
  }
}

/** Text that folding leaves as it is, without doubled kanji and brackets: most of what was folded once. */
const settled = /^[a-z0-9アイウエオ-ヂツ-モヤユヨラ-ロワンヽヾ々一-鿿]*$/;

/** Repeats a fold until nothing changes: leaving characters out can bring others together that belong together. */
function stable(value: string, once: (text: string) => string): string {
  let text = once(value);
  for (let round = 0; round < 16; round++) {
    if (once === foldName && settled.test(text)) return text;
    const next = once(text);
    if (next === text) return text;
    text = next;
  }
  return text;
}

function foldName(value: string): string {
  return unifySpellings(withoutCompanyForm(unifyLetters(withoutLatinForm(unifyCharacters(value)), false)));
}

/** Digits in the national form: +81 (ITU-T E.164) becomes the trunk 0; what follows an extension's name is left out. */
function foldPhone(value: string): string {
  return unifyCharacters(value)
    .replace(/(?:内線|内|ext|転送|#|;|x).*$/s, "")
    .replace(/^[\s(]*\+\s*81[\s().-]*?(?:\(?0\)?)?(?=[\s().-]*[1-9])/, "0")
    .replace(/[^0-9]/g, "");
}
