import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findCardNumbers, holdsCardNumber, maskCardNumbers } from "./find-card-number.ts";

const found: readonly (readonly [text: string, brand: string])[] = [
  ["4111111111111111", "visa"],
  ["4222222222222", "visa"],
  ["カード番号は4111-1111-1111-1111です", "visa"],
  ["４１１１　１１１１　１１１１　１１１１", "visa"],
  ["4111・1111・1111・1111", "visa"],
  ["4111ー1111ー1111ー1111", "visa"],
  ["4111−1111−1111−1111", "visa"],
  ["4111 1111 1111 1111 12/27 123", "visa"],
  ["No.1 4111 1111 1111 1111", "visa"],
  ["090-1234-5678 4111 1111 1111 1111", "visa"],
  ["1.4111111111111111", "visa"],
  ["4111111111111111.0", "visa"],
  ["4111 1111\n1111 1111", "visa"],
  ["41111111 11111111", "visa"],
  ["5555555555554444", "mastercard"],
  ["2221000000000009", "mastercard"],
  ["2720990000000007", "mastercard"],
  ["3530111333300000", "jcb"],
  ["3566 0020 2036 0505", "jcb"],
  ["378282246310005", "amex"],
  ["3782 822463 10005", "amex"],
  ["30569309025904", "diners"],
  ["3852 000002 3237", "diners"],
  ["6011111111111117", "discover"],
  ["6200000000000005", "unionpay"],
];

const notFound: readonly (readonly [text: string, why: string])[] = [
  ["4111111111111112", "Luhn fails"],
  ["1234567890123452", "no issuer range"],
  ["3527000000000004", "just below JCB"],
  ["2721000000000004", "just above Mastercard's second range"],
  ["41111111111111111111", "a longer run of digits"],
  ["090-1234-5678", "a phone number"],
  ["03-1234-5678、090-1111-2222", "two phone numbers"],
  ["03-5284-1111 090-5555-4444", "two phone numbers side by side"],
  ["4010401089234", "法人番号"],
  ["4902102072618", "JAN code"],
  ["0.4111111111111111", "the decimals of a fraction"],
  ["2026-11-21 14:05:33", "a time"],
  ["", "nothing"],
];

describe("findCardNumbers", () => {
  it.each(found)("finds the card number in %j (%s)", (text, brand) => {
    expect(findCardNumbers(text).map((span) => span.brand)).toEqual([brand]);
  });

  it.each(notFound)("leaves %j alone: %s", (text) => {
    expect(findCardNumbers(text)).toEqual([]);
  });

  it("says where each of several stands", () => {
    const text = "A:4111111111111111 / B:5555-5555-5555-4444";
    expect(findCardNumbers(text).map(({ start, end }) => text.slice(start, end))).toEqual(["4111111111111111", "5555-5555-5555-4444"]);
    expect(maskCardNumbers(text)).toBe("A:•••••••••••••••• / B:••••-••••-••••-••••");
  });

  const luhnDigit = (body: string): string => {
    let sum = 0;
    [...body].reverse().forEach((digit, i) => {
      const value = Number(digit) * (i % 2 === 0 ? 2 : 1);
      sum += value > 9 ? value - 9 : value;
    });
    return String((10 - (sum % 10)) % 10);
  };
  const pan = fc
    .tuple(
      fc.constantFrom("4", "51", "55", "2221", "2720", "3528", "3589", "6011", "65", "62"),
      fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 15, maxLength: 15 }),
    )
    .map(([prefix, digits]) => (prefix + digits).slice(0, 15))
    .map((body) => body + luhnDigit(body));

  it("finds every 16-digit number however its groups are written and whatever stands around it", () => {
    const words = fc.string({ unit: fc.constantFrom("あ", "字", " ", "x", "。", "("), maxLength: 8 });
    fc.assert(
      fc.property(pan, fc.constantFrom("", " ", "-", "　", "・", "−"), fc.boolean(), words, words, (digits, separator, isWide, before, after) => {
        const grouped = digits.replace(/(.{4})(?=.)/g, `$1${separator}`);
        const written = isWide ? grouped.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)) : grouped;
        const text = before + written + after;
        expect(holdsCardNumber(text)).toBe(true);
        expect(maskCardNumbers(text)).not.toMatch(/[0-9０-９]/);
      }),
    );
  });

  it("is not fooled by one wrong digit: Luhn catches all of them", () => {
    fc.assert(
      fc.property(pan, fc.integer({ min: 6, max: 15 }), fc.integer({ min: 1, max: 9 }), (digits, at, by) => {
        const wrong = digits.slice(0, at) + ((Number(digits[at]) + by) % 10) + digits.slice(at + 1);
        expect(holdsCardNumber(wrong)).toBe(false);
      }),
    );
  });
});
