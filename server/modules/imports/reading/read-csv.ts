import { countBytes } from "./count-bytes.ts";
import { decodeText } from "./decode-text.ts";
import type { TextEncoding } from "./detect-encoding.ts";
import type { RowBatch } from "./source-row.ts";
import { createCsvSplitter, guessDelimiter } from "./split-csv.ts";
import { unreadable } from "./unreadable.ts";

const guessLength = 64 * 1024;

export interface CsvRows {
  /** Known once the first batch has been read; may become more exact than `ascii` later. */
  readonly encoding: TextEncoding;
  readonly batches: AsyncGenerator<RowBatch>;
}

/**
 * Read delimited text as people have it: any of the encodings of detect-encoding, comma, tab, semicolon or bar,
 * CRLF, LF or CR, quoted cells with delimiters and line breaks, broken quotes (recovered and reported).
 * Memory is bounded by the longest row (1 Mi characters).
 * @param size bytes of the whole file, for the share that has been read
 * @throws Problem file-unreadable while the batches are read
 */
export function readCsv(chunks: AsyncIterable<Buffer>, size: number): CsvRows {
  const progress = { bytes: 0 };
  const text = decodeText(countBytes(chunks, progress));
  return {
    get encoding() {
      return text.encoding;
    },
    batches: splitPieces(text.pieces, () => Math.min(1, progress.bytes / Math.max(1, size))),
  };
}

async function* splitPieces(pieces: AsyncIterable<string>, share: () => number): AsyncGenerator<RowBatch> {
  let splitter: ReturnType<typeof createCsvSplitter> | undefined;
  let start = "";
  for await (const piece of pieces) {
    if (splitter === undefined) {
      start += piece;
      if (start.length < guessLength) continue;
      splitter = createCsvSplitter(guessDelimiter(start));
    }
    const rows = splitter.write(start === "" ? piece : start);
    start = "";
    if (rows.length > 0) yield { rows, share: share() };
  }
  splitter ??= createCsvSplitter(guessDelimiter(start));
  const last = [...splitter.write(start), ...splitter.end()];
  if (splitter.rowCount() === 0) throw unreadable("empty-file");
  if (last.length > 0) yield { rows: last, share: 1 };
}
