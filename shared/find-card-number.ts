/** Where a card number stands in a text: UTF-16 offsets, `end` exclusive. */
export interface CardNumberSpan {
  readonly start: number;
  readonly end: number;
  readonly brand: CardBrand;
}

export type CardBrand = "visa" | "mastercard" | "jcb" | "amex" | "diners" | "discover" | "unionpay";

/** Digits (full-width too) with at most three separators between two: spaces, hyphens and dashes, middle dots, the long vowel sign. */
const digitRun = /[0-9０-９](?:[ \u00a0\u3000\t\r\n\-‐‑‒–—―−－ーｰ・･·]{0,3}[0-9０-９])*/g;
const anyDigit = /[0-9０-９]/;
const separators = /[^0-9０-９]+/;

/** Groupings that are printed on cards: 4-4-4-4 (and 3 more for 19 digits), 4-6-5 of Amex, 4-6-4 of Diners, 6-13 of UnionPay. */
const printedGroupings = new Set(["4444", "44443", "465", "464", "613"]);

/**
 * Find card numbers (PAN, ISO/IEC 7812-1) anywhere in a text: issuer range, length and Luhn check digit must all agree.
 * A number inside a longer run of digits is not one, nor are the decimals behind `0.`. Groups set apart by separators are
 * taken when they are grouped as on a card, anywhere in the run, or when they fill the whole run in any grouping.
 * A 13-digit number (a length that Visa no longer issues) that is a valid 法人番号 or Japanese JAN code is taken for that.
 */
export function findCardNumbers(text: string): CardNumberSpan[] {
  if (text.length < 13 || !anyDigit.test(text)) return [];
  const spans: CardNumberSpan[] = [];
  for (const run of text.matchAll(digitRun)) {
    if (run[0].length < 13) continue;
    // 0.4111… is a fraction; 1.4111… may be an item of a list, so it counts.
    if (/(?:^|[^0-9０-９])[0０][.．]$/.test(text.slice(Math.max(0, run.index - 3), run.index))) continue;
    findInRun(run[0], run.index, spans);
  }
  return spans;
}

/** Whether a text holds a card number: such a value is never stored (非保持化). */
export function holdsCardNumber(text: string): boolean {
  return findCardNumbers(text).length > 0;
}

/** The text with every digit of its card numbers replaced by •, fit to be shown as the reason of a refusal. */
export function maskCardNumbers(text: string): string {
  let masked = "";
  let at = 0;
  for (const { start, end } of findCardNumbers(text)) {
    masked += text.slice(at, start) + text.slice(start, end).replace(/[0-9０-９]/g, "•");
    at = end;
  }
  return masked + text.slice(at);
}

interface DigitGroup {
  readonly digits: string;
  readonly start: number;
  readonly end: number;
}

function findInRun(run: string, offset: number, spans: CardNumberSpan[]): void {
  const groups = splitGroups(run, offset);
  const whole = groups.map((group) => group.digits).join("");
  const wholeBrand = findBrand(whole);
  if (wholeBrand !== undefined) {
    spans.push({ start: offset, end: offset + run.length, brand: wholeBrand });
    return;
  }
  for (let first = 0; first < groups.length; first++) {
    let digits = "";
    let grouping = "";
    for (let last = first; last < groups.length && last < first + 5; last++) {
      const group = groups[last] as DigitGroup;
      digits += group.digits;
      grouping += group.digits.length;
      if (digits.length > 19) break;
      if (last > first && !printedGroupings.has(grouping)) continue;
      const brand = findBrand(digits);
      if (brand === undefined) continue;
      spans.push({ start: (groups[first] as DigitGroup).start, end: group.end, brand });
      first = last;
      break;
    }
  }
}

function splitGroups(run: string, offset: number): DigitGroup[] {
  const groups: DigitGroup[] = [];
  let at = 0;
  for (const part of run.split(separators)) {
    const start = run.indexOf(part, at);
    at = start + part.length;
    groups.push({ digits: toHalfWidth(part), start: offset + start, end: offset + at });
  }
  return groups;
}

function toHalfWidth(digits: string): string {
  return digits.replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
}

/** Issuer ranges as the brands publish them (Mastercard's 2-series since 2017); lengths by brand. */
function brandOf(digits: string): CardBrand | undefined {
  const length = digits.length;
  const two = Number(digits.slice(0, 2));
  const three = Number(digits.slice(0, 3));
  const four = Number(digits.slice(0, 4));
  if (digits.startsWith("4")) return length === 16 || length === 19 || length === 13 ? "visa" : undefined;
  if ((two >= 51 && two <= 55) || (four >= 2221 && four <= 2720)) return length === 16 ? "mastercard" : undefined;
  if (four >= 3528 && four <= 3589) return length >= 16 && length <= 19 ? "jcb" : undefined;
  if (two === 34 || two === 37) return length === 15 ? "amex" : undefined;
  if (two === 36 || two === 38 || two === 39 || (three >= 300 && three <= 305) || four === 3095) {
    return length === 14 || length === 16 || length === 19 ? "diners" : undefined;
  }
  if (four === 6011 || (three >= 644 && three <= 649) || two === 65) return length === 16 || length === 19 ? "discover" : undefined;
  if (two === 62) return length >= 16 && length <= 19 ? "unionpay" : undefined;
  return undefined;
}

function findBrand(digits: string): CardBrand | undefined {
  if (digits.length < 13 || digits.length > 19) return undefined;
  const brand = brandOf(digits);
  if (brand === undefined || !passesLuhn(digits)) return undefined;
  if (digits.length === 13 && (isCorporateNumber(digits) || isJapaneseArticle(digits))) return undefined;
  return brand;
}

/** ISO/IEC 7812-1 annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = digits.length - 1, isDoubled = false; i >= 0; i--, isDoubled = !isDoubled) {
    let digit = digits.charCodeAt(i) - 48;
    if (isDoubled) {
      digit *= 2;
      if (digit > 9) digit -= 9;
    }
    sum += digit;
  }
  return sum % 10 === 0;
}

/** 法人番号: check digit first, 9 − (Σ digit × (1, 2 from the right) mod 9) (法人番号の指定等に関する省令 2条). */
function isCorporateNumber(digits: string): boolean {
  let sum = 0;
  for (let i = 12, weight = 1; i >= 1; i--, weight = 3 - weight) sum += (digits.charCodeAt(i) - 48) * weight;
  return digits.charCodeAt(0) - 48 === 9 - (sum % 9);
}

/** GTIN-13 with the Japanese prefixes 45 and 49 (GS1 General Specifications 7.9). */
function isJapaneseArticle(digits: string): boolean {
  if (!digits.startsWith("45") && !digits.startsWith("49")) return false;
  let sum = 0;
  for (let i = 0; i < 12; i++) sum += (digits.charCodeAt(i) - 48) * (i % 2 === 0 ? 1 : 3);
  return (10 - (sum % 10)) % 10 === digits.charCodeAt(12) - 48;
}
