import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { neutraliseFormula } from "./neutralise-formula.ts";

describe("neutraliseFormula", () => {
  it.each([
    ["=1+1", "'=1+1"],
    ["+81-3-1234-5678", "'+81-3-1234-5678"],
    ["-cmd", "'-cmd"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["＝1+1", "'＝1+1"],
    [" \t=1", "' \t=1"],
    ["\u3000=1", "'\u3000=1"],
    ["\u0001=1", "'\u0001=1"],
    ["\u202e\u00ad=1", "'\u202e\u00ad=1"],
    ["﹦1+1", "'﹦1+1"],
    ["-5.5", "-5.5"],
    ["山田", "山田"],
    ["", ""],
  ])("%j leaves as %j", (text, written) => {
    expect(neutraliseFormula(text)).toBe(written);
  });

  it("never lets a text begin as a formula, however it is padded", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(" ", "\t", "\u3000", "\u200b"), maxLength: 3 }),
        fc.constantFrom("=", "+", "-", "@", "＝", "\r"),
        fc.string(),
        (pad, sign, rest) => {
          const written = neutraliseFormula(pad + sign + rest);
          expect(written.startsWith("'") || /^[+-]?\d+(\.\d+)?$/.test(written)).toBe(true);
        },
      ),
    );
  });
});
