import type { FieldType } from "#shared/fields.ts";
import { fold } from "./fold.ts";
import { anchoredMode, exactMode, gramMode, lastFourMode, type SearchKey } from "./search-key.ts";

export interface SearchKeys {
  /** New tokens are made with this one. */
  readonly current: SearchKey;
  /** A search asks with each of these, the current one first. */
  readonly all: readonly SearchKey[];
}

/** How a value answers to a term. */
export type Match = "exact" | "prefix" | "inside" | "last-four";

export interface IndexedField {
  /** 1 to 63. */
  readonly no: number;
  readonly type: FieldType;
  readonly value: string;
}

/** How a field type stands in the index. Bits are those of a hash: fewer hide more and let more false candidates through. */
interface Plan {
  readonly gram: 0 | 2 | 3 | 4;
  readonly gramBits: number;
  /** Whether the beginning is a token: one kanji, or two characters of anything else. */
  readonly isAnchored: boolean;
  readonly isExact: boolean;
  readonly hasLastFour: boolean;
}

const plans: Readonly<Partial<Record<FieldType, Plan>>> = {
  name: { gram: 2, gramBits: 12, isAnchored: true, isExact: true, hasLastFour: false },
  kana: { gram: 2, gramBits: 12, isAnchored: true, isExact: true, hasLastFour: false },
  address: { gram: 2, gramBits: 14, isAnchored: false, isExact: false, hasLastFour: false },
  mail: { gram: 3, gramBits: 18, isAnchored: true, isExact: true, hasLastFour: false },
  phone: { gram: 4, gramBits: 14, isAnchored: false, isExact: true, hasLastFour: true },
  code: { gram: 0, gramBits: 0, isAnchored: false, isExact: true, hasLastFour: false },
};
const exactBits = 22;

/**
 * The tokens of a record (int4), sorted and unique, without scope tokens. Fields of types that are not indexed
 * (dates, choices, postal codes, free text: too few different values, or too many words) give none.
 */
export function indexTokens(searchKey: SearchKey, fields: readonly IndexedField[]): number[] {
  const tokens: number[] = [];
  for (const { no, type, value } of fields) {
    const plan = plans[type];
    if (plan === undefined) continue;
    const text = fold(type, value);
    if (text === "") continue;
    addGrams(tokens, searchKey, no, type, plan, text);
    if (plan.isAnchored) {
      const anchor = anchorOf(text);
      if (anchor !== undefined) tokens.push(searchKey.token(no, anchoredMode, anchor, plan.gramBits));
    }
    if (plan.isExact) tokens.push(searchKey.token(no, exactMode, text, exactBits));
    if (plan.hasLastFour && text.length >= 4) tokens.push(searchKey.token(no, lastFourMode, text.slice(-4), plan.gramBits));
  }
  return sortedUnique(tokens);
}

/** The clear scope tokens of a record: its cell (mode 0), and its owner if it has one (mode 1). Numbers below 2^22. */
export function scopeTokens(scope: { cellNo: number; ownerNo: number | null }): number[] {
  for (const no of [scope.cellNo, scope.ownerNo ?? 0]) {
    if (!Number.isInteger(no) || no < 0 || no >= 2 ** 22) throw new Error("a cell or owner number does not fit a scope token");
  }
  return scope.ownerNo === null ? [scope.cellNo] : [scope.cellNo, (1 << 22) | scope.ownerNo];
}

/**
 * The tokens that a record must all carry to answer to a term (typed, not yet folded) in this way.
 * - `undefined`: this way is impossible for the field (one character inside, two digits of a phone);
 * - an empty array: the index cannot narrow the term, but an opened candidate of another term can be checked against it
 *   (`090` beside a name). Never search by empty arrays alone.
 */
export function queryTokens(searchKey: SearchKey, field: { readonly no: number; readonly type: FieldType }, term: string, how: Match): number[] | undefined {
  const plan = plans[field.type];
  if (plan === undefined) return undefined;
  const text = fold(field.type, term);
  if (text === "") return undefined;
  const tokens: number[] = [];
  switch (how) {
    case "exact":
      return plan.isExact ? [searchKey.token(field.no, exactMode, text, exactBits)] : undefined;
    case "last-four":
      return plan.hasLastFour && text.length === 4 ? [searchKey.token(field.no, lastFourMode, text, plan.gramBits)] : undefined;
    case "inside":
      addGrams(tokens, searchKey, field.no, field.type, plan, text);
      return tokens.length === 0 ? undefined : sortedUnique(thinned(tokens));
    case "prefix": {
      const anchor = plan.isAnchored ? anchorOf(text) : undefined;
      if (anchor !== undefined) tokens.push(searchKey.token(field.no, anchoredMode, anchor, plan.gramBits));
      addGrams(tokens, searchKey, field.no, field.type, plan, text);
      if (tokens.length > 0) return sortedUnique(thinned(tokens));
      return field.type === "phone" && text.length === 3 ? [] : undefined;
    }
  }
}

/** The token that a record carries whose whole value folds to this text; undefined for types without such a token. */
export function exactToken(searchKey: SearchKey, field: { readonly no: number; readonly type: FieldType }, folded: string): number | undefined {
  return folded === "" || plans[field.type]?.isExact !== true ? undefined : searchKey.token(field.no, exactMode, folded, exactBits);
}

/**
 * How an opened value answers to a term that was folded for its type: the first of exact, prefix, last-four and inside
 * that is allowed.
 */
export function matchValue(type: FieldType, value: string, foldedTerm: string, allowed: readonly Match[]): Match | undefined {
  if (foldedTerm === "") return undefined;
  const text = fold(type, value);
  if (text === foldedTerm && allowed.includes("exact")) return "exact";
  if (text.startsWith(foldedTerm) && allowed.includes("prefix")) return "prefix";
  if (type === "phone" && foldedTerm.length === 4 && text.endsWith(foldedTerm) && allowed.includes("last-four")) return "last-four";
  if (text.includes(foldedTerm) && allowed.includes("inside")) return "inside";
  return undefined;
}

/** The field types that a typed term (without spaces) can address. Types that are not indexed are never among them. */
export function termKinds(term: string): FieldType[] {
  const text = fold("text", term);
  if (text === "") return [];
  if (text.includes("@")) return ["mail"];
  if (/^[0-9+()-]+$/.test(text)) return fold("phone", term).length >= 3 ? ["phone", "code"] : ["code"];
  if (/^[\u0021-\u007e]+$/.test(text)) return ["mail", "name", "code", "address"];
  if (/^[ァ-ヺヽヾ-]+$/.test(text)) return ["kana", "name", "address"];
  return /[0-9]/.test(text) ? ["name", "address", "code"] : ["name", "address"];
}

const kanji = /^[\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\u{20000}-\u{3ffff}]$/u;

/** The beginning that is a token: one kanji, or two characters of anything else (one would tell too much and find too many). */
function anchorOf(text: string): string | undefined {
  const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
  if (kanji.test(first)) return first;
  const second = text.codePointAt(first.length);
  return second === undefined ? undefined : first + String.fromCodePoint(second);
}

function addGrams(tokens: number[], searchKey: SearchKey, no: number, type: FieldType, plan: Plan, text: string): void {
  const size = plan.gram;
  if (size === 0) return;
  if (surrogate.test(text)) {
    const characters = [...text];
    for (let at = 0; at + size <= characters.length; at++) {
      const gram = characters.slice(at, at + size).join("");
      if (!isMute(type, gram)) tokens.push(searchKey.token(no, gramMode, gram, plan.gramBits));
    }
    return;
  }
  searchKey.pushGrams(tokens, no, text, size, plan.gramBits, muteOf[type] ?? nothing);
}

const nothing = (): boolean => false;
const muteOf: Readonly<Partial<Record<FieldType, (gram: string) => boolean>>> = {
  mail: (gram) => isMute("mail", gram),
  address: (gram) => isMute("address", gram),
};

const surrogate = /[\ud800-\udfff]/;

/**
 * Domains that a great share of people have, and the endings of all others. Their grams would stand in the index so
 * often that anybody could tell them by their rank (security.md: mail domains 100 %), and narrow no search.
 */
const commonDomains = [
  "gmail.com",
  "yahoo.co.jp",
  "ymail.ne.jp",
  "docomo.ne.jp",
  "ezweb.ne.jp",
  "au.com",
  "softbank.ne.jp",
  "i.softbank.jp",
  "ymobile.ne.jp",
  "icloud.com",
  "outlook.jp",
  "outlook.com",
  "hotmail.co.jp",
  "hotmail.com",
  "nifty.com",
  "ocn.ne.jp",
  "biglobe.ne.jp",
  "x.co.jp",
  "x.or.jp",
  "x.ne.jp",
  "x.ac.jp",
  "x.go.jp",
  "x.lg.jp",
  "x.ed.jp",
  "x.jp",
  "x.com",
  "x.net",
  "x.org",
];
const muteMailGrams = new Set(commonDomains.flatMap((domain) => gramsOf(`@${domain}`, 3)).filter((gram) => !gram.includes("x")));

/** Grams that are no tokens, by their text alone, so that the index and a query leave out the same. */
function isMute(type: FieldType, gram: string): boolean {
  if (type === "mail") return gram.includes("@") || muteMailGrams.has(gram);
  // House numbers: ten digits and a hyphen.
  if (type === "address") return /^[0-9-]+$/.test(gram);
  return false;
}

/** Each token of a query costs a look into the index; after six more of them hardly find fewer candidates, which are verified anyway. */
const mostGrams = 6;

/** At most {@link mostGrams} tokens, spread evenly over the term. */
function thinned(tokens: readonly number[]): readonly number[] {
  if (tokens.length <= mostGrams) return tokens;
  return Array.from({ length: mostGrams }, (_, at) => tokens[Math.round((at * (tokens.length - 1)) / (mostGrams - 1))] as number);
}

function gramsOf(text: string, size: number): string[] {
  return Array.from({ length: Math.max(0, text.length - size + 1) }, (_, at) => text.slice(at, at + size));
}

function sortedUnique(tokens: readonly number[]): number[] {
  const sorted = Int32Array.from(tokens).sort();
  const unique: number[] = [];
  for (let at = 0; at < sorted.length; at++) if (at === 0 || sorted[at] !== sorted[at - 1]) unique.push(sorted[at] ?? 0);
  return unique;
}
