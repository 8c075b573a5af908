import { describe, expect, test } from "vitest";
import { plainRow } from "./plain-row.ts";
import { planPlainSearch, reasonsOf } from "./search-plain.ts";

const row = plainRow({
  fullName: "髙橋　一郎",
  kana: "タカハシ　イチロウ",
  companyName: "㈱松葉電機",
  mail: "i.takahashi@example.co.jp",
  mobile: "090-1234-4321",
  address: "大阪府大阪市北区梅田1-2-3",
  memberNumber: "C0004321",
});
const reasons = (typed: string) => reasonsOf(planPlainSearch(typed, 1), row.searchText);

describe("the twin's search", () => {
  test("finds a person as the product does and says by which field", () => {
    expect(reasons("高橋一郎")).toEqual([{ field: "fullName", how: "exact" }]);
    expect(reasons("たかはし")).toEqual([{ field: "kana", how: "prefix" }]);
    expect(reasons("4321")).toEqual([{ field: "mobile", how: "last-four" }]);
    expect(reasons("高橋 梅田")).toEqual([
      { field: "fullName", how: "prefix" },
      { field: "address", how: "inside" },
    ]);
    expect(reasons("i.takahashi@example.co.jp")).toEqual([{ field: "mail", how: "exact" }]);
  });
  test("finds nobody by what is not there, and nothing inside a number that is looked up whole", () => {
    expect(reasons("佐藤")).toBeUndefined();
    expect(reasons("高橋 神戸")).toBeUndefined();
    expect(reasons("橋")).toBeUndefined();
    expect(reasonsOf(planPlainSearch("0432", 1), plainRow({ memberNumber: "C0004321" }).searchText)).toBeUndefined();
  });
  test("asks the index by pairs for one and two characters and by trigrams for more", () => {
    expect(planPlainSearch("松", 3)).toMatchObject({ condition: "(h.bigrams @> $3::int[])" });
    expect(planPlainSearch("高橋", 3)).toMatchObject({ condition: "(h.bigrams @> $3::int[])" });
    expect(planPlainSearch("100%", 3).parameters).toContain("%100\\%%");
    expect(planPlainSearch("　", 1).condition).toBeUndefined();
  });
});
