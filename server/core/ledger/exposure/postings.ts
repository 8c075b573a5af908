import { createReader, createWriter } from "../packed-bytes.ts";
import { blockBits, blockOf, blockSize, childrenOfRange, levelBits, spanBits, spanOf, type Level } from "./ranges.ts";

/**
 * Postings: which events speak of which records. A row holds one span of one range: a byte of format (1), then its blocks
 * ascending: distance to the block before (varint; of the first: to the first of the span), offset of the last event in the
 * range (varint), length (varint), stream.
 *
 * A stream is the block's postings in the order of events, then records. A posting is a varint of
 * (distance to the event before × 1,024 + record within the block) × 2 + 1 when its field set is not the one that the event
 * gives to most records of this kind (chunk.ts); then the number of the set within the event's chunk follows (varint).
 * So neighbouring ranges are joined by joining their streams: only the first posting of each changes.
 */
const format = 1;
/** The number of a set that stands for the event's usual one. */
export const usualSet = -1;

export interface PostingBuilder {
  /** In the order of events. `offset`: of the event in the range. `set`: {@link usualSet} or a number of the chunk. */
  add(recordNo: number, offset: number, set: number): void;
  /** The rows of a level, by span, ascending; the builder starts anew. */
  take(level: Level): [spanNo: number, packed: Buffer][];
}

interface Stream {
  bytes: Uint8Array;
  end: number;
  last: number;
}

export function createPostingBuilder(): PostingBuilder {
  let streams = new Map<number, Stream>();
  return {
    add(recordNo, offset, set) {
      const blockNo = blockOf(recordNo);
      let stream = streams.get(blockNo);
      if (stream === undefined) streams.set(blockNo, (stream = { bytes: new Uint8Array(64), end: 0, last: 0 }));
      if (stream.end + 16 > stream.bytes.length) {
        const wider = new Uint8Array(stream.bytes.length * 2);
        wider.set(stream.bytes);
        stream.bytes = wider;
      }
      const code = (((offset - stream.last) << blockBits) | (recordNo % blockSize)) * 2;
      stream.end = putVarint(stream.bytes, stream.end, set === usualSet ? code : code + 1);
      if (set !== usualSet) stream.end = putVarint(stream.bytes, stream.end, set);
      stream.last = offset;
    },
    take(level) {
      const blocks = [...streams].sort(([a], [b]) => a - b).map(([blockNo, { bytes, end, last }]) => ({ blockNo, last, stream: bytes.subarray(0, end) }));
      streams = new Map();
      return packSpans(blocks, level);
    },
  };
}

function putVarint(bytes: Uint8Array, from: number, value: number): number {
  let rest = value;
  let at = from;
  while (rest >= 0x80) {
    bytes[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[at++] = rest;
  return at;
}

interface Block {
  readonly blockNo: number;
  readonly last: number;
  readonly stream: Uint8Array;
}

const writer = createWriter(1 << 16);

function packSpans(blocks: readonly Block[], level: Level): [number, Buffer][] {
  const rows: [number, Buffer][] = [];
  for (let at = 0; at < blocks.length;) {
    const spanNo = spanOf(blocks[at]!.blockNo, level);
    let previous = spanNo * (1 << spanBits[level]);
    writer.byte(format);
    for (; at < blocks.length && spanOf(blocks[at]!.blockNo, level) === spanNo; at++) {
      const { blockNo, last, stream } = blocks[at]!;
      writer.varint(blockNo - previous);
      writer.varint(last);
      writer.varint(stream.length);
      writer.bytes(stream);
      previous = blockNo;
    }
    rows.push([spanNo, writer.take()]);
  }
  return rows;
}

/** Calls back for each block of a row: its stream is `packed` from `from` to `to`. @throws Error when it is no row of postings */
export function eachBlock(packed: Buffer, level: Level, spanNo: number, onBlock: (blockNo: number, from: number, to: number, last: number) => void): void {
  const reader = createReader(packed);
  if (reader.byte() !== format) throw new Error("postings are of an unknown format");
  let blockNo = spanNo * (1 << spanBits[level]);
  while (!reader.isAtEnd()) {
    blockNo += reader.varint();
    const last = reader.varint();
    const stream = reader.bytes(reader.varint());
    const from = stream.byteOffset - packed.byteOffset;
    onBlock(blockNo, from, from + stream.length, last);
  }
}

/** Calls back for each posting of a stream: offset of the event in the range, record within the block, set. */
export function eachPosting(packed: Uint8Array, from: number, to: number, onPosting: (offset: number, inBlock: number, set: number) => void): void {
  let at = from;
  let offset = 0;
  const varint = (): number => {
    let value = 0;
    let shift = 0;
    for (;;) {
      const byte = packed[at++]!;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
      shift += 7;
    }
  };
  while (at < to) {
    const code = varint();
    offset += code >>> (blockBits + 1);
    onPosting(offset, (code >>> 1) & (blockSize - 1), (code & 1) === 0 ? usualSet : varint());
  }
}

/** A row of a child range, of whatever span. */
export interface ChildRow {
  /** Place of the child within its parent, from 0. */
  readonly place: number;
  readonly spanNo: number;
  readonly packed: Buffer;
}

/** Joins rows of the ranges of `level` (ascending by place) into rows of the level above. */
export function joinRanges(rows: readonly ChildRow[], level: 0 | 1): [spanNo: number, packed: Buffer][] {
  const parts = new Map<number, { place: number; packed: Buffer; from: number; to: number; last: number }[]>();
  for (const { place, spanNo, packed } of rows) {
    if (place < 0 || place >= childrenOfRange) throw new Error("no child of this range");
    eachBlock(packed, level, spanNo, (blockNo, from, to, last) => {
      const list = parts.get(blockNo);
      if (list === undefined) parts.set(blockNo, [{ place, packed, from, to, last }]);
      else list.push({ place, packed, from, to, last });
    });
  }
  const blocks = [...parts].sort(([a], [b]) => a - b).map(([blockNo, list]) => ({ blockNo, ...joinStreams(list, levelBits[level]) }));
  return packSpans(blocks, (level + 1) as Level);
}

function joinStreams(
  parts: readonly { place: number; packed: Buffer; from: number; to: number; last: number }[],
  bits: number,
): { stream: Uint8Array; last: number } {
  const stream = new Uint8Array(parts.reduce((sum, { from, to }) => sum + to - from + 4, 0));
  let end = 0;
  let last = 0;
  for (const { place, packed, from, to, last: lastOfPart } of parts) {
    const base = place << bits;
    let at = from;
    let code = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = packed[at++]!;
      code |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    end = putVarint(stream, end, code + (base - last) * (blockSize * 2));
    stream.set(packed.subarray(at, to), end);
    end += to - at;
    last = base + lastOfPart;
  }
  return { stream: stream.subarray(0, end), last };
}
