import { parseHeader } from "../encode.ts";
import { kindNoOf, parseGroups } from "../entries.ts";
import type { LedgerKind } from "../event.ts";
import { scanWrites } from "../sections.ts";
import { packChunk, writtenCode, type Chunk, type EventFacts } from "./chunk.ts";
import { marksOf } from "./marks.ts";
import { createPostingBuilder, usualSet, type PostingBuilder } from "./postings.ts";
import { chunkSize } from "./ranges.ts";

/** The kinds of which it is asked who saw them, and whom somebody saw. */
export const packedKinds = ["customer", "company", "account"] as const satisfies readonly LedgerKind[];
export type PackedKind = (typeof packedKinds)[number];
export const packedKindNos: readonly number[] = packedKinds.map(kindNoOf);

/** An event as it stands in ledger_events. */
export interface EventRow {
  readonly eventNo: number;
  readonly header: string;
  readonly entries: Buffer | null;
  readonly writes: Buffer | null;
}

export interface PackedEvents {
  readonly chunk: Chunk;
  readonly marks: readonly number[];
  readonly eventCount: number;
  /** Earliest and latest time in ms; null without events. */
  readonly times: readonly [number, number] | null;
  /** Rows of level 0. */
  readonly postings: readonly { readonly kindNo: number; readonly spanNo: number; readonly packed: Buffer }[];
}

/** What an event says of the records of a kind: groups of records with the same field set (codes as in chunk.ts). */
export interface RecordGroup {
  readonly kindNo: number;
  readonly codes: readonly number[];
  /** Ascending; a record stands in one group of an event alone. */
  readonly numbers: readonly number[];
}

/** The record groups of an event, of the packed kinds; each record once, written ones with {@link writtenCode} in their set. */
export function groupsOf(row: Pick<EventRow, "entries" | "writes">): RecordGroup[] {
  const groups: RecordGroup[] =
    row.entries === null
      ? []
      : parseGroups(row.entries)
          .filter(({ kindNo }) => packedKindNos.includes(kindNo))
          .map(({ kindNo, fields, numbers }) => ({ kindNo, codes: fields, numbers }));
  if (row.writes === null) return groups;
  const written = new Map<number, Set<number>>();
  scanWrites(row.writes, (kind, no) => {
    const kindNo = kindNoOf(kind);
    if (!packedKindNos.includes(kindNo)) return;
    const numbers = written.get(kindNo);
    if (numbers === undefined) written.set(kindNo, new Set([no]));
    else numbers.add(no);
  });
  if (written.size === 0) return groups;
  const settled: RecordGroup[] = [];
  for (const { kindNo, codes, numbers } of groups) {
    const rewritten = written.get(kindNo);
    const [both, seen] = [numbers.filter((no) => rewritten?.has(no)), numbers.filter((no) => !rewritten?.has(no))];
    if (seen.length > 0) settled.push({ kindNo, codes, numbers: seen });
    if (both.length > 0) settled.push({ kindNo, codes: [writtenCode, ...codes], numbers: both });
    for (const no of both) rewritten!.delete(no);
  }
  for (const [kindNo, numbers] of written) if (numbers.size > 0) settled.push({ kindNo, codes: [writtenCode], numbers: [...numbers] });
  return settled;
}

/** The facts of an event that are packed, out of its header. */
export function factsOf(header: string): Omit<EventFacts, "offset" | "shape"> {
  const { at, type, principal, accountNo, sessionId, deviceId, address, outcome, purpose, facts } = parseHeader(header);
  const listNo = facts?.["listNo"];
  return {
    at: Date.parse(at),
    type,
    principal,
    accountNo: accountNo ?? null,
    sessionId: sessionId ?? null,
    deviceId: deviceId ?? null,
    address: address ?? null,
    outcome,
    purpose: purpose ?? null,
    listNo: typeof listNo === "number" && Number.isSafeInteger(listNo) && listNo >= 0 ? listNo : null,
  };
}

export interface ChunkPacker {
  /** The next events, ascending by number. A few hundred at a time: meanwhile the node serves nobody. */
  add(rows: readonly EventRow[]): void;
  take(): PackedEvents;
}

/** Packs the events of one chunk. The same events give the same bytes, however they come. */
export function createChunkPacker(): ChunkPacker {
  const sets: (readonly number[])[] = [];
  const setNos = new Map<string, number>();
  const setNoOf = (codes: readonly number[]): number => {
    const key = codes.join();
    let setNo = setNos.get(key);
    if (setNo === undefined) setNos.set(key, (setNo = sets.push(codes) - 1));
    return setNo;
  };
  const builders = new Map<number, PostingBuilder>();
  const builderOf = (kindNo: number): PostingBuilder => {
    let builder = builders.get(kindNo);
    if (builder === undefined) builders.set(kindNo, (builder = createPostingBuilder()));
    return builder;
  };
  const events: EventFacts[] = [];
  let [first, last] = [Infinity, -Infinity];
  return {
    add(rows) {
      for (const row of rows) {
        const offset = row.eventNo % chunkSize;
        const facts = factsOf(row.header);
        first = Math.min(first, facts.at);
        last = Math.max(last, facts.at);
        events.push({ ...facts, offset, shape: addPostings(groupsOf(row), offset, setNoOf, builderOf) });
      }
    },
    take: () => ({
      chunk: packChunk(events, sets),
      marks: marksOf(events),
      eventCount: events.length,
      times: events.length === 0 ? null : [first, last],
      postings: [...builders].sort(([a], [b]) => a - b).flatMap(([kindNo, builder]) => builder.take(0).map(([spanNo, packed]) => ({ kindNo, spanNo, packed }))),
    }),
  };
}

/** Adds an event's postings; gives, by kind, the set that most of its records have. */
function addPostings(
  groups: readonly RecordGroup[],
  offset: number,
  setNoOf: (codes: readonly number[]) => number,
  builderOf: (kindNo: number) => PostingBuilder,
): [kindNo: number, set: number][] {
  const shape: [number, number][] = [];
  for (const kindNo of packedKindNos) {
    const own = groups.length === 1 && groups[0]!.kindNo === kindNo ? groups : groups.filter((group) => group.kindNo === kindNo);
    if (own.length === 0) continue;
    const builder = builderOf(kindNo);
    if (own.length === 1) {
      shape.push([kindNo, setNoOf(own[0]!.codes)]);
      for (const no of own[0]!.numbers) builder.add(no, offset, usualSet);
      continue;
    }
    const counts = new Map<number, number>();
    const postings: [no: number, set: number][] = [];
    for (const { codes, numbers } of own) {
      const set = setNoOf(codes);
      counts.set(set, (counts.get(set) ?? 0) + numbers.length);
      for (const no of numbers) postings.push([no, set]);
    }
    const usual = [...counts].reduce((best, next) => (next[1] > best[1] || (next[1] === best[1] && next[0] < best[0]) ? next : best))[0];
    shape.push([kindNo, usual]);
    postings.sort((a, b) => a[0] - b[0]);
    for (const [no, set] of postings) builder.add(no, offset, set === usual ? usualSet : set);
  }
  return shape;
}
