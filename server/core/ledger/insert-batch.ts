import { batchMessage, formatUuid } from "./batch.ts";
import type { SigningKey } from "./ed25519.ts";
import type { EncodedEvent } from "./encode.ts";

/**
 * One statement makes a batch and its events durable: one round trip, one transaction of its own (or a part of the
 * caller's). Answers one row: the numbers of the events in the order of the batch, joined by commas.
 */
export const insertBatchText = `with batch as (
  insert into ledger_batches (batch_no, previous, node_id, at, leaf_hashes, signature) values ($1::uuid, $2::uuid, $3, $4::timestamptz, $5::bytea, $6::bytea)
), inserted as (
  insert into ledger_events (batch_no, batch_index, at, type, account_no, session_id, header, salt, entries, writes, sealed, leaf_hash)
  select $1::uuid, e.place - 1, e.at, e.type, e.account_no, e.session_id, e.header, e.salt, e.entries, e.writes, e.sealed,
    substring($5::bytea from (e.place::int4 - 1) * 32 + 1 for 32)
  from unnest($7::timestamptz[], $8::text[], $9::int4[], $10::uuid[], $11::text[], $12::bytea[], $13::bytea[], $14::bytea[], $15::bytea[])
    with ordinality as e (at, type, account_no, session_id, header, salt, entries, writes, sealed, place)
  order by e.place
  returning event_no, batch_index
)
select string_agg(event_no::text, ',' order by batch_index) as event_nos from inserted`;

// OIDs of pg_type.dat; they never change.
const oid = { bytea: 17, int4: 23, text: 25, timestamptz: 1184, uuid: 2950 };
const postgresEpochMs = Date.UTC(2000, 0, 1);

/** A one-dimensional array in PostgreSQL's binary form: a Buffer is sent as it is, which text arrays of bytea are not. */
function binaryArray(elementOid: number, elements: readonly (Buffer | null)[]): Buffer {
  let length = 20;
  let hasNull = 0;
  for (const element of elements) {
    if (element === null) hasNull = 1;
    length += 4 + (element?.length ?? 0);
  }
  const packed = Buffer.allocUnsafe(length);
  packed.writeInt32BE(1, 0);
  packed.writeInt32BE(hasNull, 4);
  packed.writeInt32BE(elementOid, 8);
  packed.writeInt32BE(elements.length, 12);
  packed.writeInt32BE(1, 16);
  let at = 20;
  for (const element of elements) {
    packed.writeInt32BE(element === null ? -1 : element.length, at);
    at += 4;
    if (element !== null) at += element.copy(packed, at);
  }
  return packed;
}

function binaryInt4(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function binaryTimestamp(value: Date): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(BigInt(value.getTime() - postgresEpochMs) * 1000n);
  return bytes;
}

export interface BatchToInsert {
  readonly batchNo: Buffer;
  readonly previous: Buffer | null;
  readonly nodeId: string;
  readonly at: Date;
  readonly events: readonly EncodedEvent[];
}

/** The parameters of {@link insertBatchText}, signed by the node. */
export function batchValues(batch: BatchToInsert, key: SigningKey): unknown[] {
  const { batchNo, previous, nodeId, at, events } = batch;
  const leafHashes = Buffer.concat(events.map((event) => event.leafHash));
  const signature = key.sign(batchMessage({ batchNo, previous, nodeId, at, leafHashes }));
  return [
    formatUuid(batchNo),
    previous && formatUuid(previous),
    nodeId,
    at,
    leafHashes,
    signature,
    binaryArray(
      oid.timestamptz,
      events.map((event) => binaryTimestamp(event.at)),
    ),
    binaryArray(
      oid.text,
      events.map((event) => Buffer.from(event.type, "utf8")),
    ),
    binaryArray(
      oid.int4,
      events.map((event) => (event.accountNo === null ? null : binaryInt4(event.accountNo))),
    ),
    binaryArray(
      oid.uuid,
      events.map((event) => (event.sessionId === null ? null : Buffer.from(event.sessionId.replaceAll("-", ""), "hex"))),
    ),
    binaryArray(
      oid.text,
      events.map((event) => Buffer.from(event.header, "utf8")),
    ),
    binaryArray(
      oid.bytea,
      events.map((event) => event.salt),
    ),
    binaryArray(
      oid.bytea,
      events.map((event) => event.entries),
    ),
    binaryArray(
      oid.bytea,
      events.map((event) => event.writes),
    ),
    binaryArray(
      oid.bytea,
      events.map((event) => event.sealed),
    ),
  ];
}

/** Numbers of the events, in the order of the batch. @throws Error when they are not as many */
export function parseEventNos(row: Record<string, unknown> | undefined, count: number): number[] {
  const eventNos = String(row?.["event_nos"] ?? "")
    .split(",")
    .map(Number);
  if (eventNos.length !== count || !eventNos.every(Number.isSafeInteger)) throw new Error("the ledger answered with other events than it was given");
  return eventNos;
}
