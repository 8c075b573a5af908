import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ownFieldTypes, type FieldChoice, type FieldType } from "./fields.ts";
import { choicesIn, readValue, spellValue } from "./read-value.ts";

const choices: readonly FieldChoice[] = [
  { key: "釣り", ja: "釣り", en: "Fishing", isRetired: false },
  { key: "山登り", ja: "登山", en: "Climbing", isRetired: false },
  { key: "和食・洋食", ja: "和食、洋食", en: "Food", isRetired: true },
];
const read = (type: FieldType, text: string) => {
  const result = readValue({ type, choices }, text);
  return "value" in result ? result.value : result.problem;
};

describe("a typed value", () => {
  test("is kept in one form however it was written", () => {
    for (const typed of ["令和6年4月1日", "R6.4.1", "2024/4/1", "２０２４年４月１日", "2024-04-01"]) expect(read("date", typed)).toBe("2024-04-01");
    for (const typed of ["1234.5", "１，２３４．５０", "¥1,234.5", "0001234.5円"]) expect(read("number", typed)).toBe("1234.5");
    expect([read("number", "-0"), read("number", "△12"), read("number", "007")]).toEqual(["0", "-12", "7"]);
    for (const typed of ["登山、釣り", "fishing, 登山", "山登り\n釣り\n釣り"]) expect(read("multi", typed)).toBe("釣り、山登り");
    for (const typed of ["○", "有", "Yes", "1"]) expect(read("flag", typed)).toBe("はい");
    expect(read("url", "example.jp/a")).toBe("https://example.jp/a");
    expect(read("kana", "さくら")).toBe("サクラ");
    expect(read("choice", "和食、洋食")).toBe("和食・洋食");
  });

  test("that nobody can read for sure is refused with its reason", () => {
    expect(read("date", "58/4/1")).toBe("bad-date");
    expect(read("date", "平成31年5月1日")).toBe("bad-date");
    expect(read("number", "約100")).toBe("bad-number");
    expect(read("number", "1,23")).toBe("bad-number");
    expect(read("choice", "将棋")).toBe("bad-choice");
    expect(read("multi", "釣り、将棋")).toBe("bad-choice");
    expect(read("flag", "たぶん")).toBe("bad-choice");
    for (const typed of ["javascript:alert(1)", "data:text/html,x", "https://user:pass@example.jp/", "https://localhost/"])
      expect(read("url", typed)).toBe("bad-url");
    expect(read("mail", "taro")).toBe("bad-mail");
    expect(read("phone", "電話")).toBe("bad-phone");
    expect(read("text", "あ".repeat(201))).toBe("too-long");
  });

  test("of any type reads the same when it is read again", () => {
    const typed = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom("ﹾ", "わ\u3099", "㌀".repeat(60), "R6.4.1", "１２，３４５", "-00.50", "登山, Fishing", "はい", "example.jp", "+81 3-1234-5678", "a@b.jp"),
      fc.double({ noNaN: true }).map(String),
    );
    fc.assert(
      fc.property(fc.constantFrom(...ownFieldTypes), typed, (type, text) => {
        const once = readValue({ type, choices }, text);
        if ("value" in once) expect(readValue({ type, choices }, once.value)).toEqual(once);
      }),
      { numRuns: 3000 },
    );
  });

  test("is read in the language of whoever reads it, a retired answer too", () => {
    expect(spellValue({ type: "multi", choices }, "釣り、山登り", "ja")).toBe("釣り、登山");
    expect(spellValue({ type: "multi", choices }, "釣り、和食・洋食", "en")).toBe("Fishing, Food");
    expect(spellValue({ type: "choice", choices }, "将棋", "en")).toBe("将棋");
    expect(choicesIn("釣り、山登り")).toEqual(["釣り", "山登り"]);
  });
});
