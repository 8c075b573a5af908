import type { Readable } from "node:stream";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";
import type { Query } from "../query.ts";

/** How to reach the database: a pool, or a part of one. */
export interface Source {
  readonly options: pg.ClientConfig;
}

/** A field of a row in PostgreSQL's binary form; null as in SQL. */
export type BinaryRow = readonly (Buffer | null)[];

/** A connection of its own for a question that reads much. */
export interface Copier extends Query {
  /**
   * Streams the rows of a select in binary form (PostgreSQL, COPY, "Binary Format"), all of one snapshot; buffers are valid during
   * the call alone. pg itself reads bytea as hexadecimal text, at four times the cost.
   * `select` is sent as it is: numbers are written into it by the caller, nothing else may be.
   */
  copy(select: string, onRow: (row: BinaryRow) => void): Promise<void>;
}

/** Asks over a connection of its own: a copy cannot share a pipeline, and would keep others waiting in it. */
export async function askApart<T>(source: Source, act: (copier: Copier) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...source.options, pipeline: false });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await act({
      query: async (text, values) => client.query<Record<string, unknown>>(text, values),
      async copy(select, onRow) {
        const stream: Readable = client.query(copyTo(`copy (${select}) to stdout (format binary)`));
        const reader = createRowReader(onRow);
        for await (const bytes of stream) reader.read(bytes as Buffer);
        reader.end();
      },
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}

const headerBytes = 19;

/** Cuts the bytes of a binary COPY into rows, however they come. */
export function createRowReader(onRow: (row: BinaryRow) => void): { read(bytes: Buffer): void; end(): void } {
  let room = Buffer.alloc(0);
  let kept = 0;
  let skip = headerBytes;
  let isOver = false;
  const keep = (bytes: Buffer): void => {
    if (kept + bytes.length > room.length) {
      const wider = Buffer.allocUnsafeSlow(Math.max(room.length * 2, kept + bytes.length));
      room.copy(wider, 0, 0, kept);
      room = wider;
    }
    kept += bytes.copy(room, kept);
  };
  const take = (bytes: Buffer): number => {
    let at = 0;
    if (skip > 0) {
      if (bytes.length < skip) return 0;
      at = skip;
      skip = 0;
    }
    for (;;) {
      if (at + 2 > bytes.length) return at;
      const count = bytes.readInt16BE(at);
      if (count < 0) {
        isOver = true;
        return bytes.length;
      }
      let end = at + 2;
      const row: (Buffer | null)[] = [];
      for (let index = 0; index < count; index++) {
        if (end + 4 > bytes.length) return at;
        const length = bytes.readInt32BE(end);
        end += 4;
        if (length < 0) {
          row.push(null);
          continue;
        }
        if (end + length > bytes.length) return at;
        row.push(bytes.subarray(end, end + length));
        end += length;
      }
      onRow(row);
      at = end;
    }
  };
  return {
    read(bytes) {
      if (kept === 0) {
        keep(bytes.subarray(take(bytes)));
        return;
      }
      keep(bytes);
      const taken = take(room.subarray(0, kept));
      room.copyWithin(0, taken, kept);
      kept -= taken;
    },
    end() {
      if (!isOver) throw new Error("a copy ended too early");
    },
  };
}

export const int8Of = (field: Buffer | null | undefined): number => Number(field!.readBigInt64BE(0));
export const int2Of = (field: Buffer | null | undefined): number => field!.readInt16BE(0);
