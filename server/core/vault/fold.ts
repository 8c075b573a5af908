import type { FieldType } from "#shared/fields.ts";
import { withoutCompanyForm, withoutLatinForm } from "./company-forms.ts";
import { foldAddress } from "./fold-address.ts";
import { unifyCharacters, unifyDoubled, unifyKe, unifyLetters } from "./fold-characters.ts";

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
      return stable(value, (text) =>
        unifyCharacters(text)
          .replace(/[\s]/g, "")
          .replace(/[‐‑‒–—―−ー─]/g, "-"),
      );
    case "name":
    case "kana":
      return stable(value, foldName);
    case "address":
      return stable(value, foldAddress);
    case "text":
    case "notes":
    case "choice":
    case "multi":
    case "flag":
    case "number":
    case "url":
    case "date":
      return stable(value, (text) => unifyLetters(unifyCharacters(text), true));
  }
}

/** What a second round never changes, since these characters were left by a first one: most of what was folded. */
const settled = /^[a-z0-9アイウエオ-ヂツ-モヤユヨラ-ロワンヽヾ々一-鿿]*$/;
const settledAddress = /^[a-z0-9アイウエオ-ヂツ-ネハ-モヤユヨラ-ロワンヽヾ々一-鿿-]*$/;
/** In an address these can come together when something between them was left out. */
const unsettled = /[丁番号十百字]|[\u3005\u4e00-\u9fff]ガ|([\u4e00-\u9fff])\1/;

/** Repeats a fold until nothing changes: leaving characters out can bring others together that belong together. */
function stable(value: string, once: (text: string) => string): string {
  let text = once(value);
  for (let round = 0; round < 16; round++) {
    if (once === foldName && settled.test(text)) return text;
    if (once === foldAddress && settledAddress.test(text) && !unsettled.test(text)) return text;
    const next = once(text);
    if (next === text) return text;
    text = next;
  }
  return text;
}

function foldName(value: string): string {
  return unifyDoubled(unifyKe(withoutCompanyForm(unifyLetters(withoutLatinForm(unifyCharacters(value)), false))));
}

/** Digits in the national form: +81 (ITU-T E.164) becomes the trunk 0; what follows an extension's name is left out. */
function foldPhone(value: string): string {
  return unifyCharacters(value)
    .replace(/(?:内線|内|ext|転送|#|;|x).*$/s, "")
    .replace(/^[\s(]*\+\s*81[\s().-]*?(?:\(?0\)?)?(?=[\s().-]*[1-9])/, "0")
    .replace(/[^0-9]/g, "");
}
