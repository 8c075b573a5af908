import { parsePhoneNumberFromString } from "libphonenumber-js/max";

export interface NormalisedPhone {
  /** `03-1234-5678`, `03-1234-5678 内線12`, `+1 650 253 0000`. */
  readonly value: string;
  /** Further numbers of the same cell, normalised; the caller finds a place for them or reports them. */
  readonly others: readonly string[];
}

/**
 * Read a phone cell: full-width digits, any hyphens, +81, (03), a lost leading zero (9 digits of a landline, 10 of a
 * mobile), 内線 kept. A number of Japanese length is kept even when libphonenumber does not know its range yet; it only
 * decides the hyphens. `undefined`: no phone number, or something else beside it that would be lost.
 */
export function normalisePhone(text: string): NormalisedPhone | undefined {
  if (/^[\d-]+$/.test(text)) {
    const value = readNational(text.replaceAll("-", ""));
    return value === undefined ? undefined : { value, others: [] };
  }
  const folded = text
    .normalize("NFKC")
    .replace(/[‐‑‒–—―−ー─]/g, "-")
    .trim();
  const parts = folded.split(/\s*(?:[\n\r,、;/・]|または|又は|\bor\b)\s*/).filter((part) => part !== "");
  const numbers: string[] = [];
  for (const part of parts.flatMap(splitAtSpaces)) {
    const number = normaliseOne(part);
    if (number === undefined) return undefined;
    if (!numbers.includes(number)) numbers.push(number);
  }
  const [value, ...others] = numbers;
  return value === undefined ? undefined : { value, others };
}

/** `03-1234-5678 090-1111-2222`: a space between two numbers that could each stand alone. */
function splitAtSpaces(part: string): string[] {
  const pieces = part.split(/ +(?=0\d|\+)/);
  return pieces.length > 1 && pieces.every((piece) => digitsOf(piece).length >= 9) ? pieces : [part];
}

const digitsOf = (text: string): string => text.replace(/\D/g, "");

const extension = /(?:\(?\s*(?:内線|内|ext\.?|x|#)\s*[:：.]?\s*(\d{1,6})\s*\)?)$/i;
const label = /^(?:tel|電話|℡|fax|携帯|自宅|会社|代表|直通|mobile|phone|t|f|m)\s*[:：.]?\s*/i;
const remark = /\s*\((?:代|代表|直通|携帯|自宅|会社|呼出?)\)$/;

function normaliseOne(part: string): string | undefined {
  let text = part.replace(label, "").replace(remark, "");
  const inner = extension.exec(text);
  if (inner !== null) text = text.slice(0, inner.index);
  text = text.trim();
  if (!/^\+?[\d\s().-]+$/.test(text)) return undefined;
  const number = text.startsWith("+") || text.startsWith("0081") || text.startsWith("01081") ? readInternational(text) : readNational(digitsOf(text));
  if (number === undefined) return undefined;
  return inner?.[1] === undefined ? number : `${number} 内線${inner[1]}`;
}

function readInternational(text: string): string | undefined {
  const digits = digitsOf(text).replace(/^(?:010|00)(?=81)/, "");
  // +81 (0)3-1234-5678: the zero is written by mistake so often that it is read.
  if (digits.startsWith("81")) return readNational(`0${digits.slice(2).replace(/^0/, "")}`);
  const parsed = parsePhoneNumberFromString(`+${digits}`);
  return parsed?.isValid() === true ? parsed.formatInternational() : undefined;
}

function readNational(digits: string): string | undefined {
  // Ten digits from 050 to 090 are a mobile number that lost one at the end.
  if (/^0[1-9]\d{8}$/.test(digits) && !/^0[5-9]0/.test(digits)) return hyphenate(digits);
  if (/^0[5-9]0\d{8}$/.test(digits) || /^020\d{8}$/.test(digits)) return hyphenate(digits);
  // The zero that a spreadsheet dropped: only where the result is a number that exists.
  if (/^[1-9]\d{8}$/.test(digits) || /^[5-9]0\d{8}$/.test(digits)) {
    const restored = `0${digits}`;
    return groupsOf(restored).isValid && !/^0[5-9]0\d{7}$/.test(restored) ? hyphenate(restored) : undefined;
  }
  return undefined;
}

/**
 * Where the hyphens stand depends on the first six digits alone (the deepest pattern of the Japanese numbering plan in
 * libphonenumber), so at most 10^5 prefixes are ever asked for; a property test holds this against the library.
 */
const knownGroups = new Map<string, PhoneGroups>();

interface PhoneGroups {
  readonly cuts: readonly [number, number];
  readonly isValid: boolean;
}

function groupsOf(national: string): PhoneGroups {
  const key = national.length === 10 ? national.slice(0, 6) : `+${national.slice(0, 6)}`;
  const known = knownGroups.get(key);
  if (known !== undefined) return known;
  const parsed = parsePhoneNumberFromString(national, "JP");
  const groups = parsed?.isValid() === true ? parsed.formatNational().split("-") : [];
  const [first, second] = groups;
  const isUsable = groups.length === 3 && first !== undefined && second !== undefined && groups.join("") === national;
  const fallback: readonly [number, number] = national.length === 11 ? [3, 7] : [3, 6];
  const found: PhoneGroups = { cuts: isUsable ? [first.length, first.length + second.length] : fallback, isValid: isUsable };
  knownGroups.set(key, found);
  return found;
}

function hyphenate(national: string): string {
  const [first, second] = groupsOf(national).cuts;
  return `${national.slice(0, first)}-${national.slice(first, second)}-${national.slice(second)}`;
}
