import fc from "fast-check";
import { expect, test } from "vitest";
import { corporateNumber, readCorporateNumber } from "./corporate-number.ts";

test("the example of the ordinance has its check digit, and is read however it is typed", () => {
  expect(corporateNumber("000012050002")).toBe("7000012050002");
  for (const typed of ["7000012050002", "７００００１２０５０００２", "7-0000-1205-0002", " 7000012050002 "]) {
    expect(readCorporateNumber(typed)).toBe("7000012050002");
  }
});

test("twelve or fourteen digits, letters and a wrong check digit are no number", () => {
  for (const typed of ["", "000012050002", "70000120500020", "T7000012050002", "8000012050002"]) {
    expect(readCorporateNumber(typed)).toBeNull();
  }
});

test("of ten first digits before twelve others exactly one is the check digit", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{12}$/), (base) => {
      const fitting = [..."0123456789"].filter((digit) => readCorporateNumber(`${digit}${base}`) !== null);
      expect(fitting).toEqual([corporateNumber(base)[0]]);
    }),
  );
});
