import { kindNoOf } from "../entries.ts";
import { readShapes, readTimes } from "../exposure/chunk.ts";
import { int8Of, type Copier } from "../exposure/copy-rows.ts";
import type { EventSet } from "../exposure/event-set.ts";
import { createFieldSets } from "../exposure/field-sets.ts";
import { factsOf, groupsOf } from "../exposure/pack-events.ts";
import { flatten, orderByChunk, type PeopleSeen, type PeopleSeenOptions } from "../exposure/people-seen.ts";
import { eachBlock } from "../exposure/postings.ts";
import { blockOf, blockSize, chunkSize, windowOf, windowSize } from "../exposure/ranges.ts";
import { createBlockTally, createTallyWindow, noteEvent, setsInChunk, tallyStream, type BlockTally, type TallyWindow } from "../exposure/tally-block.ts";
import type { ProvedRange } from "./book.ts";
import { addPostings, digest, startDigest } from "./digests.ts";
import { firstChunkOf, chunksIn } from "./range-body.ts";
import { findChunk, findRange, type ProvedLedger } from "./read-proved.ts";

/** {@link peopleSeen}, in which nothing counts that is not as it was proved. */
export async function provedPeopleSeen(copier: Copier, proved: ProvedLedger, events: EventSet, options: PeopleSeenOptions): Promise<PeopleSeen> {
  const kindNo = kindNoOf(options.kind);
  const chunkNos = events.chunkNos();
  const origin = (chunkNos[0] ?? 0) * chunkSize;
  const fieldSets = createFieldSets();
  const counts = (set: number): boolean => options.touched === true || fieldSets.isReleasing(set);
  const blocks = new Map<number, BlockTally>();
  const tallyOf = (blockNo: number): BlockTally => {
    let tally = blocks.get(blockNo);
    if (tally === undefined) blocks.set(blockNo, (tally = createBlockTally()));
    return tally;
  };
  const asked = new Set(chunkNos);
  for (const range of proved.ranges) {
    const ofRange = Array.from({ length: chunksIn(range) }, (_, at) => firstChunkOf(range) + at).filter((chunkNo) => asked.has(chunkNo));
    if (ofRange.length === 0) continue;
    const window = createTallyWindow();
    for (const chunkNo of ofRange) window.bits.set(events.words(chunkNo)!, ((chunkNo * chunkSize) % windowSize) / 32);
    await readSets(copier, proved, ofRange, kindNo, window, (codes) => {
      const set = fieldSets.numberOf(codes);
      return counts(set) ? set + 1 : 0;
    });
    const first = (firstChunkOf(range) * chunkSize) % windowSize;
    const base = windowOf(firstChunkOf(range) * chunkSize) * windowSize - origin;
    await readPostings(copier, proved, range, kindNo, (spanNo, packed) =>
      eachBlock(packed, range.level, spanNo, (blockNo, from, to) => tallyStream(packed, from, to, first, base, window, () => tallyOf(blockNo), fieldSets)),
    );
  }
  for (const row of proved.tail) {
    if (!events.has(row.eventNo)) continue;
    for (const { kindNo: kind, codes, numbers } of groupsOf(row)) {
      if (kind !== kindNo) continue;
      const set = fieldSets.numberOf(codes);
      if (counts(set)) for (const no of numbers) noteEvent(tallyOf(blockOf(no)), no % blockSize, row.eventNo - origin, set, fieldSets);
    }
  }
  const found = flatten(blocks, origin);
  const [firstAt, lastAt] = await readTimesOf(copier, proved, [found.firstEvent, found.lastEvent]);
  return { ...found, firstAt: firstAt!, lastAt: lastAt!, fieldSet: (number) => fieldSets.get(number) };
}

/** Rows of a kind and range as they come, and whether all of them were what was proved: told behind the last, when nothing can be taken back. */
async function readPostings(
  copier: Copier,
  proved: ProvedLedger,
  range: ProvedRange,
  kindNo: number,
  onRow: (spanNo: number, packed: Buffer) => void,
): Promise<void> {
  const hash = startDigest();
  let rows = 0;
  let isReadable = true;
  await copier.copy(
    `select span_no, packed from ledger_exposure_postings where kind = ${kindNo} and level = ${range.level} and range_no = ${range.rangeNo} order by span_no`,
    ([spanField, packed]) => {
      const spanNo = int8Of(spanField);
      addPostings(hash, spanNo, packed!);
      rows += 1;
      try {
        onRow(spanNo, packed!);
      } catch {
        // Bytes that somebody put there need not be postings.
        isReadable = false;
      }
    },
  );
  const said = range.postings.get(kindNo);
  if (!isReadable || (said === undefined ? rows > 0 : !hash.digest().equals(said))) findRange(proved, range);
}

async function readChunks(
  copier: Copier,
  proved: ProvedLedger,
  column: "shapes" | "times",
  chunkNos: readonly number[],
  onChunk: (chunkNo: number, packed: Buffer) => void,
): Promise<void> {
  const met = new Set<number>();
  await copier.copy(`select chunk_no, ${column} from ledger_exposure_chunks where chunk_no = any('{${chunkNos.join()}}'::int8[])`, ([chunkField, packed]) => {
    const chunkNo = int8Of(chunkField);
    met.add(chunkNo);
    if (digest(packed!).equals(proved.chunk(chunkNo).digestOf(column))) onChunk(chunkNo, packed!);
    else findChunk(proved, chunkNo);
  });
  for (const chunkNo of chunkNos) if (!met.has(chunkNo)) findChunk(proved, chunkNo);
}

/** Fills in which field set counts for most records of each event, and which stand for the others. */
function readSets(
  copier: Copier,
  proved: ProvedLedger,
  chunkNos: readonly number[],
  kindNo: number,
  window: TallyWindow,
  numberOf: (codes: readonly number[]) => number,
): Promise<void> {
  return readChunks(copier, proved, "shapes", chunkNos, (chunkNo, packed) => {
    const first = (chunkNo * chunkSize) % windowSize;
    const shapes = readShapes(packed);
    const sets = Uint16Array.from(shapes.sets, numberOf);
    window.setsOf[first / chunkSize] = sets;
    window.sets.set(sets.subarray(0, setsInChunk - 1), (first / chunkSize) * setsInChunk + 1);
    const ofPlace = Uint16Array.from([0, ...shapes.entries.map((shape) => sets[shape.find(([kind]) => kind === kindNo)?.[1] ?? -1] ?? 0)]);
    for (let offset = 0; offset < chunkSize; offset++) window.usual[first + offset] = ofPlace[shapes.places[offset]!]!;
  });
}

/** The times of the events in each list, in ms. */
async function readTimesOf(copier: Copier, proved: ProvedLedger, lists: readonly Float64Array[]): Promise<Float64Array[]> {
  const orders = lists.map(orderByChunk);
  const found = lists.map((list) => new Float64Array(list.length));
  const chunkNos = [...new Set(orders.flatMap(({ starts }) => [...starts.keys()]))];
  const fill = (chunkNo: number, timeAt: (offset: number) => number | undefined): void => {
    orders.forEach(({ starts, order }, which) => {
      const [list, times] = [lists[which]!, found[which]!];
      for (let at = starts.get(chunkNo) ?? Infinity; at < order.length; at++) {
        const index = order[at]!;
        if (Math.floor(list[index]! / chunkSize) !== chunkNo) return;
        times[index] = timeAt(list[index]! % chunkSize) ?? times[index]!;
      }
    });
  };
  const packed = chunkNos.filter((chunkNo) => chunkNo * chunkSize <= proved.upTo);
  if (packed.length > 0) {
    await readChunks(copier, proved, "times", packed, (chunkNo, bytes) => {
      const times = readTimes(bytes);
      fill(chunkNo, (offset) => times[offset]);
    });
  }
  if (chunkNos.length > packed.length) {
    const wanted = new Set(lists.flatMap((list) => Array.from(list).filter((eventNo) => eventNo > proved.upTo)));
    const times = new Map<number, number>();
    for (const { eventNo, header } of proved.tail) if (wanted.has(eventNo)) times.set(eventNo, factsOf(header).at);
    for (const chunkNo of chunkNos) if (chunkNo * chunkSize > proved.upTo) fill(chunkNo, (offset) => times.get(chunkNo * chunkSize + offset));
  }
  return found;
}
