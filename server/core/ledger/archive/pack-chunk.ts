import { formatUuid, leafHashAt, parseUuid } from "../batch.ts";
import { leavesOfHeaders, parseHeader } from "../encode.ts";
import { saltBytes } from "../entries.ts";
import { hashBytes, hashLeaf } from "../merkle.ts";
import { createReader, createWriter, type PackedReader } from "../packed-bytes.ts";
import type { StoredBatch, StoredEvent } from "./stored-event.ts";

/*
 * A chunk of an archive file, before it is compressed: how many events; of each its distance to the number before, its batch
 * (by place) and place in it, a byte of which parts it has (1 entries and salt, 2 writes, 4 sealed), and the lengths of header
 * and parts; then all headers, salts, entries, writes and sealed parts; then the batches. What headers say is not repeated:
 * type, time, account, session and leaf hash follow from them, and so do the leaf hashes that a batch signed of events of
 * this chunk.
 */
const [hasEntries, hasWrites, hasSealed] = [1, 2, 4];
const signatureBytes = 64;

/** @throws Error when an event is not what its batch signed, or has a batch that is not among them */
export function packChunk(events: readonly StoredEvent[], batches: ReadonlyMap<string, StoredBatch>): Buffer {
  const packed = createWriter(1 << 18);
  const used = new Map<string, number>();
  const headers = events.map((event) => Buffer.from(event.header, "utf8"));
  packed.varint(events.length);
  let before = 0;
  for (const [index, event] of events.entries()) {
    const place = used.get(event.batch_no) ?? used.size;
    used.set(event.batch_no, place);
    const { entries, writes, sealed } = event;
    packed.varint(event.event_no - before);
    packed.varint(place);
    packed.varint(event.batch_index);
    packed.byte((entries === null ? 0 : hasEntries) | (writes === null ? 0 : hasWrites) | (sealed === null ? 0 : hasSealed));
    packed.varint(headers[index]!.length);
    for (const part of [entries, writes, sealed]) if (part !== null) packed.varint(part.length);
    before = event.event_no;
  }
  for (const header of headers) packed.bytes(header);
  for (const part of ["salt", "entries", "writes", "sealed"] as const) for (const event of events) packed.bytes(event[part] ?? Buffer.alloc(0));

  const held = Map.groupBy(events, (event) => event.batch_no);
  packed.varint(used.size);
  for (const batchNo of used.keys()) {
    const batch = batches.get(batchNo);
    if (batch === undefined) throw new Error("an event belongs to no batch");
    const here = new Map((held.get(batchNo) ?? []).map((event) => [event.batch_index, event.leaf_hash]));
    const nodeId = Buffer.from(batch.node_id, "utf8");
    packed.bytes(parseUuid(batchNo));
    packed.byte(batch.previous === null ? 0 : 1);
    if (batch.previous !== null) packed.bytes(parseUuid(batch.previous));
    packed.varint(nodeId.length);
    packed.bytes(nodeId);
    packed.varint(batch.at.getTime());
    packed.varint(batch.leaf_hashes.length / hashBytes);
    for (let index = 0; index * hashBytes < batch.leaf_hashes.length; index++) {
      const leaf = here.get(index);
      if (leaf === undefined) packed.bytes(leafHashAt(batch.leaf_hashes, index));
      else if (!leaf.equals(leafHashAt(batch.leaf_hashes, index))) throw new Error("an event is not what its batch signed");
    }
    packed.bytes(batch.signature);
  }
  return packed.take();
}

interface Head {
  readonly eventNo: number;
  readonly place: number;
  readonly batchIndex: number;
  readonly parts: number;
  readonly headerBytes: number;
  readonly entriesBytes: number;
  readonly writesBytes: number;
  readonly sealedBytes: number;
}

interface Opened {
  readonly heads: readonly Head[];
  readonly headers: readonly Buffer[];
  readonly salts: readonly (Buffer | null)[];
  readonly entries: readonly (Buffer | null)[];
  readonly writes: readonly (Buffer | null)[];
  readonly sealed: readonly (Buffer | null)[];
  /** At the batches. */
  readonly reader: PackedReader;
}

function openChunk(packed: Buffer): Opened {
  const reader = createReader(packed);
  const heads = readHeads(reader);
  const headers = heads.map((head) => reader.bytes(head.headerBytes));
  const partsOf = (bytesOf: (head: Head) => number, part: number): (Buffer | null)[] =>
    heads.map((head) => ((head.parts & part) === 0 ? null : reader.bytes(bytesOf(head))));
  const salts = partsOf(() => saltBytes, hasEntries);
  const entries = partsOf((head) => head.entriesBytes, hasEntries);
  const writes = partsOf((head) => head.writesBytes, hasWrites);
  const sealed = partsOf((head) => head.sealedBytes, hasSealed);
  return { heads, headers, salts, entries, writes, sealed, reader };
}

/** The events of a chunk, ascending, with their batches. @throws Error when it is none */
export function unpackChunk(packed: Buffer): StoredEvent[] {
  const opened = openChunk(packed);
  const leaves = leavesOfHeaders(opened.headers);
  const batches = readBatches(opened.reader, opened.heads, leaves);
  if (!opened.reader.isAtEnd()) throw new Error("a chunk goes on after its end");
  return opened.heads.map((head, index) => {
    const batch = batches[head.place];
    if (batch === undefined) throw new Error("an event of a chunk belongs to no batch");
    return { ...eventAt(opened, index, batch.batch_no, leafHashAt(leaves, index)), batch };
  });
}

/** Some events of a chunk without their batches: of the others nothing is read but where they end. */
export function pickFromChunk(packed: Buffer, eventNos: ReadonlySet<number>): StoredEvent[] {
  const opened = openChunk(packed);
  const noLeaves = Buffer.alloc(opened.heads.length * hashBytes);
  const batches = readBatches(opened.reader, opened.heads, noLeaves);
  return opened.heads.flatMap((head, index) =>
    eventNos.has(head.eventNo) ? [eventAt(opened, index, batches[head.place]!.batch_no, hashLeaf(opened.headers[index]!))] : [],
  );
}

function eventAt({ heads, headers, salts, entries, writes, sealed }: Opened, index: number, batchNo: string, leafHash: Buffer): StoredEvent {
  const head = heads[index]!;
  const header = headers[index]!.toString("utf8");
  const { at, type, accountNo, sessionId } = parseHeader(header);
  return {
    event_no: head.eventNo,
    batch_no: batchNo,
    batch_index: head.batchIndex,
    at: new Date(at),
    type,
    account_no: accountNo ?? null,
    session_id: sessionId ?? null,
    header,
    salt: salts[index]!,
    entries: entries[index]!,
    writes: writes[index]!,
    sealed: sealed[index]!,
    leaf_hash: leafHash,
  };
}

function readHeads(reader: PackedReader): Head[] {
  let eventNo = 0;
  return Array.from({ length: reader.varint() }, () => {
    eventNo += reader.varint();
    const [place, batchIndex, parts, headerBytes] = [reader.varint(), reader.varint(), reader.byte(), reader.varint()];
    const bytesOf = (part: number): number => ((parts & part) === 0 ? 0 : reader.varint());
    const [entriesBytes, writesBytes, sealedBytes] = [bytesOf(hasEntries), bytesOf(hasWrites), bytesOf(hasSealed)];
    return { eventNo, place, batchIndex, parts, headerBytes, entriesBytes, writesBytes, sealedBytes };
  });
}

function readBatches(reader: PackedReader, heads: readonly Head[], leaves: Buffer): StoredBatch[] {
  const held = new Map<number, Map<number, Buffer>>();
  for (const [index, { place, batchIndex }] of heads.entries()) {
    const ofBatch = held.get(place) ?? new Map<number, Buffer>();
    held.set(place, ofBatch.set(batchIndex, leafHashAt(leaves, index)));
  }
  return Array.from({ length: reader.varint() }, (_, place) => {
    const batchNo = formatUuid(reader.bytes(16));
    const previous = reader.byte() === 0 ? null : formatUuid(reader.bytes(16));
    const nodeId = reader.bytes(reader.varint()).toString("utf8");
    const at = new Date(reader.varint());
    const count = reader.varint();
    const hashes = Array.from({ length: count }, (__, index) => held.get(place)?.get(index) ?? reader.bytes(hashBytes));
    return { batch_no: batchNo, previous, node_id: nodeId, at, leaf_hashes: Buffer.concat(hashes), signature: reader.bytes(signatureBytes) };
  });
}
