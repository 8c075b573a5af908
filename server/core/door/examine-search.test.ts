import { expect, test } from "vitest";
import { formsOf, termsOf } from "./examine-search.ts";

test("a given name of one letter is searched together with the family name, and other words one by one", () => {
  expect(termsOf("市川　正")).toEqual(["市川正"]);
  expect(termsOf("林 誠 4321")).toEqual(["林誠", "4321"]);
  expect(termsOf(" タカハシ 4321 ")).toEqual(["タカハシ", "4321"]);
  expect(termsOf("高橋 一郎")).toEqual(["高橋", "一郎"]);
  expect(termsOf("4321 林")).toEqual(["4321", "林"]);
  expect(termsOf("a1 b2 c3 d4 e5 f6 g7")).toHaveLength(6);
});

test("a name whose folding runs across its space answers whole, too", () => {
  expect(formsOf(["木村", "村男"])).toEqual([
    ["木村", "木村村男"],
    ["村男", "木村村男"],
  ]);
  expect(formsOf(["高橋", "一郎", "4321"])).toEqual([["高橋"], ["一郎"], ["4321"]]);
});
