import { kindNoOf } from "../entries.ts";
import { readShapes } from "./chunk.ts";
import type { EventSet } from "./event-set.ts";
import { createFieldSets, type FieldSet, type FieldSets } from "./field-sets.ts";
import { groupsOf, type EventRow, type PackedKind } from "./pack-events.ts";
import { eachBlock } from "./postings.ts";
import { blockOf, blockSize, chunkSize, firstEventOf, windowSize, type Level } from "./ranges.ts";
import {
  clearTallyWindow,
  createBlockTally,
  createTallyWindow,
  inTally,
  latest,
  noteEvent,
  setOfRecord,
  setsInChunk,
  tallyStream,
  type BlockTally,
  type TallyWindow,
} from "./tally-block.ts";

/** Distinct records of a kind, ascending; all lists are as long, and speak of the same record at the same place. */
export interface PeopleSeen {
  readonly nos: Float64Array;
  /** In how many of the events. */
  readonly events: Uint32Array;
  /** Times of the first and last of them, in ms. */
  readonly firstAt: Float64Array;
  readonly lastAt: Float64Array;
  readonly firstEvent: Float64Array;
  readonly lastEvent: Float64Array;
  /** What was released in all of them, by {@link PeopleSeen.fieldSet}. */
  readonly fieldSets: Uint32Array;
  fieldSet(number: number): FieldSet;
}

export interface PeopleSeenOptions {
  readonly kind: PackedKind;
  /** Also records of which nothing was released: touched or written. Otherwise such events count for nobody. */
  readonly touched?: boolean | undefined;
}

/** Whom the events of a set show, while they are being counted: what is packed comes by rows, the others one by one, in any order. */
export interface PeopleTally {
  readonly kindNo: number;
  /** A window in which those events are asked for that these chunks of the set hold; the one before is over. */
  openWindow(chunkNos: readonly number[]): TallyWindow;
  /** Before the postings of its window. */
  takeShapes(window: TallyWindow, chunkNo: number, packed: Buffer): void;
  /** @throws where the bytes are no postings */
  takePostings(window: TallyWindow, range: { readonly level: Level; readonly rangeNo: number }, spanNo: number, packed: Buffer): void;
  takeEvent(row: Omit<EventRow, "header">): void;
  finish(): Omit<PeopleSeen, "firstAt" | "lastAt">;
}

export function createPeopleTally(events: EventSet, { kind, touched }: PeopleSeenOptions): PeopleTally {
  const kindNo = kindNoOf(kind);
  const origin = (events.chunkNos()[0] ?? 0) * chunkSize;
  const fieldSets = createFieldSets();
  const counts = (set: number): boolean => touched === true || fieldSets.isReleasing(set);
  const blocks = new Map<number, BlockTally>();
  const tallyOf = (blockNo: number): BlockTally => {
    let tally = blocks.get(blockNo);
    if (tally === undefined) blocks.set(blockNo, (tally = createBlockTally()));
    return tally;
  };
  let opened: TallyWindow | undefined;
  return {
    kindNo,
    openWindow(chunkNos) {
      if (opened === undefined) opened = createTallyWindow();
      else clearTallyWindow(opened);
      const window = opened;
      for (const chunkNo of chunkNos) window.bits.set(events.words(chunkNo)!, ((chunkNo * chunkSize) % windowSize) / 32);
      return window;
    },
    takeShapes(window, chunkNo, packed) {
      const first = (chunkNo * chunkSize) % windowSize;
      const shapes = readShapes(packed);
      const sets = Uint16Array.from(shapes.sets, (codes) => {
        const set = fieldSets.numberOf(codes);
        return counts(set) ? set + 1 : 0;
      });
      window.setsOf[first / chunkSize] = sets;
      window.sets.set(sets.subarray(0, setsInChunk - 1), (first / chunkSize) * setsInChunk + 1);
      const ofPlace = Uint16Array.from([0, ...shapes.entries.map((shape) => sets[shape.find(([no]) => no === kindNo)?.[1] ?? -1] ?? 0)]);
      for (let offset = 0; offset < chunkSize; offset++) window.usual[first + offset] = ofPlace[shapes.places[offset]!]!;
    },
    takePostings(window, { level, rangeNo }, spanNo, packed) {
      const firstEvent = firstEventOf(rangeNo, level);
      const first = firstEvent % windowSize;
      const base = firstEvent - first - origin;
      eachBlock(packed, level, spanNo, (blockNo, from, to) => tallyStream(packed, from, to, first, base, window, () => tallyOf(blockNo), fieldSets));
    },
    takeEvent(row) {
      if (!events.has(row.eventNo)) return;
      for (const group of groupsOf(row)) {
        if (group.kindNo !== kindNo) continue;
        const set = fieldSets.numberOf(group.codes);
        if (counts(set)) for (const no of group.numbers) noteEvent(tallyOf(blockOf(no)), no % blockSize, row.eventNo - origin, set, fieldSets);
      }
    },
    finish: () => ({ ...flatten(blocks, origin, fieldSets), fieldSet: (number) => fieldSets.get(number) }),
  };
}

function flatten(blocks: ReadonlyMap<number, BlockTally>, origin: number, fieldSets: FieldSets): Omit<PeopleSeen, "firstAt" | "lastAt" | "fieldSet"> {
  const blockNos = [...blocks.keys()].sort((a, b) => a - b);
  let count = 0;
  for (const { numbers } of blocks.values()) for (let at = inTally.count; at < numbers.length; at += 4) if (numbers[at] !== 0) count += 1;
  const nos = new Float64Array(count);
  const firstEvent = new Float64Array(count);
  const lastEvent = new Float64Array(count);
  const events = new Uint32Array(count);
  const sets = new Uint32Array(count);
  const united = new Map<number, number>();
  let to = 0;
  for (const blockNo of blockNos) {
    const tally = blocks.get(blockNo)!;
    const { numbers } = tally;
    for (let inBlock = 0; inBlock < blockSize; inBlock++) {
      const place = inBlock * 4;
      if (numbers[place] === 0) continue;
      nos[to] = blockNo * blockSize + inBlock;
      events[to] = numbers[place + inTally.count]!;
      firstEvent[to] = origin + latest - numbers[place + inTally.first]!;
      lastEvent[to] = origin + numbers[place + inTally.last]!;
      sets[to] = setOfRecord(tally, place, united, fieldSets);
      to += 1;
    }
  }
  return { nos, events, firstEvent, lastEvent, fieldSets: sets };
}
