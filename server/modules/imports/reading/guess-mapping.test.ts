import { describe, expect, it } from "vitest";
import { findHeader, isTotalRow } from "./find-header.ts";
import { guessMapping, headerFingerprint } from "./guess-mapping.ts";
import { readHeader } from "./header-words.ts";
import type { SourceRow } from "./source-row.ts";

/** Field of each column, in column order. */
function fields(headers: string[], rows: string[][] = []): (string | null)[] {
  return guessMapping(headers, rows)
    .toSorted((left, right) => left.column - right.column)
    .map((guess) => guess.field);
}
/** Columns of one field, in joining order. */
function joined(field: string, headers: string[], rows: string[][] = []): number[] {
  return guessMapping(headers, rows)
    .filter((guess) => guess.field === field)
    .map((guess) => guess.column);
}
const numbered = (rows: string[][], from = 1): SourceRow[] => rows.map((cells, i) => ({ row: from + i, cells }));

describe("header words", () => {
  it.each([
    ["氏名", "fullName"],
    ["お名前", "fullName"],
    ["お客様氏名（必須）", "fullName"],
    ["氏　名", "fullName"],
    ["Full Name", "fullName"],
    ["ﾌﾘｶﾞﾅ", "kana"],
    ["ふりがな", "kana"],
    ["氏名（カナ）", "kana"],
    ["ご担当者様フリガナ", "kana"],
    ["会社名", "companyName"],
    ["貴社名", "companyName"],
    ["勤務先", "companyName"],
    ["Company", "companyName"],
    ["所属部署", "section"],
    ["お役職", "jobTitle"],
    ["Job Title", "jobTitle"],
    ["ＴＥＬ", "phone"],
    ["電話番号１", "phone"],
    ["℡", "phone"],
    ["自宅電話", "phone"],
    ["携帯電話番号", "mobile"],
    ["電話番号（携帯）", "mobile"],
    ["Fax番号", "fax"],
    ["E-mail", "mail"],
    ["Ｅメールアドレス", "mail"],
    ["メールアドレス※", "mail"],
    ["E-mail Address", "mail"],
    ["〒", "postalCode"],
    ["郵便番号（ハイフンなし）", "postalCode"],
    ["ご住所", "address"],
    ["所在地", "address"],
    ["会社住所", "address"],
    ["生年月日", "birthDate"],
    ["誕生日", "birthDate"],
    ["性別", "gender"],
    ["備考欄", "notes"],
    ["摘要", "notes"],
    ["顧客コード", "memberNumber"],
    ["会員No.", "memberNumber"],
    ["振込口座", "bankAccount"],
    ["弊社担当", "owner"],
    ["担当部署", "department"],
  ])("%s means %s", (header, field) => {
    expect(readHeader(header)?.field).toBe(field);
  });

  it.each(["メルマガ配信希望", "購入金額", "ランク", "", "2026年度"])("%j means no field", (header) => {
    expect(readHeader(header)).toBeUndefined();
  });
});

describe("guessMapping", () => {
  it("joins split columns in the order of the value and not of the file", () => {
    expect(joined("fullName", ["First Name", "Last Name", "E-mail"])).toEqual([1, 0]);
    expect(joined("address", ["建物名", "番地", "市区町村", "都道府県"])).toEqual([3, 2, 1, 0]);
    expect(joined("address", ["住所1", "住所2", "住所3"])).toEqual([0, 1, 2]);
    expect(joined("kana", ["セイ", "メイ"])).toEqual([0, 1]);
    expect(joined("birthDate", ["生年", "生月", "生日"])).toEqual([0, 1, 2]);
  });

  it("joins phone columns only when their cells are parts", () => {
    const headers = ["電話番号1", "電話番号2", "電話番号3"];
    expect(
      joined("phone", headers, [
        ["03", "1234", "5678"],
        ["0422", "21", "1234"],
      ]),
    ).toEqual([0, 1, 2]);
    expect(
      joined("phone", headers, [
        ["03-1234-5678", "06-1234-5678", ""],
        ["0422-21-1234", "", ""],
      ]),
    ).toEqual([0]);
  });

  it("takes one of several addresses and never mixes home and work", () => {
    expect(joined("address", ["自宅都道府県", "会社住所", "自宅住所"])).toEqual([0, 2]);
  });

  it("keeps a whole name when split columns stand beside it", () => {
    expect(fields(["姓", "名", "氏名"])).toEqual([null, null, "fullName"]);
  });

  it("takes 担当者 for the customer in a list of companies and for the owner in a list of persons", () => {
    expect(fields(["会社名", "ご担当者名"])).toEqual(["companyName", "fullName"]);
    expect(fields(["氏名", "担当者"])).toEqual(["fullName", "owner"]);
  });

  it("believes the cells when they contradict the header", () => {
    expect(
      fields(
        ["氏名", "電話"],
        [
          ["山田 太郎", "a@example.jp"],
          ["佐藤 花子", "b@example.jp"],
        ],
      ),
    ).toEqual(["fullName", "mail"]);
    expect(
      fields(
        ["顧客名", "電話"],
        [
          ["㈱山田電機", "03-1234-5678"],
          ["佐藤商店(有)", "03-1234-5679"],
        ],
      ),
    ).toEqual(["companyName", "phone"]);
  });

  it("leaves out a running counter but keeps a customer number", () => {
    expect(
      fields(
        ["No.", "氏名"],
        [
          ["1", "a"],
          ["2", "b"],
          ["3", "c"],
        ],
      ),
    ).toEqual([null, "fullName"]);
    expect(
      fields(
        ["No.", "氏名"],
        [
          ["1001", "a"],
          ["1007", "b"],
          ["2003", "c"],
        ],
      ),
    ).toEqual(["memberNumber", "fullName"]);
  });

  it("reads columns without any header by their contents", () => {
    const rows = [
      ["髙橋 一郎", "タカハシ イチロウ", "090-1234-5678", "taro@example.jp", "105-0011", "東京都港区芝公園4-2-8", "㈱山田電機", "男"],
      ["佐藤 花子", "サトウ ハナコ", "080-1111-2222", "hanako@example.jp", "060-0042", "北海道札幌市中央区大通西1", "佐藤商店株式会社", "女"],
      ["鈴木 次郎", "スズキ ジロウ", "070-3333-4444", "", "", "大阪府大阪市北区梅田1", "有限会社鈴木", "男"],
    ];
    expect(fields([], rows)).toEqual(["fullName", "kana", "mobile", "mail", "postalCode", "address", "companyName", "gender"]);
    expect(guessMapping([], rows).every((guess) => guess.reason === "contents" && guess.confidence >= 0.5)).toBe(true);
  });

  it("names every column once and gives a field whose values cannot be joined to one column", () => {
    const guesses = guessMapping(["メール1", "メール2", "氏名", "氏名", "謎", ""], []);
    expect(guesses.map((guess) => guess.column).toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(guesses.filter((guess) => guess.field === "mail" || guess.field === "fullName").map((guess) => guess.column)).toEqual([0, 2]);
  });

  it("gives the same fingerprint to headers that differ in width and spaces only", () => {
    expect(headerFingerprint(["氏名", "ＴＥＬ（必須）"])).toBe(headerFingerprint(["氏 名", "tel"]));
    expect(headerFingerprint(["氏名", "TEL"])).not.toBe(headerFingerprint(["TEL", "氏名"]));
    expect(headerFingerprint(["氏名"])).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("findHeader", () => {
  it("finds the header below titles", () => {
    const rows = numbered([["顧客名簿"], ["", "出力日:2026/11/21"], ["氏名", "電話", ""], ["山田 太郎", "03-1234-5678", "x"]], 2);
    expect(findHeader(rows)).toEqual({ headerRow: 4, headers: ["氏名", "電話", ""] });
  });

  it("says 0 when the first row is a customer already", () => {
    expect(
      findHeader(
        numbered([
          ["山田 太郎", "03-1234-5678", "a@example.jp"],
          ["佐藤 花子", "03-1234-5679", "b@example.jp"],
        ]),
      ).headerRow,
    ).toBe(0);
  });

  it("finds a header of unknown words over cells of another kind", () => {
    expect(
      findHeader(
        numbered([
          ["Nom", "Courriel"],
          ["Yamada", "a@example.jp"],
          ["Sato", "b@example.jp"],
        ]),
      ).headerRow,
    ).toBe(1);
  });

  it("does not take a title with one known word for the header", () => {
    expect(
      findHeader(
        numbered([
          ["顧客名", "2026年度版一覧"],
          ["氏名", "住所"],
          ["山田", "東京都港区"],
        ]),
      ).headerRow,
    ).toBe(2);
  });

  it.each([
    [["", "合計", "", "12"], true],
    [["小計", "", "1,234円"], true],
    [["計 3名"], true],
    [["Grand Total", "5"], true],
    [["合計 太郎", "03-1234-5678"], false],
    [["計良 一郎", "5"], false],
    [["1", "2"], false],
  ])("total row %j: %s", (cells, isTotal) => {
    expect(isTotalRow(cells as string[])).toBe(isTotal);
  });
});
