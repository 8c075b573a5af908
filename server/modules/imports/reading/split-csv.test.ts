import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SourceRow } from "./source-row.ts";
import { createCsvSplitter, guessDelimiter } from "./split-csv.ts";

function split(text: string, pieceLength = text.length || 1): SourceRow[] {
  const splitter = createCsvSplitter(guessDelimiter(text));
  const rows: SourceRow[] = [];
  for (let at = 0; at < text.length; at += pieceLength) rows.push(...splitter.write(text.slice(at, at + pieceLength)));
  return [...rows, ...splitter.end()];
}
const cells = (text: string): (readonly string[])[] => split(text).map((row) => row.cells);

describe("createCsvSplitter", () => {
  it("keeps commas, quotes and line breaks of quoted cells", () => {
    expect(cells('a,"b,1","c""d""","e\r\nf"\r\ng,h\r\n')).toEqual([
      ["a", "b,1", 'c"d"', "e\r\nf"],
      ["g", "h"],
    ]);
  });

  it.each(["\r\n", "\n", "\r"])("reads lines that end with %j, the last one open", (lineBreak) => {
    expect(cells(["a,b", "1,2", "3,4"].join(lineBreak))).toEqual([
      ["a", "b"],
      ["1", "2"],
      ["3", "4"],
    ]);
  });

  it.each([",", "\t", ";", "|"])("guesses the delimiter %j", (delimiter) => {
    const text = ["氏名,姓", "住所; 建物", "備考"].map((cell) => `"${cell}"`).join(delimiter) + "\n" + ["山田", "東京都", "a"].join(delimiter) + "\n";
    expect(cells(text)).toEqual([
      ["氏名,姓", "住所; 建物", "備考"],
      ["山田", "東京都", "a"],
    ]);
  });

  it("follows a leading sep= line and leaves it out", () => {
    expect(cells("sep=;\r\na,1;b\r\n")).toEqual([["a,1", "b"]]);
  });

  it("numbers rows as a spreadsheet does: blank lines count, a quoted line break does not", () => {
    expect(split('a,b\n\n"x\ny",2\n,,\nz,1\n').map((row) => row.row)).toEqual([1, 3, 5]);
  });

  it("recovers from an unclosed quote on its own row and says which cell it was", () => {
    const rows = split('1,"山田,x\n2,"鈴木",y\n3,佐藤,z\n');
    expect(rows.map((row) => row.cells)).toEqual([
      ["1", "山田", "x"],
      ["2", "鈴木", "y"],
      ["3", "佐藤", "z"],
    ]);
    expect(rows[0]?.problems).toEqual([{ column: 1, code: "broken-quote", value: '"山田' }]);
    expect(rows[1]?.problems).toBeUndefined();
  });

  it("recovers from an unclosed quote at the very end", () => {
    expect(split('a,b\n1,"x\n2,y\n').map((row) => row.cells)).toEqual([
      ["a", "b"],
      ["1", "x"],
      ["2", "y"],
    ]);
  });

  it("keeps bare quotes inside a cell as text", () => {
    expect(cells('a,5" disk,"b "c" d",e\n')).toEqual([["a", '5" disk', 'b "c" d', "e"]]);
  });

  it("empties a cell beyond 32,767 characters and reports it", () => {
    const [row] = split(`a,${"x".repeat(32_768)},b\n`);
    expect(row?.cells).toEqual(["a", "", "b"]);
    expect(row?.problems?.[0]).toMatchObject({ column: 1, code: "too-long" });
  });

  it("refuses ten thousand columns with the row and their number", () => {
    const wide = Array.from({ length: 10_000 }, (_, i) => i).join(",");
    expect(() => split(`a,b\n${wide}\n`)).toThrow(
      expect.objectContaining({ code: "file-unreadable", facts: { reason: "too-many-columns", row: 2, columns: 10_000 } }),
    );
    expect(cells(`a,b${",".repeat(10_000)}\n`)).toEqual([["a", "b"]]);
  });

  it("refuses an endless line instead of keeping it", () => {
    const splitter = createCsvSplitter({ delimiter: ",", lineBreak: "\n", skip: 0 });
    expect(() => {
      for (let i = 0; i < 40; i++) splitter.write("x".repeat(64 * 1024));
    }).toThrow(expect.objectContaining({ facts: { reason: "row-too-long", row: 1 } }));
  });

  const cell = fc.string({ unit: fc.constantFrom("a", "山", ",", '"', "\n", "1", ";"), maxLength: 6 });
  const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 });

  it("agrees with csv-parse on every well-formed file, however it is cut into pieces", () => {
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 9 }), (rows, pieceLength) => {
        const text = rows.map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(",")).join("\r\n") + "\r\n";
        const splitter = createCsvSplitter({ delimiter: ",", lineBreak: "\n", skip: 0 });
        const got: SourceRow[] = [];
        for (let at = 0; at < text.length; at += pieceLength) got.push(...splitter.write(text.slice(at, at + pieceLength)));
        got.push(...splitter.end());
        const expected = (parse(text, { relax_column_count: true }) as string[][]).map(withoutEmptyEnd).filter((row) => row.length > 0);
        expect(got.map((row) => row.cells)).toEqual(expected);
        expect(got.some((row) => row.problems !== undefined)).toBe(false);
      }),
    );
  });

  it("survives any text whatever and cuts it the same way in any pieces", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", ",", '"', "\n", "\r", " "), maxLength: 60 }), fc.integer({ min: 1, max: 7 }), (text, pieceLength) => {
        expect(split(text, pieceLength)).toEqual(split(text));
      }),
    );
  });
});

function withoutEmptyEnd(row: string[]): string[] {
  const copy = [...row];
  while (copy.length > 0 && (copy[copy.length - 1] as string).trim() === "") copy.pop();
  return copy;
}
