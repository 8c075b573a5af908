import { expect, test } from "vitest";
import { alikeFrom, likenessScore, type LikenessCode, type MergeKind } from "#shared/duplicates.ts";
import { compareProfiles, profileOf } from "./likeness.ts";

type Values = Readonly<Record<string, string>>;

function compare(kind: MergeKind, a: Values, b: Values): { codes: LikenessCode[]; isAlike: boolean } {
  const codes = compareProfiles(
    kind,
    profileOf(kind, (key) => a[key]),
    profileOf(kind, (key) => b[key]),
  );
  return { codes, isAlike: likenessScore(kind, codes) >= alikeFrom };
}

const known: Values = {
  fullName: "髙橋　一郎",
  kana: "タカハシ　イチロウ",
  mail: "i.takahashi@example.jp",
  mobile: "090-1234-4321",
  companyName: "㈱北斗電機",
  birthDate: "1970-01-02",
};

test.each<[string, Values]>([
  ["the name in other characters, and the mail", { fullName: "高橋一郎", mail: "I.Takahashi@example.jp" }],
  ["the mobile in the place of the telephone", { fullName: "高橋 一郎", phone: "０９０（１２３４）４３２１" }],
  ["name and company of a card that holds nothing else", { fullName: "高橋一郎", companyName: "株式会社 北斗電機" }],
  ["mail and mobile under a new name", { fullName: "山田 一郎", mail: "i.takahashi@example.jp", mobile: "09012344321" }],
  ["reading and mail where the name was typed in kana only", { kana: "たかはし いちろう", mail: "i.takahashi@example.jp" }],
  ["name and date of birth", { fullName: "高橋一郎", birthDate: "1970-01-02" }],
])("may be one person: %s", (_what, other) => {
  expect(compare("customer", known, other).isAlike).toBe(true);
});

test.each<[string, Values]>([
  ["a name and its reading alone", { fullName: "高橋一郎", kana: "タカハシ イチロウ" }],
  ["a shared mail under another name", { fullName: "北斗 次郎", mail: "i.takahashi@example.jp" }],
  ["a mobile under another name", { fullName: "高橋 花子", mobile: "090-1234-4321" }],
  ["father and son at one company: the date of birth is another", { fullName: "高橋一郎", companyName: "㈱北斗電機", birthDate: "1999-01-02" }],
  ["colleagues", { fullName: "佐藤 花子", companyName: "㈱北斗電機" }],
  ["nothing", {}],
])("no pair: %s", (_what, other) => {
  expect(compare("customer", known, other).isAlike).toBe(false);
});

test.each<[string, string, "same" | "branch" | "other"]>([
  ["㈱北斗電機", "北斗電機株式会社", "same"],
  ["株式会社北斗電機", "ｶ)ﾎｸﾄﾃﾞﾝｷ", "other"],
  ["(株)北斗電機", "（有）北斗電機", "same"],
  ["北斗電機株式会社", "北斗電機株式会社 大阪支店", "branch"],
  ["北斗電機 名古屋営業所", "㈱北斗電機", "branch"],
  ["北斗電機", "北斗電機本社", "branch"],
  ["北斗電機", "北斗電機販売", "other"],
  ["北斗", "北斗電機", "other"],
  ["北斗電機東京支店", "北斗電機大阪支店", "other"],
])("%s and %s: %s", (a, b, expected) => {
  for (const { codes, isAlike } of [compare("company", { companyName: a }, { companyName: b }), compare("company", { companyName: b }, { companyName: a })]) {
    expect(codes.includes("branch") ? "branch" : isAlike ? "same" : "other").toBe(expected);
  }
});

test("a branch with the number of its head office is a branch still, and two numbers are two companies", () => {
  const number = "7000012050002";
  expect(compare("company", { companyName: "北斗電機", corporateNumber: number }, { companyName: "北斗電機大阪支店", corporateNumber: number }).isAlike).toBe(
    false,
  );
  expect(
    compare("company", { companyName: "北斗電機", corporateNumber: number }, { companyName: "HOKUTO DENKI", corporateNumber: "７０００-０１２０-５０００２" })
      .isAlike,
  ).toBe(true);
  expect(
    compare("company", { companyName: "北斗電機", corporateNumber: number }, { companyName: "北斗電機", corporateNumber: "4010001012345" }).codes,
  ).not.toContain("same-corporate-number");
});
