import { describeContents } from "./column-contents.ts";
import { readHeader } from "./header-words.ts";
import { readPurchaseHeader } from "./purchase-words.ts";
import type { ImportKind } from "#shared/imports.ts";
import type { SourceRow } from "./source-row.ts";

export interface FoundHeader {
  /** The row of the header from 1, or 0 when the table has none. Rows up to it are titles and hold no customer. */
  readonly headerRow: number;
  /** As they stand in the file, trimmed; "" where a column has none. Names may repeat: columns are told by their number. */
  readonly headers: readonly string[];
}

const searchedRows = 40;

/**
 * Find the header among the first rows: below title rows, dates of printing and blank lines. The row with the most known
 * words wins; without any, a first row of distinct short texts over cells of another kind.
 */
export function findHeader(rows: readonly SourceRow[], kind: ImportKind = "customers"): FoundHeader {
  const head = rows.slice(0, searchedRows);
  const width = Math.max(0, ...rows.slice(0, 200).map((row) => row.cells.length));
  let best: { row: SourceRow; score: number } | undefined;
  for (const row of head) {
    const score = scoreHeader(row.cells, kind);
    if (score > 0 && (best === undefined || score > best.score)) best = { row, score };
  }
  best ??= guessUnknownHeader(head, width);
  const headers = Array.from({ length: width }, (_, column) => (best?.row.cells[column] ?? "").replace(/\s+/g, " ").trim());
  return { headerRow: best?.row.row ?? 0, headers };
}

/** Headers of a row that the person pointed at; row 0 is "no header". */
export function headerAt(rows: readonly SourceRow[], headerRow: number): FoundHeader {
  const width = Math.max(0, ...rows.slice(0, 200).map((row) => row.cells.length));
  const cells = rows.find((row) => row.row === headerRow)?.cells ?? [];
  return { headerRow, headers: Array.from({ length: width }, (_, column) => (cells[column] ?? "").replace(/\s+/g, " ").trim()) };
}

/** Whether a row is made of header words: page-wise repeated headers and the lower half of a header of two rows. */
export function isHeaderRow(cells: readonly string[], kind: ImportKind = "customers"): boolean {
  const filled = cells.filter((cell) => cell.trim() !== "");
  return filled.length >= 2 && filled.every((cell) => cell.length <= 20 && (wordOf(cell, kind)?.confidence ?? 0) >= 0.9);
}

function wordOf(cell: string, kind: ImportKind): { readonly confidence: number } | undefined {
  return (kind === "purchases" ? readPurchaseHeader(cell) : undefined) ?? readHeader(cell);
}

const totalHint = /計|平均|件数|総数|total|sum/i;
const totalWord = /^(?:総?合計|総計|小計|中計|計|累計|平均|件数|総件数|総数|(?:sub|grand)?\s*total|sum)\s*[:：]?\s*[\d,]*\s*(?:件|名|人|社)?$/i;

/** Whether a row sums up others: 合計, 小計, 計 … and beside it nothing but numbers. */
export function isTotalRow(cells: readonly string[]): boolean {
  if (!cells.some((cell) => cell.length <= 20 && totalHint.test(cell))) return false;
  const filled = cells
    .map((cell) =>
      cell
        .normalize("NFKC")
        .replace(/[\s\u3000]+/g, " ")
        .trim(),
    )
    .filter((cell) => cell !== "");
  const isWord = (cell: string): boolean => totalWord.test(cell) || totalWord.test(cell.replace(/ /g, ""));
  return filled.some(isWord) && filled.every((cell) => isWord(cell) || /^[¥$]?-?[\d,.]+\s*(?:円|件|名|人|社|%)?$/.test(cell));
}

function scoreHeader(cells: readonly string[], kind: ImportKind): number {
  const filled = cells.filter((cell) => cell.trim() !== "");
  if (filled.length === 0) return 0;
  let score = 0;
  let known = 0;
  for (const cell of filled) {
    const meaning = cell.length <= 40 && !looksLikeData(cell) ? wordOf(cell, kind) : undefined;
    if (meaning !== undefined) {
      known += meaning.confidence >= 0.9 ? 1 : 0.5;
      score += 3 * meaning.confidence;
    } else if (looksLikeData(cell)) score -= 3;
    else score -= 0.2;
  }
  if (known === 0) return 0;
  // One known word in a title (顧客名簿) is no header unless it is the whole table.
  return filled.length > 1 && known < 1.5 ? score - 2 : score;
}

function looksLikeData(cell: string): boolean {
  const text = cell.normalize("NFKC").trim();
  return /@.+\./.test(text) || /^\+?[\d().\s/-]{4,}$/.test(text) || text.length > 40 || /\d{1,4}[年/.-]\d{1,2}[月/.-]\d{1,2}/.test(text);
}

function guessUnknownHeader(rows: readonly SourceRow[], width: number): { row: SourceRow; score: number } | undefined {
  const row = rows.find((candidate) => candidate.cells.filter((cell) => cell.trim() !== "").length >= Math.max(2, width / 2));
  if (row === undefined) return undefined;
  const filled = row.cells.map((cell) => cell.trim()).filter((cell) => cell !== "");
  const isPlain = filled.every((cell) => cell.length <= 20 && !looksLikeData(cell)) && new Set(filled).size === filled.length;
  if (!isPlain) return undefined;
  const below = rows.filter((other) => other.row > row.row).map((other) => other.cells);
  const isOther = row.cells.some((cell, column) => {
    const contents = describeContents(below.map((cells) => cells[column] ?? ""));
    const own = describeContents([cell]);
    return (
      contents.filled > 0 &&
      (["mail", "phone", "postal", "birthDate", "address", "kana", "company", "shortDigits"] as const).some((kind) => contents[kind] >= 0.6 && own[kind] === 0)
    );
  });
  return isOther ? { row, score: 0.1 } : undefined;
}
