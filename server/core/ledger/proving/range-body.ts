import { formatUuid, parseUuid } from "../batch.ts";
import { chunkSize, type Level } from "../exposure/ranges.ts";
import { createReader, createWriter, type PackedReader } from "../packed-bytes.ts";
import type { VerifiedState } from "../verify.ts";

/**
 * What is said of a proved range of events, as it stands in `ledger_proved_ranges`: SHA-256 of everything that is packed of it, and
 * where the verification stood at its end.
 *
 * Bytes: format (1); state: round, tree size, highest number (varints), frontier (length, bytes), open batches (count; of each its
 * number (16), an event (varint), places (count, varints)), times of nodes (count; id (length, UTF-8), ms); number of events up to
 * the end of the range (varint); chunks, in order; kinds (count; of each kind (1) and the digest of its postings (32)).
 *
 * A chunk: events, first and last time in ms (varints, 0 without events), SHA-256 of marks (int4, big-endian), actors, acts, times and
 * shapes as they are stored, then types (length in bytes; of each its name (length, UTF-8), its events (varint), digest (32)): SHA-256 over
 * number (uint64, big-endian) and leaf hash of each of its events, ascending.
 *
 * The digest of postings: SHA-256 over the rows of the kind, ascending by span: span (uint64), length (uint32, big-endian), bytes.
 */
const format = 1;
export const digestBytes = 32;
const chunksOfLevel = [1, 16, 256] as const;

/** A range as packed exposure has it (exposure/ranges.ts). */
export interface RangeName {
  readonly level: Level;
  readonly rangeNo: number;
}

export interface RangeBody {
  readonly state: Omit<VerifiedState, "upTo">;
  readonly eventsUpTo: number;
  readonly chunks: readonly ChunkEntry[];
  /** By number of the kind. */
  readonly postings: ReadonlyMap<number, Buffer>;
}

const packedColumns = ["marks", "actors", "acts", "times", "shapes"] as const;
export type PackedColumn = (typeof packedColumns)[number];

export interface ChunkEntry {
  readonly eventCount: number;
  readonly firstAt: number;
  readonly lastAt: number;
  digestOf(column: PackedColumn): Buffer;
  /** Digest and number of the events of each type. */
  types(): Map<string, { readonly events: number; readonly digest: Buffer }>;
  /** As it is packed. */
  readonly bytes: Buffer;
}

/** The ranges in which so many chunks lie when all that can be joined is joined: whole millions first. */
export function rangesOf(chunkCount: number): RangeName[] {
  const ranges: RangeName[] = [];
  let at = 0;
  for (const level of [2, 1, 0] as const) {
    const chunks = chunksOfLevel[level];
    for (; at + chunks <= chunkCount; at += chunks) ranges.push({ level, rangeNo: at / chunks });
  }
  return ranges;
}

export const firstChunkOf = ({ level, rangeNo }: RangeName): number => rangeNo * chunksOfLevel[level];
export const chunksIn = ({ level }: RangeName): number => chunksOfLevel[level];
export const lastEventOf = (range: RangeName): number => (firstChunkOf(range) + chunksIn(range)) * chunkSize - 1;
export const rangeKey = ({ level, rangeNo }: RangeName): string => `${level} ${rangeNo}`;

const writer = createWriter(1 << 16);

function putText(text: string): void {
  const bytes = Buffer.from(text, "utf8");
  writer.varint(bytes.length);
  writer.bytes(bytes);
}

const takeText = (reader: PackedReader): string => reader.bytes(reader.varint()).toString("utf8");

export function packChunkEntry(entry: {
  readonly eventCount: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly digests: Readonly<Record<PackedColumn, Buffer>>;
  readonly types: readonly (readonly [type: string, events: number, digest: Buffer])[];
}): Buffer {
  for (const [type, events, digest] of entry.types) {
    putText(type);
    writer.varint(events);
    writer.bytes(digest);
  }
  const types = writer.take();
  writer.varint(entry.eventCount);
  writer.varint(entry.firstAt);
  writer.varint(entry.lastAt);
  for (const column of packedColumns) writer.bytes(entry.digests[column]);
  writer.varint(types.length);
  writer.bytes(types);
  return writer.take();
}

export function packBody(given: Omit<RangeBody, "chunks"> & { readonly chunks: readonly Buffer[] }): Buffer {
  const { state } = given;
  writer.byte(format);
  writer.varint(state.roundNo);
  writer.varint(state.treeSize);
  writer.varint(state.highestNo);
  writer.varint(state.frontier.length);
  writer.bytes(state.frontier);
  writer.varint(state.batches.length);
  for (const { batchNo, eventNo, met } of state.batches) {
    writer.bytes(parseUuid(batchNo));
    writer.varint(eventNo);
    writer.varint(met.length);
    for (const place of met) writer.varint(place);
  }
  writer.varint(state.lastTimes.length);
  for (const [nodeId, at] of state.lastTimes) {
    putText(nodeId);
    writer.varint(at);
  }
  writer.varint(given.eventsUpTo);
  for (const chunk of given.chunks) writer.bytes(chunk);
  writer.varint(given.postings.size);
  for (const [kindNo, digest] of [...given.postings].sort(([a], [b]) => a - b)) {
    writer.byte(kindNo);
    writer.bytes(digest);
  }
  return writer.take();
}

/** @throws Error for bytes of another form */
export function parseBody(body: Buffer, range: RangeName): RangeBody {
  const reader = createReader(body);
  if (reader.byte() !== format) throw new Error("a proved range is of an unknown form");
  const [roundNo, treeSize, highestNo] = [reader.varint(), reader.varint(), reader.varint()];
  const frontier = Buffer.from(reader.bytes(reader.varint()));
  const batches = Array.from({ length: reader.varint() }, () => ({
    batchNo: formatUuid(reader.bytes(16)),
    eventNo: reader.varint(),
    met: Array.from({ length: reader.varint() }, () => reader.varint()),
  }));
  const lastTimes = Array.from({ length: reader.varint() }, () => [takeText(reader), reader.varint()] as const);
  const eventsUpTo = reader.varint();
  const chunks = Array.from({ length: chunksIn(range) }, () => takeChunkEntry(reader));
  const postings = new Map(Array.from({ length: reader.varint() }, () => [reader.byte(), Buffer.from(reader.bytes(digestBytes))] as const));
  if (!reader.isAtEnd()) throw new Error("a proved range is of an unknown form");
  return { state: { roundNo, treeSize, highestNo, frontier, batches, lastTimes }, eventsUpTo, chunks, postings };
}

function takeChunkEntry(reader: PackedReader): ChunkEntry {
  const [eventCount, firstAt, lastAt] = [reader.varint(), reader.varint(), reader.varint()];
  const digests = reader.bytes(packedColumns.length * digestBytes);
  const types = reader.bytes(reader.varint());
  return {
    eventCount,
    firstAt,
    lastAt,
    digestOf: (column) => digests.subarray(packedColumns.indexOf(column) * digestBytes, (packedColumns.indexOf(column) + 1) * digestBytes),
    types: () => parseTypes(types),
    get bytes() {
      return packAgain({ eventCount, firstAt, lastAt }, digests, types);
    },
  };
}

function packAgain({ eventCount, firstAt, lastAt }: Pick<ChunkEntry, "eventCount" | "firstAt" | "lastAt">, digests: Buffer, types: Buffer): Buffer {
  for (const value of [eventCount, firstAt, lastAt]) writer.varint(value);
  writer.bytes(digests);
  writer.varint(types.length);
  writer.bytes(types);
  return writer.take();
}

function parseTypes(packed: Buffer): Map<string, { readonly events: number; readonly digest: Buffer }> {
  const reader = createReader(packed);
  const types = new Map<string, { events: number; digest: Buffer }>();
  while (!reader.isAtEnd()) types.set(takeText(reader), { events: reader.varint(), digest: reader.bytes(digestBytes) });
  return types;
}
