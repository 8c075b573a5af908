import type { Hash } from "node:crypto";
import { createChunkPacker, type EventRow } from "../exposure/pack-events.ts";
import { joinRanges, type ChildRow } from "../exposure/postings.ts";
import { childrenOfRange, chunkSize, type Level } from "../exposure/ranges.ts";
import type { VerifiedState } from "../verify.ts";
import { addLeaf, addPostings, digest, digestMarks, startDigest } from "./digests.ts";
import { packBody, packChunkEntry, rangesOf, type RangeName } from "./range-body.ts";

/** A range with its body (range-body.ts). */
export interface PackedRange extends RangeName {
  readonly body: Buffer;
}

export interface PackedEvent extends EventRow {
  readonly type: string;
  readonly leafHash: Buffer;
}

/** Rows of one range of postings, ascending by span. */
export type PostingRows = readonly (readonly [spanNo: number, packed: Buffer])[];

/** What was packed before, so that packing goes on. Rows of what is not joined yet alone. */
export interface PackedBefore {
  readonly chunkCount: number;
  readonly eventsUpTo: number;
  /** Entries of the chunks of the last million that is not complete. */
  readonly entries: readonly Buffer[];
  /** By level and kind, the rows of each range that waits to be joined. */
  readonly waiting: readonly [ReadonlyMap<number, readonly PostingRows[]>, ReadonlyMap<number, readonly PostingRows[]>];
}

/**
 * Packs verified events anew as the packer does, and says what must come out. Knows nothing of what stands in the tables of packed
 * exposure.
 */
export interface RangePacker {
  /** In any order within what is not settled. */
  add(event: PackedEvent): void;
  /** Everything up to here was added; `state`: where the verification stands. */
  settle(settledNo: number, state: VerifiedState): void;
  readonly chunkCount: number;
  /** Bodies that were not taken yet of all ranges up to here. */
  take(): PackedRange[];
}

interface Waiting {
  /** By kind: rows of the ranges so far, by their place below the range above. */
  readonly rows: Map<number, ChildRow[]>;
}

export function createRangePacker(before: PackedBefore | undefined): RangePacker {
  let chunkCount = before?.chunkCount ?? 0;
  let eventsUpTo = before?.eventsUpTo ?? 0;
  let entries: Buffer[] = [...(before?.entries ?? [])];
  const waiting = [0, 1].map((level): Waiting => ({ rows: rowsBefore(before?.waiting[level as 0 | 1]) })) as [Waiting, Waiting];
  const pending = new Map<number, PackedEvent[]>();
  const bodies = new Map<string, PackedRange>();
  let states: VerifiedState[] = [];

  const addRows = (level: 0 | 1, place: number, ofKinds: ReadonlyMap<number, PostingRows>): void => {
    for (const [kindNo, rows] of ofKinds) {
      const list = waiting[level].rows.get(kindNo) ?? [];
      waiting[level].rows.set(kindNo, list);
      for (const [spanNo, packed] of rows) list.push({ place, spanNo, packed });
    }
  };
  const joined = (level: 0 | 1): Map<number, PostingRows> => {
    const all = new Map([...waiting[level].rows].map(([kindNo, rows]) => [kindNo, joinRanges(rows, level)] as const));
    waiting[level].rows.clear();
    return all;
  };
  const keep = (level: Level, rangeNo: number, chunks: readonly Buffer[], rows: ReadonlyMap<number, PostingRows>, state: VerifiedState): void => {
    const postings = new Map([...rows].map(([kindNo, list]) => [kindNo, digestRows(list)] as const));
    bodies.set(`${level} ${rangeNo}`, { level, rangeNo, body: packBody({ state, eventsUpTo, chunks, postings }) });
  };

  const packNext = (): void => {
    const chunkNo = chunkCount;
    const last = (chunkNo + 1) * chunkSize - 1;
    // The last round in which nothing lies beyond the range.
    const at = states.findLastIndex(({ highestNo }) => highestNo <= last);
    if (at < 0) throw new Error("a range was packed before its rounds were verified");
    states = states.slice(at);
    const state = states[0]!;
    const events = (pending.get(chunkNo) ?? []).sort((a, b) => a.eventNo - b.eventNo);
    pending.delete(chunkNo);
    const packer = createChunkPacker();
    packer.add(events);
    const { chunk, marks, eventCount, times, postings } = packer.take();
    const { actors, acts, times: packedTimes, shapes } = chunk;
    const digests = { marks: digestMarks(marks), actors: digest(actors), acts: digest(acts), times: digest(packedTimes), shapes: digest(shapes) };
    const entry = packChunkEntry({ eventCount, firstAt: times?.[0] ?? 0, lastAt: times?.[1] ?? 0, digests, types: typesOf(events) });
    entries.push(entry);
    chunkCount += 1;
    eventsUpTo += eventCount;
    const rows = new Map<number, (readonly [number, Buffer])[]>();
    for (const { kindNo, spanNo, packed } of postings) rows.set(kindNo, [...(rows.get(kindNo) ?? []), [spanNo, packed]]);
    keep(0, chunkNo, [entry], rows, state);
    addRows(0, chunkNo % childrenOfRange, rows);
    if (chunkCount % childrenOfRange !== 0) return;
    const rangeNo = chunkCount / childrenOfRange - 1;
    const ofRange = joined(0);
    keep(1, rangeNo, entries.slice(-childrenOfRange), ofRange, state);
    addRows(1, rangeNo % childrenOfRange, ofRange);
    if (chunkCount % childrenOfRange ** 2 !== 0) return;
    keep(2, chunkCount / childrenOfRange ** 2 - 1, entries, joined(1), state);
    entries = [];
  };

  return {
    add(event) {
      const chunkNo = Math.floor(event.eventNo / chunkSize);
      // It is in what was packed already, and was verified once more.
      if (chunkNo < chunkCount) return;
      const list = pending.get(chunkNo);
      if (list === undefined) pending.set(chunkNo, [event]);
      else list.push(event);
    },
    settle(settledNo, state) {
      states.push(state);
      while ((chunkCount + 1) * chunkSize - 1 <= settledNo) packNext();
    },
    get chunkCount() {
      return chunkCount;
    },
    take() {
      const taken = rangesOf(chunkCount).flatMap(({ level, rangeNo }) => bodies.get(`${level} ${rangeNo}`) ?? []);
      bodies.clear();
      return taken;
    },
  };
}

function rowsBefore(given: ReadonlyMap<number, readonly PostingRows[]> | undefined): Map<number, ChildRow[]> {
  return new Map(
    [...(given ?? [])].map(
      ([kindNo, ranges]) => [kindNo, ranges.flatMap((rows, place) => rows.map(([spanNo, packed]) => ({ place, spanNo, packed })))] as const,
    ),
  );
}

export function digestRows(rows: PostingRows): Buffer {
  const hash = startDigest();
  for (const [spanNo, packed] of rows) addPostings(hash, spanNo, packed);
  return hash.digest();
}

function typesOf(events: readonly PackedEvent[]): [string, number, Buffer][] {
  const types = new Map<string, { hash: Hash; events: number }>();
  for (const { type, eventNo, leafHash } of events) {
    let known = types.get(type);
    if (known === undefined) types.set(type, (known = { hash: startDigest(), events: 0 }));
    addLeaf(known.hash, eventNo, leafHash);
    known.events += 1;
  }
  return [...types].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, { hash, events: count }]) => [type, count, hash.digest()]);
}
