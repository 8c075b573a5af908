import fc from "fast-check";
import { expect, test } from "vitest";
import { letterNumber, readLetterNumber } from "./letter-number.ts";

const personNo = fc.integer({ min: 1, max: 2_147_483_647 });

test("a number is read back as a scanner or a hand writes it", () => {
  fc.assert(
    fc.property(personNo, (no) => {
      const number = letterNumber(no);
      expect(readLetterNumber(number)).toBe(no);
      expect(readLetterNumber(` *${number.replace("-", "")}* `)).toBe(no);
      expect(readLetterNumber(number.replaceAll(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).replace("-", "ー"))).toBe(no);
    }),
  );
});

test("one wrong digit, or two neighbours that changed places, never give another person", () => {
  fc.assert(
    fc.property(personNo, fc.nat({ max: 9 }), fc.integer({ min: 1, max: 9 }), (no, at, by) => {
      const digits = letterNumber(no).replace("-", "");
      const place = at % digits.length;
      const wrong = digits.slice(0, place) + String((Number(digits[place]) + by) % 10) + digits.slice(place + 1);
      expect(readLetterNumber(wrong)).toBeUndefined();
      if (place + 1 < digits.length && digits[place] !== digits[place + 1]) {
        expect(readLetterNumber(digits.slice(0, place) + digits[place + 1]! + digits[place]! + digits.slice(place + 2))).toBeUndefined();
      }
    }),
  );
  expect(readLetterNumber("山田")).toBeUndefined();
});
