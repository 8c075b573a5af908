import type { FieldChoice, FieldType } from "#shared/fields.ts";
import { holdsCardNumber } from "#shared/find-card-number.ts";
import { readValue } from "#shared/read-value.ts";
import { cleanText } from "./clean-text.ts";
import { normaliseDate } from "./normalise-date.ts";
import { normalisePhone } from "./normalise-phone.ts";
import type { RowProblemCode } from "./row-problem.ts";

/** `others`: further phone numbers or mail addresses of the same cell. An empty cell gives the value "". */
export type Normalised = { readonly value: string; readonly others?: readonly string[] } | { readonly problem: RowProblemCode };

/** Longest value of each type in UTF-16 units. */
const limits: Readonly<Record<FieldType, number>> = {
  name: 200,
  kana: 200,
  text: 200,
  code: 100,
  mail: 254,
  phone: 100,
  postal: 20,
  address: 500,
  date: 40,
  choice: 50,
  notes: 4000,
  number: 60,
  multi: 4000,
  url: 2000,
  flag: 20,
};

/**
 * Bring the text of a cell, or of a form, into the shape in which values of its type are kept. What cannot be read for
 * sure is refused with its code and never guessed.
 */
export function normalise(type: FieldType, text: string, options: { is1904?: boolean; choices?: readonly FieldChoice[] } = {}): Normalised {
  if (text === "") return empty;
  const cleaned = cleanText(text);
  if ("problem" in cleaned) return cleaned;
  const { value } = cleaned;
  if (value === "") return empty;
  if (holdsCardNumber(value)) return { problem: "card-number" };
  if (value.length > limits[type]) return { problem: "too-long" };
  switch (type) {
    case "name":
      return { value: joinSpaces(value) };
    case "kana":
      return { value: toKatakana(value) };
    case "mail":
      return normaliseMail(value);
    case "phone": {
      if (isNothing(value)) return empty;
      const phone = normalisePhone(value);
      if (phone === undefined) return { problem: "bad-phone" };
      return phone.others.length === 0 ? { value: phone.value } : phone;
    }
    case "postal":
      return normalisePostal(value);
    case "date": {
      if (isNothing(value)) return empty;
      const date = normaliseDate(value, options.is1904 ?? false);
      return date === undefined ? { problem: "bad-date" } : { value: date };
    }
    case "choice":
      return options.choices === undefined
        ? { value: normaliseGender(value) }
        : isNothing(value)
          ? empty
          : readValue({ type, choices: options.choices }, value);
    case "number":
    case "multi":
    case "url":
      return isNothing(value) ? empty : readValue({ type, choices: options.choices ?? [] }, value);
    case "flag":
      return readValue({ type, choices: [] }, value);
    case "code":
      return { value: value.normalize("NFKC").replace(/\s+/g, " ") };
    case "notes":
      return { value };
    case "text":
    case "address":
      return { value: value.replace(/\s{2,}|[\n\t]/g, " ") };
  }
}

const empty = { value: "" } as const;

/** How people write that there is nothing. */
function isNothing(value: string): boolean {
  return /^(?:[-‐－ー―/／*＊]+|なし|無し?|不明|未登録|n\/a|none|null)$/i.test(value);
}

/** One space between the parts of a name: full-width between Japanese characters, plain between others. */
function joinSpaces(name: string): string {
  if (!/[\s\u3000]/.test(name)) return name;
  return name.replace(/(\S?)[\s\u3000]+(\S?)/gu, (_, left: string, right: string) => {
    const isLatin = isNarrow(left) || isNarrow(right);
    return `${left}${isLatin ? " " : "\u3000"}${right}`;
  });
}

const isNarrow = (character: string): boolean => character !== "" && character < "\u0250";

function toKatakana(value: string): string {
  const wide = value.normalize("NFKC").replace(/[\u3041-\u3096\u309d\u309e]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) + 0x60));
  return joinSpaces(wide);
}

/**
 * HTML's "valid e-mail address" with a dot in the domain. Consecutive and trailing dots in the local part pass: Japanese
 * carriers handed such addresses out for years. The domain is lower-cased, the local part is kept.
 */
const mailAddress = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.)+[\p{L}][\p{L}\p{N}-]{0,61}[\p{L}\p{N}]$/u;

function normaliseMail(value: string): Normalised {
  if (isNothing(value)) return empty;
  const folded = value.normalize("NFKC");
  const bracketed = folded.match(/<[^<>]+@[^<>]+>/g)?.map((part) => part.slice(1, -1));
  const parts = (bracketed ?? folded.split(/[,;、\n]|\s+(?=\S+@)/))
    .map((part) => part.replace(/^\s*mailto:/i, "").replace(/\s+/g, ""))
    .filter((part) => part !== "");
  const addresses: string[] = [];
  for (const part of parts) {
    if (!mailAddress.test(part)) return { problem: "bad-mail" };
    const at = part.lastIndexOf("@");
    const address = part.slice(0, at) + part.slice(at).toLowerCase();
    if (!addresses.includes(address)) addresses.push(address);
  }
  const [first, ...others] = addresses;
  if (first === undefined) return { problem: "bad-mail" };
  return others.length === 0 ? { value: first } : { value: first, others };
}

/** Seven digits; six are seven whose zero a spreadsheet dropped. Five may be the code of before 1998 and are refused. */
function normalisePostal(value: string): Normalised {
  if (isNothing(value)) return empty;
  const folded = value
    .normalize("NFKC")
    .replace(/^〒\s*/, "")
    .replace(/[‐‑‒–—―−ー]/g, "-")
    .replace(/\s+/g, "");
  const found = /^(\d{2,3})-?(\d{4})$/.exec(folded);
  if (found === null) return { problem: "bad-postal" };
  return { value: `${(found[1] as string).padStart(3, "0")}-${found[2] as string}` };
}

/** ISO/IEC 5218 numbers and the usual words; anything else is kept as it was typed (0 and 9 too: some count men from 0). */
function normaliseGender(value: string): string {
  const folded = value.normalize("NFKC").trim().toLowerCase();
  if (/^(?:1|男|男性|男子|おとこ|m|male|man)$/.test(folded)) return "男性";
  if (/^(?:2|女|女性|女子|おんな|f|female|woman)$/.test(folded)) return "女性";
  if (/^(?:その他|他|x|other|non-?binary)$/.test(folded)) return "その他";
  if (isNothing(value) || /^(?:未回答|回答しない|無回答|unknown)$/.test(folded)) return "";
  return value;
}
