import { int8Of, type Copier } from "../exposure/copy-rows.ts";
import { createEventSet, type EventSet } from "../exposure/event-set.ts";
import { createEventTimes } from "../exposure/event-times.ts";
import { joinPeople, packPeople } from "../exposure/join-people.ts";
import type { EventRow } from "../exposure/pack-events.ts";
import { createPeopleTally, type PeopleSeen, type PeopleSeenOptions } from "../exposure/people-tally.ts";
import { chunkSize } from "../exposure/ranges.ts";
import type { ProvedRange } from "./book.ts";
import { addPostings, digest, startDigest } from "./digests.ts";
import { chunksOf, peopleInThreads, type ProvedThreads } from "./proved-threads.ts";
import { findChunk, findRange, provedPacking, type ProvedLedger, type ProvedPacking } from "./read-proved.ts";

/** {@link peopleSeen}, in which nothing counts that is not as it was proved. */
export async function provedPeopleSeen(
  copier: Copier,
  proved: ProvedLedger,
  events: EventSet,
  options: PeopleSeenOptions,
  threads?: ProvedThreads,
): Promise<PeopleSeen> {
  const asked = new Set(events.chunkNos());
  const ranges = proved.ranges.filter((range) => chunksOf(range).some((chunkNo) => asked.has(chunkNo)));
  const packed = [...asked].filter((chunkNo) => chunkNo * chunkSize <= proved.upTo).length;
  if (threads === undefined || packed < threads.worth) return tallyProved(copier, { ...proved, ranges }, events, options, proved);
  const behind = createEventSet(new Map([...asked].filter((chunkNo) => chunkNo * chunkSize > proved.upTo).map((chunkNo) => [chunkNo, events.words(chunkNo)!])));
  const tail = tallyProved(copier, provedPacking([], proved.find), behind, options, proved);
  return joinPeople([...(await peopleInThreads(threads, proved, ranges, events, options)), packPeople(await tail)]);
}

/** The same of some ranges, and of what follows the last of all. */
export async function tallyProved(
  copier: Copier,
  proved: ProvedPacking,
  events: EventSet,
  options: PeopleSeenOptions,
  { tail, upTo }: { readonly tail: readonly EventRow[]; readonly upTo: number } = { tail: [], upTo: Infinity },
): Promise<PeopleSeen> {
  const tally = createPeopleTally(events, options);
  const asked = new Set(events.chunkNos());
  for (const range of proved.ranges) {
    const ofRange = chunksOf(range).filter((chunkNo) => asked.has(chunkNo));
    if (ofRange.length === 0) continue;
    const window = tally.openWindow(ofRange);
    await readChunks(copier, proved, "shapes", ofRange, (chunkNo, packed) => tally.takeShapes(window, chunkNo, packed));
    await readPostings(copier, proved, range, tally.kindNo, (spanNo, packed) => tally.takePostings(window, range, spanNo, packed));
  }
  for (const row of tail) tally.takeEvent(row);
  const found = tally.finish();
  const times = createEventTimes([found.firstEvent, found.lastEvent], upTo);
  if (times.chunkNos.length > 0) await readChunks(copier, proved, "times", times.chunkNos, times.takeChunk);
  if (times.wantsEvents) for (const row of tail) times.takeEvent(row);
  const [firstAt, lastAt] = times.finish();
  return { ...found, firstAt: firstAt!, lastAt: lastAt! };
}

/** Rows of a kind and range as they come, and whether all of them were what was proved: told behind the last, when nothing can be taken back. */
async function readPostings(
  copier: Copier,
  proved: ProvedPacking,
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
  proved: ProvedPacking,
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
