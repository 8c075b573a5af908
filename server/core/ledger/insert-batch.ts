import { batchMessage, formatUuid } from "./batch.ts";
import type { SigningKey } from "./ed25519.ts";
import { leavesOfHeaders, type EncodedEvent } from "./encode.ts";

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
  for (const element of elements) length += 4 + (element?.length ?? 0);
  const packed = openArray(elementOid, elements.length, length);
  let at = 20;
  for (const element of elements) {
    at = packed.writeInt32BE(element === null ? -1 : element.length, at);
    if (element === null) packed[hasNullAt] = 1;
    else at += element.copy(packed, at);
  }
  return packed;
}

/** The same of elements that `write` writes at the place it is given, all of the same length; null where it says false. */
function binaryArrayOf(
  elementOid: number,
  elementBytes: number,
  events: readonly EncodedEvent[],
  write: (event: EncodedEvent, packed: Buffer, at: number) => boolean,
): Buffer {
  const packed = openArray(elementOid, events.length, 20 + events.length * (4 + elementBytes));
  let at = 20;
  for (const event of events) {
    const isThere = write(event, packed, at + 4);
    at = packed.writeInt32BE(isThere ? elementBytes : -1, at);
    if (isThere) at += elementBytes;
    else packed[hasNullAt] = 1;
  }
  return packed.subarray(0, at);
}

const hasNullAt = 7;
function openArray(elementOid: number, count: number, bytes: number): Buffer {
  const packed = Buffer.allocUnsafe(bytes);
  packed.writeInt32BE(1, 0);
  packed.writeInt32BE(0, 4);
  packed.writeInt32BE(elementOid, 8);
  packed.writeInt32BE(count, 12);
  packed.writeInt32BE(1, 16);
  return packed;
}

/** Microseconds since 2000, as int8 in two halves: BigInt costs more than everything else of an event here. */
function writeTimestamp(value: Date, packed: Buffer, at: number): void {
  const microseconds = (value.getTime() - postgresEpochMs) * 1000;
  const high = Math.floor(microseconds / 2 ** 32);
  packed.writeInt32BE(high, at);
  packed.writeUInt32BE(microseconds - high * 2 ** 32, at + 4);
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
  const headers = events.map((event) => Buffer.from(event.header, "utf8"));
  const leafHashes = leavesOfHeaders(headers);
  const signature = key.sign(batchMessage({ batchNo, previous, nodeId, at, leafHashes }));
  return [
    formatUuid(batchNo),
    previous && formatUuid(previous),
    nodeId,
    at,
    leafHashes,
    signature,
    binaryArrayOf(oid.timestamptz, 8, events, (event, packed, place) => {
      writeTimestamp(event.at, packed, place);
      return true;
    }),
    binaryArray(
      oid.text,
      events.map((event) => bytesOfType(event.type)),
    ),
    binaryArrayOf(oid.int4, 4, events, (event, packed, place) => {
      if (event.accountNo !== null) packed.writeInt32BE(event.accountNo, place);
      return event.accountNo !== null;
    }),
    binaryArrayOf(oid.uuid, 16, events, (event, packed, place) => {
      if (event.sessionId !== null) packed.write(event.sessionId.replaceAll("-", ""), place, "hex");
      return event.sessionId !== null;
    }),
    binaryArray(oid.text, headers),
    binaryPart(events, (event) => event.salt),
    binaryPart(events, (event) => event.entries),
    binaryPart(events, (event) => event.writes),
    binaryPart(events, (event) => event.sealed),
  ];
}

/** Parts that no event has are not sent: `unnest` fills up with nulls. */
function binaryPart(events: readonly EncodedEvent[], of: (event: EncodedEvent) => Buffer | null): Buffer | null {
  return events.some((event) => of(event) !== null) ? binaryArray(oid.bytea, events.map(of)) : null;
}

const typesInBytes = new Map<string, Buffer>();
/** Types are declared, so there are not many. */
function bytesOfType(type: string): Buffer {
  let bytes = typesInBytes.get(type);
  if (bytes === undefined) typesInBytes.set(type, (bytes = Buffer.from(type, "utf8")));
  return bytes;
}

/** Numbers of the events, in the order of the batch. @throws Error when they are not as many */
export function parseEventNos(row: Record<string, unknown> | undefined, count: number): number[] {
  const eventNos = String(row?.["event_nos"] ?? "")
    .split(",")
    .map(Number);
  if (eventNos.length !== count || !eventNos.every(Number.isSafeInteger)) throw new Error("the ledger answered with other events than it was given");
  return eventNos;
}
