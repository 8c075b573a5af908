import { expect, test } from "vitest";
import { identify } from "./examine-identities.ts";

type Values = Parameters<typeof identify>[0];

/** Whether the second row is taken for the first one. */
function isSame(first: Values, second: Values): boolean {
  const answers = new Set(identify(first).answers());
  return identify(second).own.some((key) => answers.has(key));
}

const known: Values = {
  memberNumber: "A-7",
  fullName: "髙橋　一郎",
  mail: "i.takahashi@example.jp",
  mobile: "090-1234-4321",
  companyName: "㈱北斗電機",
  address: "大阪府大阪市北区梅田1-2-3",
};

test.each<[string, Values]>([
  ["the same name, written otherwise, and mail", { fullName: "高橋一郎", mail: "I.Takahashi@example.jp" }],
  ["the same name and a phone that stands in the other field", { fullName: "高橋 一郎", phone: "０９０（１２３４）４３２１" }],
  ["the same member number and name", { memberNumber: "Ａ－７", fullName: "高橋一郎", mail: "other@example.jp" }],
  ["the same member number and mail under a new name", { memberNumber: "A-7", fullName: "山田 一郎", mail: "i.takahashi@example.jp" }],
  ["the same member number where the row says no name", { memberNumber: "A-7", address: "東京都港区芝公園4-2-8" }],
  ["the same mail where the row says no name", { mail: "i.takahashi@example.jp", notes: "案内希望" }],
  ["the same name and address, of a row that has nothing better", { fullName: "高橋一郎", address: "大阪府大阪市北区梅田一丁目2番3号" }],
  ["the same name and company, of a row that has nothing better", { fullName: "高橋一郎", companyName: "株式会社北斗電機" }],
])("one person: %s", (_what, row) => {
  expect(isSame(known, row)).toBe(true);
});

test.each<[string, Values]>([
  ["a name alone", { fullName: "髙橋　一郎" }],
  ["a phone that the row says nothing else of", { mobile: "090-1234-4321" }],
  ["a shared phone under another name", { fullName: "高橋 花子", mobile: "090-1234-4321" }],
  ["a shared mail under another name", { fullName: "北斗 次郎", mail: "i.takahashi@example.jp" }],
  [
    "the number of another list: name, mail and phones all differ",
    { memberNumber: "A-7", fullName: "佐藤 花子", mail: "hanako@example.jp", mobile: "090-9999-0000" },
  ],
  ["the same name and company with another mail", { fullName: "高橋一郎", companyName: "㈱北斗電機", mail: "ichiro2@example.jp" }],
  ["nothing", {}],
])("two persons: %s", (_what, row) => {
  expect(isSame(known, row)).toBe(false);
});

test("a row answers to itself, whatever it holds", () => {
  for (const key of ["memberNumber", "mail", "phone", "mobile"] as const) {
    for (const name of ["", "鈴木 三郎"]) {
      const row = { [key]: key === "mail" ? "a@example.jp" : "03-3000-0001", fullName: name };
      expect([key, name, isSame(row, row)]).toEqual([key, name, true]);
    }
  }
});
