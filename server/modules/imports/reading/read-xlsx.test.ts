import ExcelJS from "exceljs";
import { describe, expect, it } from "vitest";
import { writeRawWorkbook } from "#tests/files/write-raw-workbook.ts";
import { styleOfFormat } from "./cell-styles.ts";
import { writeExcelDate } from "./excel-date.ts";
import { openTable } from "./open-table.ts";
import { sourceOfBuffer } from "./random-access-source.ts";
import type { SourceRow } from "./source-row.ts";

async function read(bytes: Buffer, sheet = 0): Promise<SourceRow[]> {
  const table = await openTable(sourceOfBuffer(bytes));
  const rows: SourceRow[] = [];
  for await (const batch of table.rows(sheet)) rows.push(...batch.rows);
  table.close();
  return rows;
}

describe("workbooks of a writer library", () => {
  it("reads text, numbers, dates, formulas, rich text, hidden sheets and merged titles", async () => {
    const book = new ExcelJS.Workbook();
    const sheet = book.addWorksheet("顧客");
    sheet.mergeCells("A1:D1");
    sheet.getCell("A1").value = "顧客名簿 ㈱";
    sheet.addRow([]);
    sheet.addRow(["氏名", "電話", "生年月日", "郵便番号", "計", "済", "備考"]);
    const row = sheet.addRow([
      "髙橋 & <一郎>",
      312345678,
      new Date(Date.UTC(1984, 3, 1)),
      600042,
      { formula: "1+2", result: 3 },
      true,
      { richText: [{ text: "至" }, { text: "急\n①" }] },
    ]);
    row.getCell(3).numFmt = "yyyy/mm/dd";
    row.getCell(4).numFmt = "000-0000";
    book.addWorksheet("控え", { state: "hidden" }).addRow(["x"]);
    const bytes = Buffer.from(await book.xlsx.writeBuffer());
    expect(await read(bytes)).toEqual([
      { row: 1, cells: ["顧客名簿 ㈱", "顧客名簿 ㈱", "顧客名簿 ㈱", "顧客名簿 ㈱"].slice(0, 1) },
      { row: 3, cells: ["氏名", "電話", "生年月日", "郵便番号", "計", "済", "備考"] },
      { row: 4, cells: ["髙橋 & <一郎>", "312345678", "1984-04-01", "060-0042", "3", "TRUE", "至急\n①"] },
    ]);
    const table = await openTable(sourceOfBuffer(bytes));
    expect(table.sheets).toEqual([
      { sheet: 0, name: "顧客", isHidden: false, rows: 4 },
      { sheet: 1, name: "控え", isHidden: true, rows: 1 },
    ]);
    expect(await read(bytes, 1)).toEqual([{ row: 1, cells: ["x"] }]);
  });

  it("reads thousands of shared strings and gives every row once", async () => {
    const book = new ExcelJS.Workbook();
    const sheet = book.addWorksheet("s");
    for (let i = 0; i < 5000; i++) sheet.addRow([`名前${i}`, `値${i % 7}`, i]);
    const rows = await read(Buffer.from(await book.xlsx.writeBuffer()));
    expect(rows).toHaveLength(5000);
    for (const [i, { row, cells }] of rows.entries()) expect([row, ...cells]).toEqual([i + 1, `名前${i}`, `値${i % 7}`, String(i)]);
  });
});

describe("raw workbooks", () => {
  it("leaves phonetic runs out of shared and inline strings", async () => {
    const bytes = writeRawWorkbook({
      strings:
        "<si><t>髙橋</t><rPh sb='0' eb='2'><t>タカハシ</t></rPh><phoneticPr fontId='1'/></si><si><r><t xml:space='preserve'>一 </t></r><r><t>郎</t></r></si>",
      sheets: [
        {
          name: "a",
          data: `<row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c><c r="D2" t="inlineStr"><is><t>太郎</t><rPh sb="0" eb="1"><t>タロウ</t></rPh></is></c></row>`,
        },
      ],
    });
    expect(await read(bytes)).toEqual([{ row: 2, cells: ["", "髙橋", "一 郎", "太郎"] }]);
  });

  it("empties error cells and reports them, formula text included", async () => {
    const bytes = writeRawWorkbook({
      sheets: [
        { name: "a", data: `<row r="1"><c r="A1" t="str"><f>A2&amp;"x"</f><v>ab</v></c><c r="B1" t="e"><f>VLOOKUP(1,C:C,1,0)</f><v>#N/A</v></c></row>` },
      ],
    });
    expect(await read(bytes)).toEqual([{ row: 1, cells: ["ab"], problems: [{ column: 1, code: "cell-error", value: "#N/A" }] }]);
  });

  it("reads dates of the 1904 system, Japanese built-in formats, and numbers as they are kept", async () => {
    const styles = `<numFmts count="1"><numFmt numFmtId="176" formatCode="[$-411]ggge&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="57"/><xf numFmtId="176"/><xf numFmtId="22"/></cellXfs>`;
    const data = `<row r="1"><c r="A1" s="1"><v>29311</v></c><c r="B1" s="2"><v>29311</v></c><c r="C1" s="3"><v>29311.5</v></c><c r="D1"><v>0.30000000000000004</v></c><c r="E1"><v>9.012345678E9</v></c></row>`;
    expect((await read(writeRawWorkbook({ styles, date1904: true, sheets: [{ name: "a", data }] })))[0]?.cells).toEqual([
      "1984-04-01",
      "1984-04-01",
      "1984-04-01T12:00:00",
      "0.3",
      "9012345678",
    ]);
    expect((await read(writeRawWorkbook({ styles, sheets: [{ name: "a", data }] })))[0]?.cells[0]).toBe("1980-03-31");
  });

  it("reads cells and rows without references, prefixed names, CDATA and escapes", async () => {
    const data = `<x:row><x:c t="inlineStr"><x:is><x:t><![CDATA[<a>]]>&#x9AD9;_x000a_b</x:t></x:is></x:c><x:c><x:v>1</x:v></x:c></x:row><!-- c --><x:row><x:c><x:v>2</x:v></x:c></x:row>`;
    expect(await read(writeRawWorkbook({ sheets: [{ name: "a", data }] }))).toEqual([
      { row: 1, cells: ["<a>髙\nb", "1"] },
      { row: 2, cells: ["2"] },
    ]);
  });

  it("says nothing of rows that hold only formats, however many", async () => {
    const data = Array.from({ length: 2000 }, (_, i) => `<row r="${i + 2}"><c r="A${i + 2}" s="1"/></row>`).join("");
    expect(await read(writeRawWorkbook({ sheets: [{ name: "a", data: `<row r="1"><c r="A1"><v>1</v></c></row>${data}` }] }))).toEqual([
      { row: 1, cells: ["1"] },
    ]);
  });
});

describe("writeExcelDate", () => {
  it.each([
    [1, false, "1900-01-01"],
    [59, false, "1900-02-28"],
    [60, false, undefined],
    [61, false, "1900-03-01"],
    [30773, false, "1984-04-01"],
    [30773.75, false, "1984-04-01T18:00:00"],
    [0.5, false, "12:00:00"],
    [0, true, "1904-01-01"],
    [2_958_465, false, "9999-12-31"],
    [2_958_466, false, undefined],
    [-1, false, undefined],
  ])("writes serial %d (1904: %s) as %s", (serial, is1904, written) => {
    expect(writeExcelDate(serial, is1904)).toBe(written);
  });
});

describe("styleOfFormat", () => {
  it.each([
    ["General", "plain"],
    ["G/標準", "plain"],
    ["#,##0.00", "plain"],
    ["0.00E+00", "plain"],
    ['"m"0', "plain"],
    ["yyyy/m/d;@", "date"],
    ['yyyy"年"m"月"', "date"],
    ["[$-411]ge.m.d", "date"],
    ["m/d", "date"],
    ["yyyy-mm-dd hh:mm", "date-time"],
    ["h:mm AM/PM", "time"],
    ["[h]:mm", "time"],
    ["000\\-0000", "padded"],
    ["[<=999]000;[<=9999]000-00;000-0000", "padded"],
    ["00000", "padded"],
    ["@", "plain"],
  ])("knows %s as %s", (code, kind) => {
    expect(styleOfFormat(code).kind).toBe(kind);
  });
});
