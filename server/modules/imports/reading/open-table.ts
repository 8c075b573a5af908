import { streamSource, type RandomAccessSource } from "./random-access-source.ts";
import { readCsv } from "./read-csv.ts";
import { openXlsx } from "./read-xlsx.ts";
import { sniffFileKind } from "./sniff-file-kind.ts";
import type { RowBatch } from "./source-row.ts";
import { readVcards } from "./vcard/read-vcards.ts";
import { unreadable } from "./unreadable.ts";

export interface TableSheet {
  /** From 0; its place in the file. */
  readonly sheet: number;
  /** "" but for xlsx. Typed by people, so a personal value as far as anyone knows. */
  readonly name: string;
  readonly isHidden: boolean;
  /** Rows as the file says or, for CSV, as its start suggests; an estimate in both cases. */
  readonly rows: number;
}

export interface Table {
  readonly kind: "csv" | "xlsx" | "vcard";
  /** Of CSV and vCard as far as it has been read; `null` for xlsx. */
  readonly encoding: string | null;
  readonly is1904: boolean;
  readonly sheets: readonly TableSheet[];
  /** All rows of a sheet from the first one; may be asked for again, each time reads anew. */
  rows(sheet: number): AsyncGenerator<RowBatch>;
  close(): void;
}

/**
 * Open what people upload, by its bytes and not by its name.
 * @param mostPartBytes of a workbook that is read at once: uncompressed bytes that its sheet, or its texts, may come to
 * @throws Problem file-unreadable `{ reason }` (see unreadable.ts), file-too-large. While rows are read too.
 */
export async function openTable(source: RandomAccessSource, mostPartBytes?: number): Promise<Table> {
  const kind = await sniffFileKind(source);
  return kind === "zip" ? openXlsxTable(source, mostPartBytes) : openTextTable(source, kind === "vcard" ? "vcard" : "csv");
}

async function openXlsxTable(source: RandomAccessSource, mostPartBytes: number | undefined): Promise<Table> {
  const workbook = await openXlsx(source, mostPartBytes);
  return {
    kind: "xlsx",
    encoding: null,
    is1904: workbook.is1904,
    sheets: workbook.sheets.map(({ name, isHidden, rows }, sheet) => ({ sheet, name, isHidden, rows: rows ?? 0 })),
    rows: (sheet) => workbook.rows(sheet),
    close: () => workbook.close(),
  };
}

async function openTextTable(source: RandomAccessSource, kind: "csv" | "vcard"): Promise<Table> {
  const state: { encoding: string } = { encoding: "ascii" };
  const sample = await source.read(0, Math.min(256 * 1024, source.size));
  let lines = 0;
  if (kind === "csv") {
    for (const byte of sample) if (byte === 10) lines++;
  } else lines = sample.toString("latin1").match(/begin:vcard/gi)?.length ?? 1;
  async function* rows(sheet: number): AsyncGenerator<RowBatch> {
    if (sheet !== 0) throw unreadable("no-such-sheet");
    const read = (kind === "csv" ? readCsv : readVcards)(streamSource(source), source.size);
    for await (const batch of read.batches) {
      state.encoding = read.encoding;
      yield batch;
    }
  }
  return {
    kind,
    get encoding() {
      return state.encoding;
    },
    is1904: false,
    sheets: [{ sheet: 0, name: "", isHidden: false, rows: Math.max(1, Math.round((lines * source.size) / sample.length)) + (kind === "vcard" ? 1 : 0) }],
    rows,
    close() {},
  };
}
