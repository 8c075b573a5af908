import { standardFields, type StandardField } from "#shared/fields.ts";
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

/** A number below 2²⁵, distinct for each kind, index and field; neighbours look unrelated. */
function codeOf(kind: Kind, index: number, field: StandardField): number {
  const number = (kindNumber[kind] * sentinelLimit + index) * 32 + (field.no % 32);
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

function valueOf(kind: Kind, index: number, field: StandardField): { value: string; core: string | null } {
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
      return { value: code % 2 === 0 ? "男性" : "女性", core: null };
    case "address":
      return { value: `東京都千代田区${rare}町1-2-3`, core: rare };
    case "notes":
      return { value: `備考は${rare}である。`, core: rare };
    case "text":
      return { value: rare, core: rare };
  }
}

/** The sentinels of one subject, one for each standard field of its kind. */
export function sentinelsOf(kind: Kind, index: number): readonly Sentinel[] {
  if (!Number.isInteger(index) || index < 0 || index >= sentinelLimit) throw new Error(`sentinels have indexes below ${sentinelLimit}`);
  return standardFields.filter((field) => field.kind === kind).map((field) => ({ kind, index, field: field.key, ...valueOf(kind, index, field) }));
}

/** Values by field key, as typed or imported. */
export function sentinelValues(kind: Kind, index: number): Readonly<Record<string, string>> {
  return Object.fromEntries(sentinelsOf(kind, index).map((sentinel) => [sentinel.field, sentinel.value]));
}
