import type { Query } from "../query.ts";

/** A batch as `ledger_batches` holds it. */
export interface StoredBatch {
  readonly batch_no: string;
  readonly previous: string | null;
  readonly node_id: string;
  readonly at: Date;
  readonly leaf_hashes: Buffer;
  readonly signature: Buffer;
}

/** An event as `ledger_events` holds it. */
export interface StoredEvent {
  readonly event_no: number;
  readonly batch_no: string;
  readonly batch_index: number;
  readonly at: Date;
  readonly type: string;
  readonly account_no: number | null;
  readonly session_id: string | null;
  readonly header: string;
  readonly salt: Buffer | null;
  readonly entries: Buffer | null;
  readonly writes: Buffer | null;
  readonly sealed: Buffer | null;
  readonly leaf_hash: Buffer;
  /** Of an event that lies in a file: its batch, which lies there too. */
  readonly batch?: StoredBatch;
}

const columns = "event_no, batch_no, batch_index, at, type, account_no, session_id, header, salt, entries, writes, sealed, leaf_hash";

/** Those of the events that stand in the table, ascending. */
export async function selectEvents(query: Query, eventNos: readonly number[]): Promise<StoredEvent[]> {
  const { rows } = await query.query(`select ${columns} from ledger_events where event_no = any($1::int8[]) order by event_no`, [`{${eventNos.join()}}`]);
  return rows.map((row) => ({ ...(row as unknown as StoredEvent), event_no: Number(row["event_no"]) }));
}

/** Those of the batches that stand in the table. */
export async function selectBatches(query: Query, batchNos: readonly string[]): Promise<StoredBatch[]> {
  if (batchNos.length === 0) return [];
  const { rows } = await query.query("select batch_no, previous, node_id, at, leaf_hashes, signature from ledger_batches where batch_no = any($1::uuid[])", [
    batchNos,
  ]);
  return rows as unknown as StoredBatch[];
}
