import { parse } from "csv-parse/sync";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { dirtKinds, toHalfWidthKana, writeDirtyFile } from "./write-dirty-file.ts";

const file = writeDirtyFile({ seed: 3, people: 200 });
const records: string[][] = parse(iconv.decode(file.bytes, "cp932"), { relax_column_count: true });

describe("the dirty file", () => {
  test("is the same for the same seed", () => {
    expect(writeDirtyFile({ seed: 3, people: 200 }).bytes.equals(file.bytes)).toBe(true);
  });
  test("is CP932 with NEC and IBM kanji, and nothing in it was lost", () => {
    const text = iconv.decode(file.bytes, "cp932");
    for (const sign of ["髙", "﨑", "㈱", "①", "ﾀｶﾊｼ", "＠"]) expect(text).toContain(sign);
    expect(text).not.toContain("\ufffd");
    expect(iconv.encode(text, "cp932").equals(file.bytes)).toBe(true);
  });
  test("holds every kind of dirt, and rows, problems and passed-over rows lie where it says", () => {
    expect(new Set(file.rows.flatMap((row) => row.dirt))).toEqual(new Set(dirtKinds));
    expect(records[file.headerRow - 1]).toEqual([...file.header]);
    for (const row of file.rows.filter((one) => one.dirt.includes("clean"))) expect(records[row.row - 1]![1]).toBe(row.values.fullName);
    for (const row of file.passedOver) expect(records[row - 1]!.every((cell) => cell === "" || /計$|件$/.test(cell))).toBe(true);
    const accounted = new Set([...file.rows.map((row) => row.row), ...file.passedOver, ...file.problems.map((problem) => problem.row)]);
    for (let row = file.headerRow + 1; row <= records.length; row += 1) expect(accounted.has(row), String(row)).toBe(true);
    expect(new Set(file.problems.map((problem) => problem.code))).toEqual(
      new Set(["card-number", "bad-date", "bad-mail", "bad-phone", "bad-postal", "duplicate-in-file"]),
    );
  });
  test("begins with 髙橋 一郎 written with a half-width reading", () => {
    const first = records[file.headerRow]!;
    expect(first[1]).toBe("髙橋　一郎");
    expect(first[2]).toBe("ﾀｶﾊｼ ｲﾁﾛｳ");
    expect(file.rows[0]!.values.kana).toBe("タカハシ　イチロウ");
  });
  test("never promises a value that its dirt destroyed", () => {
    for (const row of file.rows.filter((one) => one.dirt.includes("card number in the notes"))) expect(row.values.notes).toBeUndefined();
  });
});

test("half-width kana split their voicing marks off", () => {
  expect(toHalfWidthKana("ゴトウ　ピーター")).toBe("ｺﾞﾄｳ ﾋﾟｰﾀｰ");
});
