import iconv from "iconv-lite";
import ExcelJS from "exceljs";
import { describe, expect, it } from "vitest";
import { dirtyCsvText, dirtyRows } from "#tests/files/dirty-list.ts";
import { openTable } from "./open-table.ts";
import { prepareRowPlan, type PlannedRow } from "./plan-row.ts";
import { likeliestSheet, previewTable } from "./preview-table.ts";
import { sourceOfBuffer } from "./random-access-source.ts";

async function planFile(bytes: Buffer): Promise<{ encoding: string | null; planned: PlannedRow[] }> {
  const table = await openTable(sourceOfBuffer(bytes));
  const preview = await previewTable(table, likeliestSheet(table));
  const plan = prepareRowPlan({ headerRow: preview.headerRow, columns: preview.guesses, is1904: table.is1904, today: "2026-11-21" });
  const planned: PlannedRow[] = [];
  for await (const batch of table.rows(preview.sheet)) for (const row of batch.rows) if (row.row > preview.headerRow) planned.push(plan(row));
  table.close();
  return { encoding: table.encoding, planned };
}

const expected: PlannedRow[] = [
  {
    kind: "planned",
    row: 5,
    values: {
      fullName: "髙橋　一郎",
      kana: "タカハシ　イチロウ",
      companyName: "㈱山田電機",
      phone: "03-1234-5678",
      mobile: "090-1234-5678",
      mail: "taro@example.co.jp",
      postalCode: "105-0011",
      address: "東京都港区芝公園4-2-8",
      birthDate: "1984-04-01",
      notes: "至急, ①折返し\n夕方以降",
    },
    problems: [],
  },
  {
    kind: "planned",
    row: 6,
    values: {
      fullName: "山﨑　花子",
      kana: "ヤマザキ　ハナコ",
      companyName: "有限会社﨑商店",
      phone: "03-1234-5678",
      mail: "Hanako@example.jp",
      postalCode: "060-0042",
      address: "北海道札幌市中央区大通西1丁目",
      birthDate: "2019-05-01",
      notes: "=1+1",
    },
    problems: [],
  },
  {
    kind: "planned",
    row: 7,
    values: { fullName: "佐藤　次郎", kana: "サトウ　ジロウ", phone: "0422-21-1234", mobile: "090-1111-2222" },
    problems: [
      { column: 8, field: "postalCode", code: "bad-postal", outcome: "row-kept-value-held-back", value: "60042" },
      { column: 10, field: "birthDate", code: "bad-date", outcome: "row-kept-value-held-back", value: "2001/2/29" },
    ],
  },
  {
    kind: "planned",
    row: 9,
    values: { fullName: "鈴木　三郎", kana: "スズキ　サブロウ" },
    problems: [
      { column: 7, field: "mail", code: "bad-mail", outcome: "row-kept-value-held-back", value: "saburo@example" },
      { column: 10, field: "birthDate", code: "bad-date", outcome: "row-kept-value-held-back", value: "58/4/1" },
      { column: 11, field: "notes", code: "card-number", outcome: "row-kept-value-held-back", value: "カード ••••-••••-••••-•••• で支払" },
    ],
  },
  { kind: "skipped", row: 10, reason: "total-row" },
];

describe("a real list with all the dirt", () => {
  it.each([
    ["cp932", iconv.encode(dirtyCsvText(), "cp932")],
    ["utf-8", Buffer.from(dirtyCsvText())],
    ["utf-8", Buffer.from(`\ufeff${dirtyCsvText(";")}`)],
    ["utf-16le", Buffer.from(`\ufeff${dirtyCsvText("\t")}`, "utf16le")],
  ])("becomes the same customers from %s (case %#)", async (encoding, bytes) => {
    const result = await planFile(bytes);
    expect(result.encoding).toBe(encoding);
    expect(ordered(result.planned)).toEqual(ordered(expected));
  });

  it("becomes the same customers from Excel, numbers and dates being real ones there", async () => {
    const book = new ExcelJS.Workbook();
    book.addWorksheet("表紙").addRow(["社外秘"]);
    const sheet = book.addWorksheet("名簿");
    for (const row of dirtyRows) sheet.addRow(row.map((cell) => (/^[1-9]\d*$/.test(cell) ? Number(cell) : cell === "" ? null : cell)));
    const birth = sheet.getCell("K5");
    birth.value = new Date(Date.UTC(1984, 3, 1));
    birth.numFmt = "[$-411]ge.m.d";
    const { planned } = await planFile(Buffer.from(await book.xlsx.writeBuffer()));
    expect(ordered(planned)).toEqual(ordered(expected));
  });
});

/** Problems come in the order of the mapping, which follows fields; compare them by column. */
function ordered(planned: PlannedRow[]): PlannedRow[] {
  return planned.map((row) =>
    row.kind === "skipped" ? row : { ...row, problems: row.problems.toSorted((left, right) => (left.column ?? 0) - (right.column ?? 0)) },
  );
}

describe("prepareRowPlan", () => {
  const plan = (
    fields: (string | null)[],
    cells: string[],
    more: { problems?: { column: number; code: "cell-error" | "broken-quote"; value: string }[] } = {},
  ): PlannedRow =>
    prepareRowPlan({ headerRow: 0, columns: fields.map((field, column) => ({ column, field })), today: "2026-11-21" })({ row: 1, cells, ...more });

  it("joins names, addresses and phones the way they are written", () => {
    expect(
      plan(
        ["fullName", "fullName", "address", "address", "address", "address", "phone", "phone", "phone"],
        ["髙橋", "一郎", "東京都", "東京都港区芝公園", "4-2-8", "東京タワー3F", "3", "1234", "567"],
      ),
    ).toMatchObject({
      kind: "planned",
      values: { fullName: "髙橋　一郎", address: "東京都港区芝公園4-2-8 東京タワー3F", phone: "03-1234-0567" },
    });
  });

  it("finds a card number that was split over columns of one field", () => {
    const result = plan(["fullName", "notes", "notes"], ["山田", "4111 1111", "1111 1111"]);
    expect(result).toMatchObject({ values: { fullName: "山田" }, problems: [{ code: "card-number", value: "•••• ••••\n•••• ••••" }] });
  });

  it("puts a second phone where it fits and reports what finds no place", () => {
    expect(plan(["fullName", "phone"], ["山田", "03-1234-5678、090-1111-2222、06-1234-5678"])).toMatchObject({
      values: { phone: "03-1234-5678", mobile: "090-1111-2222" },
      problems: [{ field: "phone", code: "bad-phone", value: "06-1234-5678" }],
    });
  });

  it("holds back a failed formula and a broken quote with their cell", () => {
    expect(plan(["fullName", "mail"], ["山田", ""], { problems: [{ column: 1, code: "cell-error", value: "#N/A" }] })).toMatchObject({
      kind: "planned",
      problems: [{ column: 1, field: "mail", code: "cell-error", value: "#N/A" }],
    });
    expect(plan(["fullName", "mail"], ["山田", "x"], { problems: [{ column: 0, code: "broken-quote", value: '"山田' }] })).toMatchObject({
      kind: "held-back",
      problems: [{ column: 0, code: "broken-quote", outcome: "row-held-back", value: "山田" }, { code: "bad-mail" }],
    });
  });

  it("holds back a row by which nobody could be known, and says why", () => {
    expect(plan(["notes"], ["至急"])).toMatchObject({ kind: "held-back", problems: [{ code: "empty-row", outcome: "row-held-back" }] });
    expect(plan(["mail"], ["x"])).toMatchObject({ kind: "held-back", problems: [{ code: "bad-mail", outcome: "row-held-back" }] });
  });

  it("skips repeated headers and rows whose mapped cells are empty, but no customer who is called like one", () => {
    expect(plan(["fullName", "phone"], ["氏名", "電話番号"])).toEqual({ kind: "skipped", row: 1, reason: "repeated-header" });
    expect(plan(["fullName", null], ["", "x"])).toEqual({ kind: "skipped", row: 1, reason: "empty-row" });
    expect(plan(["fullName", "phone"], ["合計 太郎", "03-1234-5678"])).toMatchObject({ kind: "planned" });
  });

  it("refuses a birth date that has not come yet", () => {
    expect(plan(["fullName", "birthDate"], ["山田", "2026-11-22"])).toMatchObject({ values: { fullName: "山田" }, problems: [{ code: "bad-date" }] });
  });

  it("gives owner and department as they are written and knows own fields by their type", () => {
    expect(plan(["fullName", "owner", "department"], ["山田", "佐藤 花子", "営業一課"])).toMatchObject({
      values: { fullName: "山田", owner: "佐藤 花子", department: "営業一課" },
    });
    const own = prepareRowPlan({
      headerRow: 0,
      columns: [
        { column: 0, field: "fullName" },
        { column: 1, field: "joined" },
      ],
      ownFields: new Map([["joined", { type: "date", choices: [] }]]),
    });
    expect(own({ row: 1, cells: ["山田", "H1.1.8"] })).toMatchObject({ values: { joined: "1989-01-08" } });
    expect(() => plan(["noSuchField"], ["x"])).toThrow("noSuchField");
  });
});
