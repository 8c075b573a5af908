import { maxCellLength, maxColumns, type CellProblem, type SourceRow } from "./source-row.ts";
import { unreadable } from "./unreadable.ts";

export interface CsvDialect {
  readonly delimiter: string;
  /** CR alone only when the start of the text has no LF at all. */
  readonly lineBreak: "\n" | "\r";
  /** Characters of a leading `sep=;` line (a hint that Excel writes and reads) to leave out. */
  readonly skip: number;
}

const delimiters = [",", "\t", ";", "|"] as const;
/** A quote that is not closed within so many characters was never meant to open a cell. */
const maxQuotedLength = 128 * 1024;
const maxRowLength = 1024 * 1024;

/** Guess the dialect from the start of the text: the delimiter that cuts most rows into the same number of cells wins. */
export function guessDelimiter(start: string): CsvDialect {
  const lineBreak = start.includes("\n") ? "\n" : "\r";
  const hint = /^sep=(.)(?:\r\n|\n|\r)/i.exec(start);
  if (hint?.[1] !== undefined) return { delimiter: hint[1], lineBreak, skip: hint[0].length };
  const unquoted = start.replace(/"(?:[^"]|"")*"/g, "q");
  const lines = unquoted
    .split(lineBreak)
    .slice(0, 200)
    .filter((line) => line.trim() !== "");
  let best = { delimiter: ",", score: 0 };
  for (const delimiter of delimiters) {
    const shares = new Map<number, number>();
    for (const line of lines) {
      const cuts = line.split(delimiter).length - 1;
      if (cuts > 0) shares.set(cuts, (shares.get(cuts) ?? 0) + 1);
    }
    for (const [cuts, count] of shares) {
      const score = (count / Math.max(1, lines.length)) * (1 + Math.min(cuts, 10) / 20);
      if (score > best.score + 1e-9) best = { delimiter, score };
    }
  }
  return { delimiter: best.delimiter, lineBreak, skip: 0 };
}

export interface CsvSplitter {
  write(piece: string): SourceRow[];
  end(): SourceRow[];
  rowCount(): number;
}

/** Cut text into rows by RFC 4180, with recovery where people's files break it (see the tests). Pure but for its buffer. */
export function createCsvSplitter({ delimiter, lineBreak, skip }: CsvDialect): CsvSplitter {
  let rest = "";
  let toSkip = skip;
  let row = 0;
  let filled = 0;

  function take(piece: string, isEnd: boolean): SourceRow[] {
    const rows: SourceRow[] = [];
    let text = rest === "" ? piece : rest + piece;
    if (toSkip > 0) {
      text = text.slice(toSkip);
      toSkip = 0;
    }
    let at = 0;
    while (at < text.length) {
      let end = text.indexOf(lineBreak, at);
      if (end === -1) {
        if (!isEnd) break;
        end = text.length;
      }
      const line = text.slice(at, end > at && lineBreak === "\n" && text.charCodeAt(end - 1) === 13 ? end - 1 : end);
      if (!line.includes('"')) {
        at = end + 1;
        row++;
        if (line.length > maxRowLength) throw unreadable("row-too-long", { row });
        if (line !== "") push(rows, line.split(delimiter), undefined);
        continue;
      }
      const record = readQuotedRow(text, at, isEnd);
      if (record === undefined) break;
      at = record.next;
      row++;
      push(rows, record.cells, record.problems);
    }
    rest = at >= text.length ? "" : text.slice(at);
    if (rest.length > maxRowLength) throw unreadable("row-too-long", { row: row + 1 });
    return rows;
  }

  function push(rows: SourceRow[], cells: string[], problems: CellProblem[] | undefined): void {
    let width = cells.length;
    while (width > 0 && (cells[width - 1] as string).trim() === "") width--;
    if (width === 0 && problems === undefined) return;
    if (width > maxColumns) throw unreadable("too-many-columns", { row, columns: width });
    cells.length = width;
    for (let column = 0; column < width; column++) {
      const cell = cells[column] as string;
      if (cell.length <= maxCellLength) continue;
      (problems ??= []).push({ column, code: "too-long", value: cell.slice(0, 200) });
      cells[column] = "";
    }
    filled++;
    rows.push(problems === undefined ? { row, cells } : { row, cells, problems });
  }

  /** A row that has a quote somewhere. `undefined`: its end has not been read yet. */
  function readQuotedRow(text: string, start: number, isEnd: boolean): { cells: string[]; problems: CellProblem[] | undefined; next: number } | undefined {
    const cells: string[] = [];
    let problems: CellProblem[] | undefined;
    let at = start;
    for (;;) {
      if (text.charCodeAt(at) === 34) {
        const quoted = readQuotedCell(text, at, isEnd);
        if (quoted === "unfinished") return undefined;
        if (quoted !== "broken") {
          cells.push(quoted.value);
          if (quoted.isRowEnd) return { cells, problems, next: quoted.next };
          at = quoted.next;
          continue;
        }
      }
      const cut = text.indexOf(delimiter, at);
      let lineEnd = text.indexOf(lineBreak, at);
      if (lineEnd === -1) {
        if (!isEnd) return undefined;
        lineEnd = text.length;
      }
      const isRowEnd = cut === -1 || cut > lineEnd;
      const end = isRowEnd ? lineEnd : cut;
      let value = text.slice(at, end);
      if (isRowEnd && lineBreak === "\n" && value.endsWith("\r")) value = value.slice(0, -1);
      if (value.startsWith('"')) {
        (problems ??= []).push({ column: cells.length, code: "broken-quote", value: value.slice(0, 200) });
        value = value.length > 1 && value.endsWith('"') ? value.slice(1, -1) : value.slice(1);
      }
      cells.push(value);
      if (isRowEnd) return { cells, problems, next: end + 1 };
      at = end + 1;
    }
  }

  function readQuotedCell(text: string, open: number, isEnd: boolean): { value: string; next: number; isRowEnd: boolean } | "unfinished" | "broken" {
    let at = open + 1;
    for (;;) {
      const quote = text.indexOf('"', at);
      if (quote === -1 || quote - open > maxQuotedLength) {
        return isEnd || text.length - open > maxQuotedLength ? "broken" : "unfinished";
      }
      // Whether this quote closes depends on the next one or two characters.
      if (quote + 2 >= text.length && !isEnd) return "unfinished";
      if (text.charCodeAt(quote + 1) === 34) {
        at = quote + 2;
        continue;
      }
      let after = quote + 1;
      while (text.charCodeAt(after) === 32) after++;
      if (after >= text.length && !isEnd) return "unfinished";
      if (lineBreak === "\n" && text.charCodeAt(after) === 13 && (text.charCodeAt(after + 1) === 10 || after + 1 >= text.length)) after++;
      const isRowEnd = after >= text.length || text.startsWith(lineBreak, after);
      if (!isRowEnd && !text.startsWith(delimiter, after)) return "broken";
      const raw = text.slice(open + 1, quote);
      return { value: raw.includes('""') ? raw.replaceAll('""', '"') : raw, next: after + 1, isRowEnd };
    }
  }

  return { write: (piece) => take(piece, false), end: () => take("", true), rowCount: () => filled };
}
