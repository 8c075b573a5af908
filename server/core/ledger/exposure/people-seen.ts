import { kindNoOf } from "../entries.ts";
import { readShapes, readTimes, writtenCode } from "./chunk.ts";
import { askApart, int2Of, int8Of, type Copier, type Source } from "./copy-rows.ts";
import { wordsInChunk, type EventSet } from "./event-set.ts";
import { createFieldSets, type FieldSet } from "./field-sets.ts";
import { chunksWorthThreads, connectionForThreads, cutInParts, inThreads, threadsAtOnce, type PackedPeople } from "./in-threads.ts";
import { factsOf, groupsOf, type PackedKind } from "./pack-events.ts";
import { eachBlock } from "./postings.ts";
import { blockOf, blockSize, chunkBits, chunkOf, chunkSize, firstEventOf, levelBits, windowOf, windowSize, type Level } from "./ranges.ts";
import { createBlockTally, createTallyWindow, inTally, latest, noteEvent, setsInChunk, tallyStream, type BlockTally, type TallyWindow } from "./tally-block.ts";
import { findPackedUpTo, readTail, readTailRecords } from "./tail.ts";

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

/**
 * Whom the events of a set released: each record once, with all its fields and the first and last time. Reads what is packed of
 * the windows that the set touches, each once, and the events that are not packed yet. Memory goes with the records found
 * (60 bytes each) and with the events between the first and the last (4 bytes each), not with the deliveries.
 */
export async function peopleSeen(source: Source, events: EventSet, options: PeopleSeenOptions, worthThreads = chunksWorthThreads): Promise<PeopleSeen> {
  const chunkNos = events.chunkNos();
  const connection = chunkNos.length < worthThreads ? undefined : connectionForThreads(source);
  if (connection === undefined) return askApart(source, (copier) => gatherPeople(copier, events, options));
  const parts = cutInParts([...Map.groupBy(chunkNos, (chunkNo) => windowOf(chunkNo * chunkSize)).values()], threadsAtOnce());
  const tasks = parts.map((windows) => {
    const ofPart = windows.flat();
    const words = new Uint32Array(ofPart.length * wordsInChunk);
    ofPart.forEach((chunkNo, at) => words.set(events.words(chunkNo)!, at * wordsInChunk));
    return { ask: "people", events: { chunkNos: Float64Array.from(ofPart), words }, options } as const;
  });
  return joinPeople(await inThreads(connection, tasks));
}

/** What parts of a set of events say, earlier events in earlier parts. */
function joinPeople(parts: readonly PackedPeople[]): PeopleSeen {
  const fieldSets = createFieldSets();
  const numbers = parts.map(({ sets }) => {
    const known = new Uint32Array(Math.max(-1, ...sets.keys()) + 1);
    for (const [number, { fields, isWritten }] of sets) {
      known[number] = fieldSets.numberOf([...(isWritten ? [writtenCode] : []), ...fields.map(([fieldNo, level]) => fieldNo * 2 + level - 1)]);
    }
    return known;
  });
  const most = parts.reduce((sum, { nos }) => sum + nos.length, 0);
  const joined = {
    nos: new Float64Array(most),
    events: new Uint32Array(most),
    firstAt: new Float64Array(most),
    lastAt: new Float64Array(most),
    firstEvent: new Float64Array(most),
    lastEvent: new Float64Array(most),
    fieldSets: new Uint32Array(most),
  };
  const { nos, events, firstAt, lastAt, firstEvent, lastEvent, fieldSets: sets } = joined;
  const places = parts.map(() => 0);
  let count = 0;
  for (;;) {
    let next = Infinity;
    for (let part = 0; part < parts.length; part++) next = Math.min(next, parts[part]!.nos[places[part]!] ?? Infinity);
    if (next === Infinity) break;
    nos[count] = next;
    for (let part = 0; part < parts.length; part++) {
      const own = parts[part]!;
      const place = places[part]!;
      if (own.nos[place] !== next) continue;
      if (events[count] === 0) {
        firstAt[count] = own.firstAt[place]!;
        firstEvent[count] = own.firstEvent[place]!;
      }
      events[count]! += own.events[place]!;
      lastAt[count] = own.lastAt[place]!;
      lastEvent[count] = own.lastEvent[place]!;
      sets[count] = fieldSets.unite(sets[count]!, numbers[part]![own.fieldSets[place]!]!);
      places[part] = place + 1;
    }
    count += 1;
  }
  return {
    nos: nos.subarray(0, count),
    events: events.subarray(0, count),
    firstAt: firstAt.subarray(0, count),
    lastAt: lastAt.subarray(0, count),
    firstEvent: firstEvent.subarray(0, count),
    lastEvent: lastEvent.subarray(0, count),
    fieldSets: sets.subarray(0, count),
    fieldSet: (number) => fieldSets.get(number),
  };
}

/** The same over one connection, in one go. */
export async function gatherPeople(copier: Copier, events: EventSet, options: PeopleSeenOptions): Promise<PeopleSeen> {
  const kindNo = kindNoOf(options.kind);
  const upTo = await findPackedUpTo(copier);
  const chunkNos = events.chunkNos();
  const packedChunks = chunkNos.filter((chunkNo) => chunkNo * chunkSize <= upTo);
  const origin = (chunkNos[0] ?? 0) * chunkSize;
  const fieldSets = createFieldSets();
  const counts = (set: number): boolean => options.touched === true || fieldSets.isReleasing(set);
  const blocks = new Map<number, BlockTally>();
  const tallyOf = (blockNo: number): BlockTally => {
    let tally = blocks.get(blockNo);
    if (tally === undefined) blocks.set(blockNo, (tally = createBlockTally()));
    return tally;
  };

  // Window by window: what is asked of one is thrown away before the next.
  const byWindow = Map.groupBy(packedChunks, (chunkNo) => windowOf(chunkNo * chunkSize));
  for (const [windowNo, ofWindow] of byWindow) {
    const window = createTallyWindow();
    for (const chunkNo of ofWindow) window.bits.set(events.words(chunkNo)!, ((chunkNo * chunkSize) % windowSize) / 32);
    await readSets(copier, ofWindow, kindNo, window, (codes) => {
      const set = fieldSets.numberOf(codes);
      return counts(set) ? set + 1 : 0;
    });
    const base = windowNo * windowSize - origin;
    await copier.copy(selectPostings(kindNo, ofWindow), ([levelField, rangeField, spanField, packedField]) => {
      const level = int2Of(levelField) as Level;
      const first = firstEventOf(int8Of(rangeField), level) % windowSize;
      const packed = packedField!;
      eachBlock(packed, level, int8Of(spanField), (blockNo, from, to) => {
        tallyStream(packed, from, to, first, base, window, () => tallyOf(blockNo), fieldSets);
      });
    });
  }
  if (chunkNos.length > packedChunks.length) {
    await readTailRecords(copier, upTo, (row) => {
      if (!events.has(row.eventNo)) return;
      for (const { kindNo: kind, codes, numbers } of groupsOf(row)) {
        if (kind !== kindNo) continue;
        const set = fieldSets.numberOf(codes);
        if (counts(set)) for (const no of numbers) noteEvent(tallyOf(blockOf(no)), no % blockSize, row.eventNo - origin, set, fieldSets);
      }
    });
  }
  const found = flatten(blocks, origin);
  const times = await readTimesOf(copier, upTo, [found.firstEvent, found.lastEvent]);
  return { ...found, firstAt: times[0]!, lastAt: times[1]!, fieldSet: (number) => fieldSets.get(number) };
}

/** Fills in which field set counts for most records of each event, and which stand for the others. */
async function readSets(
  copier: Copier,
  chunkNos: readonly number[],
  kindNo: number,
  window: TallyWindow,
  numberOf: (codes: readonly number[]) => number,
): Promise<void> {
  await copier.copy(`select chunk_no, shapes from ledger_exposure_chunks where chunk_no = any('{${chunkNos.join()}}'::int8[])`, ([chunkNo, packed]) => {
    const first = (int8Of(chunkNo) * chunkSize) % windowSize;
    const shapes = readShapes(packed!);
    const sets = Uint16Array.from(shapes.sets, numberOf);
    window.setsOf[first / chunkSize] = sets;
    window.sets.set(sets.subarray(0, setsInChunk - 1), (first / chunkSize) * setsInChunk + 1);
    const ofPlace = Uint16Array.from([0, ...shapes.entries.map((shape) => sets[shape.find(([kind]) => kind === kindNo)?.[1] ?? -1] ?? 0)]);
    for (let offset = 0; offset < chunkSize; offset++) window.usual[first + offset] = ofPlace[shapes.places[offset]!]!;
  });
}

/** All rows about the ranges that hold one of the chunks, in one statement: what is being joined meanwhile is seen once. */
function selectPostings(kindNo: number, chunkNos: readonly number[]): string {
  const rangesOf = (level: Level): string => [...new Set(chunkNos.map((chunkNo) => chunkNo >> (levelBits[level] - chunkBits)))].join();
  const part = (level: Level): string =>
    `select level, range_no, span_no, packed from ledger_exposure_postings where kind = ${kindNo} and level = ${level} and range_no = any('{${rangesOf(level)}}'::int8[])`;
  return ([0, 1, 2] as const).map(part).join(" union all ");
}

export function flatten(blocks: ReadonlyMap<number, BlockTally>, origin: number): Omit<PeopleSeen, "firstAt" | "lastAt" | "fieldSet"> {
  const blockNos = [...blocks.keys()].sort((a, b) => a - b);
  let count = 0;
  for (const tally of blocks.values()) for (let at = inTally.count; at < tally.length; at += 4) if (tally[at] !== 0) count += 1;
  const nos = new Float64Array(count);
  const firstEvent = new Float64Array(count);
  const lastEvent = new Float64Array(count);
  const events = new Uint32Array(count);
  const fieldSets = new Uint32Array(count);
  let to = 0;
  for (const blockNo of blockNos) {
    const tally = blocks.get(blockNo)!;
    for (let inBlock = 0; inBlock < blockSize; inBlock++) {
      const place = inBlock * 4;
      if (tally[place] === 0) continue;
      nos[to] = blockNo * blockSize + inBlock;
      events[to] = tally[place + inTally.count]!;
      firstEvent[to] = origin + latest - tally[place + inTally.first]!;
      lastEvent[to] = origin + tally[place + inTally.last]!;
      fieldSets[to] = tally[place + inTally.set]!;
      to += 1;
    }
  }
  return { nos, events, firstEvent, lastEvent, fieldSets };
}

/** The times of the events in each list, in ms. */
async function readTimesOf(copier: Copier, upTo: number, lists: readonly Float64Array[]): Promise<Float64Array[]> {
  const orders = lists.map(orderByChunk);
  const found = lists.map((list) => new Float64Array(list.length));
  const chunkNos = [...new Set(orders.flatMap(({ starts }) => [...starts.keys()]))];
  const fill = (chunkNo: number, ofChunk: Float64Array): void => {
    const first = chunkNo * chunkSize;
    orders.forEach(({ starts, order }, which) => {
      const [list, times] = [lists[which]!, found[which]!];
      for (let at = starts.get(chunkNo) ?? order.length; at < order.length; at++) {
        const index = order[at]!;
        const offset = list[index]! - first;
        if (offset >= chunkSize) return;
        times[index] = ofChunk[offset]!;
      }
    });
  };
  const packed = chunkNos.filter((chunkNo) => chunkNo * chunkSize <= upTo);
  if (packed.length > 0) {
    await copier.copy(`select chunk_no, times from ledger_exposure_chunks where chunk_no = any('{${packed.join()}}'::int8[])`, ([chunkNo, bytes]) => {
      fill(int8Of(chunkNo), readTimes(bytes!));
    });
  }
  if (chunkNos.length > packed.length) {
    const tail = new Map<number, Float64Array>(chunkNos.flatMap((chunkNo) => (chunkNo * chunkSize > upTo ? [[chunkNo, new Float64Array(chunkSize)]] : [])));
    await readTail(copier, { after: upTo }, ({ eventNo, header }) => {
      const times = tail.get(chunkOf(eventNo));
      if (times !== undefined) times[eventNo % chunkSize] = factsOf(header).at;
    });
    for (const [chunkNo, times] of tail) fill(chunkNo, times);
  }
  return found;
}

/** The places of a list in the order of their chunks, and where each chunk begins in it. */
export function orderByChunk(eventNos: Float64Array): { starts: Map<number, number>; order: Uint32Array } {
  const chunks = new Uint32Array(eventNos.length);
  let [least, most] = [Infinity, -1];
  for (let index = 0; index < chunks.length; index++) {
    const chunkNo = chunkOf(eventNos[index]!);
    chunks[index] = chunkNo;
    if (chunkNo < least) least = chunkNo;
    if (chunkNo > most) most = chunkNo;
  }
  const next = new Uint32Array(Math.max(0, most - least + 1));
  for (let index = 0; index < chunks.length; index++) next[chunks[index]! - least]!++;
  const starts = new Map<number, number>();
  let sum = 0;
  for (let chunk = 0; chunk < next.length; chunk++) {
    const count = next[chunk]!;
    if (count > 0) starts.set(least + chunk, sum);
    next[chunk] = sum;
    sum += count;
  }
  const order = new Uint32Array(chunks.length);
  for (let index = 0; index < chunks.length; index++) order[next[chunks[index]! - least]!++] = index;
  return { starts, order };
}
