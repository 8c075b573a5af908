import { applyMask, type NumberStyle } from "./cell-styles.ts";
import { writeExcelDate } from "./excel-date.ts";
import { createXmlScanner, decodeXmlText, readAttribute } from "./scan-xml.ts";
import { decodeEscapes, type SharedStrings } from "./shared-strings.ts";
import { maxCellLength, maxColumns, type CellProblem, type RowBatch, type SourceRow } from "./source-row.ts";
import { unreadable } from "./unreadable.ts";

export interface SheetContext {
  readonly strings: SharedStrings;
  readonly styles: readonly NumberStyle[];
  readonly is1904: boolean;
}

/** Bytes of a sheet without any text after which it is none: a million rows that were formatted to the bottom come to half of it. */
const mostEmptyBytes = 1024 * 1024 * 1024;

/** Read one worksheet part, a few hundred rows at a time. `size`: its uncompressed bytes, for the share read. */
export async function* readSheet(chunks: AsyncIterable<{ text: string; bytes: number }>, size: number, context: SheetContext): AsyncGenerator<RowBatch> {
  let rows: SourceRow[] = [];
  const scanner = createXmlScanner(createSheetHandler(context, (row) => rows.push(row)));
  let read = 0;
  let filled = 0;
  for await (const chunk of chunks) {
    read += chunk.bytes;
    const before = rows.length;
    scanner.write(chunk.text);
    if (rows.length > before) filled = read;
    else if (read - filled > mostEmptyBytes) throw unreadable("zip-bomb");
    if (rows.length >= 200) {
      yield { rows, share: Math.min(1, read / Math.max(1, size)) };
      rows = [];
    }
  }
  scanner.end();
  if (rows.length > 0) yield { rows, share: 1 };
}

function createSheetHandler(context: SheetContext, emit: (row: SourceRow) => void): Parameters<typeof createXmlScanner>[0] {
  let row = 0;
  let cells: string[] = [];
  let problems: CellProblem[] | undefined;
  let column = -1;
  let style = 0;
  let type = "n";
  let value = "";
  let isText = false;
  let isInCell = false;
  let phonetic = 0;

  function finishCell(): void {
    isInCell = false;
    if (value === "") return;
    let text: string;
    if (type === "s") text = context.strings.at(Number(value));
    else if (type === "n") text = writeNumber(value, context.styles[style], context.is1904);
    else if (type === "b") text = value === "1" ? "TRUE" : "FALSE";
    else if (type === "e") {
      (problems ??= []).push({ column, code: "cell-error", value: value.slice(0, 200) });
      return;
    } else if (type === "d") text = value;
    else text = decodeEscapes(value);
    if (text.length > maxCellLength) {
      (problems ??= []).push({ column, code: "too-long", value: text.slice(0, 200) });
      return;
    }
    if (text === "") return;
    if (column >= maxColumns) {
      if (text.trim() === "") return;
      throw unreadable("too-many-columns", { row, columns: column + 1 });
    }
    while (cells.length < column) cells.push("");
    cells[column] = text;
  }

  return {
    open(name, attributes) {
      if (name === "c") {
        isInCell = true;
        value = "";
        type = "n";
        style = 0;
        column++;
        readCellAttributes(attributes);
      } else if (name === "v") isText = isInCell;
      else if (name === "t") isText = isInCell && phonetic === 0;
      else if (name === "rPh") phonetic++;
      else if (name === "row") {
        const given = Number(readAttribute(attributes, "r"));
        row = Number.isInteger(given) && given > row ? given : row + 1;
        cells = [];
        problems = undefined;
        column = -1;
      }
    },
    close(name) {
      if (name === "c") finishCell();
      else if (name === "v" || name === "t") isText = false;
      else if (name === "rPh") phonetic--;
      else if (name === "row" && (problems !== undefined || cells.some((cell) => cell.trim() !== ""))) {
        emit(problems === undefined ? { row, cells } : { row, cells, problems });
      }
    },
    text(piece, isLiteral) {
      if (isText && value.length <= maxCellLength) value += isLiteral ? piece : decodeXmlText(piece);
    },
  };

  /** `r="AB12" s="3" t="s"` in any order; this runs for every cell, so it reads by hand. */
  function readCellAttributes(attributes: string): void {
    let at = 0;
    for (;;) {
      const equals = attributes.indexOf("=", at);
      if (equals === -1) return;
      const name = attributes.slice(at, equals).trim();
      let open = equals + 1;
      while (attributes.charCodeAt(open) === 32) open++;
      const close = attributes.indexOf(attributes.charAt(open), open + 1);
      if (close === -1) throw unreadable("xml-malformed");
      if (name === "r") column = columnOf(attributes, open + 1);
      else if (name === "s") style = Number(attributes.slice(open + 1, close));
      else if (name === "t") type = attributes.slice(open + 1, close);
      at = close + 1;
    }
  }
}

/** `AB12` → 27. */
function columnOf(reference: string, start: number): number {
  let column = 0;
  for (let i = start; ; i++) {
    const code = reference.charCodeAt(i) & ~32;
    if (!(code >= 65 && code <= 90)) break;
    column = column * 26 + (code - 64);
  }
  if (column < 1 || column > 16_384) throw unreadable("xml-malformed");
  return column - 1;
}

function writeNumber(raw: string, style: NumberStyle | undefined, is1904: boolean): string {
  const isPlainInteger = /^-?\d{1,15}$/.test(raw);
  if (isPlainInteger && (style === undefined || style.kind === "plain")) return raw;
  const number = Number(raw);
  if (!Number.isFinite(number)) return raw;
  if (style?.kind === "date" || style?.kind === "date-time") {
    const written = writeExcelDate(style.kind === "date" ? Math.floor(number) : number, is1904);
    if (written !== undefined) return written;
  }
  if (style?.kind === "time" && number >= 0 && number < 1) return writeExcelDate(number, false) ?? raw;
  // Fifteen digits are what a spreadsheet keeps: 0.30000000000000004 is 0.3 there.
  const text = Number.isInteger(number) && Math.abs(number) < 1e21 ? BigInt(Math.trunc(number)).toString() : String(Number(number.toPrecision(15)));
  if (style?.kind === "padded" && number >= 0 && Number.isInteger(number)) return applyMask(text, style.mask);
  return text;
}
