import type pg from "pg";
import type { Query } from "../query.ts";
import { createCopyClient } from "./copy-out.ts";
import type { BinaryRow } from "./row-reader.ts";

/** How to reach the database: a pool, or a part of one. */
export interface Source {
  readonly options: pg.ClientConfig;
}

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
  const { client, copy } = createCopyClient(source.options);
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await act({ query: async (text, values) => client.query<Record<string, unknown>>(text, values), copy });
  } finally {
    await client.end().catch(() => undefined);
  }
}

export const int8Of = (field: Buffer | null | undefined): number => Number(field!.readBigInt64BE(0));
export const int2Of = (field: Buffer | null | undefined): number => field!.readInt16BE(0);
