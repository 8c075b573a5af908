import { createReader, createWriter } from "../packed-bytes.ts";
import { blockBits } from "./ranges.ts";

/**
 * The looks of a window that is not complete yet, of 32 neighbouring records in a row: a record has a handful of them by then. Bytes:
 * format (1), then by record, ascending: its place among the 32 (1), length (varint), looks as in recent-looks.ts.
 */
const format = 1;
const bucketBits = 5;
const bucketSize = 1 << bucketBits;
export const bucketsInBlock = 1 << (blockBits - bucketBits);

export const bucketOf = (recordNo: number): number => Math.floor(recordNo / bucketSize);

const writer = createWriter(1 << 12);

/** Rows by bucket, of the packed looks of records, ascending. */
export function packBuckets(records: Iterable<readonly [recordNo: number, packed: Buffer]>): [bucketNo: number, packed: Buffer][] {
  const rows: [number, Buffer][] = [];
  let open: number | undefined;
  const close = (): void => {
    if (open !== undefined) rows.push([open, writer.take()]);
  };
  for (const [recordNo, packed] of records) {
    const bucketNo = bucketOf(recordNo);
    if (bucketNo !== open) {
      close();
      open = bucketNo;
      writer.byte(format);
    }
    writer.byte(recordNo % bucketSize);
    writer.varint(packed.length);
    writer.bytes(packed);
  }
  close();
  return rows;
}

/** The packed looks of a row's records, ascending: views. @throws Error when it is no row of fresh looks */
export function readBucket(bucketNo: number, packed: Buffer): [recordNo: number, packed: Buffer][] {
  const reader = createReader(packed);
  if (reader.byte() !== format) throw new Error("fresh looks are of an unknown format");
  const found: [number, Buffer][] = [];
  while (!reader.isAtEnd()) {
    const place = reader.byte();
    found.push([bucketNo * bucketSize + place, reader.bytes(reader.varint())]);
  }
  return found;
}
