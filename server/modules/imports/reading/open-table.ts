import { streamSource, type RandomAccessSource } from "./random-access-source.ts";
import { readCsv } from "./read-csv.ts";
import { openXlsx } from "./read-xlsx.ts";
import { sniffFileKind } from "./sniff-file-kind.ts";
import type { RowBatch } from "./source-row.ts";
import { unreadable } from "./unreadable.ts";

export interface TableSheet {
  /** From 0; its place in the file. */
  readonly sheet: number;
  /** "" for CSV. Typed by people, so a personal value as far as anyone knows. */
  readonly name: string;
  readonly isHidden: boolean;
  /** Rows as the file says or, for CSV, as its start suggests; an estimate in both cases. */
  readonly rows: number;
}

export interface Table {
  readonly kind: "csv" | "xlsx";
  /** Of CSV as far as it has been read; `null` for xlsx. */
  readonly encoding: string | null;
  readonly is1904: boolean;
  readonly sheets: readonly TableSheet[];
  /** All rows of a sheet from the first one; may be asked for again, each time reads anew. */
  rows(sheet: number): AsyncGenerator<RowBatch>;
  close(): void;
}

/**
 * Open what people upload, by its bytes and not by its name.
 * @throws Problem file-unreadable `{ reason }` (see unreadable.ts), file-too-large. While rows are read too.
 */
export async function openTable(source: RandomAccessSource): Promise<Table> {
  return (await sniffFileKind(source)) === "zip" ? openXlsxTable(source) : openCsvTable(source);
}

async function openXlsxTable(source: RandomAccessSource): Promise<Table> {
  const workbook = await openXlsx(source);
  return {
    kind: "xlsx",
    encoding: null,
    is1904: workbook.is1904,
    sheets: workbook.sheets.map(({ name, isHidden, rows }, sheet) => ({ sheet, name, isHidden, rows: rows ?? 0 })),
    rows: (sheet) => workbook.rows(sheet),
    close: () => workbook.close(),
  };
}

async function openCsvTable(source: RandomAccessSource): Promise<Table> {
  const state: { encoding: string } = { encoding: "ascii" };
  const sample = await source.read(0, Math.min(256 * 1024, source.size));
  let lines = 0;
  for (const byte of sample) if (byte === 10) lines++;
  async function* rows(sheet: number): AsyncGenerator<RowBatch> {
    if (sheet !== 0) throw unreadable("no-such-sheet");
    const csv = readCsv(streamSource(source), source.size);
    for await (const batch of csv.batches) {
      state.encoding = csv.encoding;
      yield batch;
    }
  }
  return {
    kind: "csv",
    get encoding() {
      return state.encoding;
    },
    is1904: false,
    sheets: [{ sheet: 0, name: "", isHidden: false, rows: Math.max(1, Math.round((lines * source.size) / sample.length)) }],
    rows,
    close() {},
  };
}
