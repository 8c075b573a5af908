import { expect, test } from "vitest";
import { isEnough } from "#shared/desk.ts";
import { foldStated } from "./examine-stated.ts";

test("what is stated is compared as it is meant: numbers without signs, an address up to the number of the house, days however they are written", () => {
  const same = (kind: Parameters<typeof foldStated>[0]["kind"], ...values: string[]): void => {
    expect(new Set(values.map((value) => foldStated({ kind, value }))).size).toBe(1);
  };
  same("phone", "090-1234-5678", "０９０１２３４５６７８");
  same("name", "髙橋　一郎", "高橋一郎");
  same("address", "東京都港区芝1-2-3 芝ビル5階", "東京都港区芝１－２－３");
  expect(foldStated({ kind: "address", value: "東京都港区芝1-2-3" })).not.toBe(foldStated({ kind: "address", value: "東京都港区芝1-2-4" }));
  same("birth-date", "1980-04-01", "昭和55年4月1日", "1980/4/1");
  expect(foldStated({ kind: "birth-date", value: "1980-04-01" })).not.toBe(foldStated({ kind: "birth-date", value: "1980-04-02" }));
});

test("two different things are enough, one of which tells a person from the others of a household", () => {
  expect(isEnough(["name", "birth-date"])).toBe(true);
  expect(isEnough(["mail", "birth-date"])).toBe(true);
  for (const kinds of [
    ["name", "name"],
    ["name", "kana"],
    ["phone", "address"],
    ["mail", "phone"],
    ["birth-date", "address"],
  ] as const) {
    expect([kinds, isEnough(kinds)]).toEqual([kinds, false]);
  }
});
