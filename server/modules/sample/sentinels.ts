import { firstOwnFieldNo, ownFieldTypes, recordFields, searchForms, standardFields, type FieldType } from "#shared/fields.ts";
import type { Kind } from "#shared/rights.ts";

/**
 * A seed in which every personal value is unique and can be recognised wherever it turns up. Each value holds a *core*
 * that stands nowhere else: five rare kanji, eight katakana, ten letters or a phone number, made from kind, number and
 * field. Cores survive folding and CP932, and a masked value never holds one.
 */
export interface Sentinel {
  readonly kind: Kind;
  /** 0, 1, 2 … within its kind. */
  readonly index: number;
  /** Key of shared/fields.ts. */
  readonly field: string;
  readonly type: FieldType;
  readonly value: string;
  /** What a scanner looks for; `null` where the value is too short or closed (date, gender, postal code): compare such cells parsed. */
  readonly core: string | null;
}

/** Largest number of subjects a kind can have. */
export const sentinelLimit = 65_536;

// JIS X 0208 level 2, chosen to be in no variant table, no name of a place and no text of the product.
const kanji = [..."鷽鸛黷鼈齎龕麌黴鬮鬣鰥鱠鯣鮟餞顰韲靄霽鑽鐚醴遘躑蹙贐讖譖蠹螽薺鼇"];
const katakana = [..."カキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモラリ"];
const letters = [..."abcdefghijkmnpqrstuvwxyz23456789"];

const kindNumber: Readonly<Record<Kind, number>> = { customer: 0, company: 1, account: 2 };

interface SentinelField {
  readonly no: number;
  readonly key: string;
  readonly kind: Kind;
  readonly type: FieldType;
}

/** A number below 2²⁵, distinct for each kind, index and field; neighbours look unrelated. */
function codeOf(kind: Kind, index: number, field: SentinelField): number {
  const isOwn = field.no >= firstOwnFieldNo;
  const number = ((isOwn ? 3 : kindNumber[kind]) * sentinelLimit + index) * 32 + (isOwn ? field.no - firstOwnFieldNo : field.no % 32);
  return Number((BigInt(number) * 20_434_829n + 7_654_321n) % 33_554_432n);
}

const spell = (alphabet: readonly string[], code: number, length: number): string => {
  let text = "";
  let rest = code;
  for (let at = 0; at < length; at += 1) {
    text += alphabet[rest % 32]!;
    rest = at === 4 ? (Math.imul(code, 0x9e3779b1) >>> 9) | 0 : Math.floor(rest / 32);
  }
  return text;
};

const eightDigits = (code: number): string => String(20_000_000 + code).padStart(8, "0");

function valueOf(kind: Kind, index: number, field: SentinelField): { value: string; core: string | null } {
  const code = codeOf(kind, index, field);
  const rare = spell(kanji, code, 5);
  const number = eightDigits(code);
  switch (field.type) {
    case "name":
      if (field.key === "companyName") return { value: `株式会社${rare}`, core: rare };
      return { value: `${rare}　${spell(kanji, code * 7 + 3, 2)}`, core: rare };
    case "kana": {
      const core = spell(katakana, code, 8);
      return { value: kind === "customer" ? `${core}　${spell(katakana, code * 5 + 1, 3)}` : core, core };
    }
    case "mail": {
      const core = `zq${spell(letters, code, 8)}`;
      return { value: `${core}@sentinel.example`, core };
    }
    case "phone": {
      const value = field.key === "mobile" ? `090-${number.slice(0, 4)}-${number.slice(4)}` : `03-${number.slice(0, 4)}-${number.slice(4)}`;
      return { value, core: value };
    }
    case "code": {
      const core = `ZQ${spell(letters, code, 8).toUpperCase()}`;
      return { value: core, core };
    }
    case "postal":
      return { value: `${number.slice(1, 4)}-${number.slice(4)}`, core: null };
    case "date":
      return { value: new Date(Date.UTC(1940, 0, 1 + (code % 22_000))).toISOString().slice(0, 10), core: null };
    case "choice":
      return { value: field.key === "gender" ? (code % 2 === 0 ? "男性" : "女性") : ownChoices[code % ownChoices.length]!, core: null };
    case "multi":
      return { value: ownChoices.slice(code % 2, 2 + (code % 2)).join("、"), core: null };
    case "flag":
      return { value: code % 2 === 0 ? "はい" : "いいえ", core: null };
    case "number":
      return { value: String(7_000_000_000 + code), core: null };
    case "url": {
      const core = `zq${spell(letters, code, 8)}`;
      return { value: `https://${core}.sentinel.example/`, core };
    }
    case "address":
      return { value: `東京都千代田区${rare}町1-2-3`, core: rare };
    case "notes":
      return { value: `備考は${rare}である。`, core: rare };
    case "text":
      return { value: rare, core: rare };
  }
}

const ownChoices = ["釣り", "山登り", "読書"] as const;

/** An own field of each type for customers, in the order in which they are to be added to a house that has none. */
export const ownSentinelFields = ownFieldTypes.map((type, at) => ({
  no: firstOwnFieldNo + at,
  key: `own${firstOwnFieldNo + at}`,
  kind: "customer" as const,
  ja: `独自${at + 1}`,
  en: `Own ${at + 1}`,
  type,
  class: (["personal", "sensitive", "internal", "open"] as const)[at % 4]!,
  mask: (at % 2 === 0 ? "none" : "all") as "none" | "all",
  isSearchable: searchForms[type] !== undefined,
  isRequired: false,
  choices: type === "choice" || type === "multi" ? ownChoices.map((ja) => ({ key: null, ja, en: "", isRetired: false })) : [],
  sectionNo: null,
}));

/** Which fields: the standard ones of the record, those of {@link ownSentinelFields}, or those of texts attached to the record. */
export type SentinelFields = "standard" | "own" | "attached";

/** The sentinels of one subject, one for each field of its kind. */
export function sentinelsOf(kind: Kind, index: number, which: SentinelFields = "standard"): readonly Sentinel[] {
  if (!Number.isInteger(index) || index < 0 || index >= sentinelLimit) throw new Error(`sentinels have indexes below ${sentinelLimit}`);
  const fields: readonly SentinelField[] =
    which === "own" ? ownSentinelFields : which === "attached" ? standardFields.filter((field) => field.place === "attached") : recordFields;
  return fields.filter((field) => field.kind === kind).map((field) => ({ kind, index, field: field.key, type: field.type, ...valueOf(kind, index, field) }));
}

/** Values by field key, as typed or imported. */
export function sentinelValues(kind: Kind, index: number, which: SentinelFields = "standard"): Readonly<Record<string, string>> {
  return Object.fromEntries(sentinelsOf(kind, index, which).map((sentinel) => [sentinel.field, sentinel.value]));
}
