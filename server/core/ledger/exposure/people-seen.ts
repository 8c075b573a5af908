import { askApart, int2Of, int8Of, type Copier, type Source } from "./copy-rows.ts";
import type { EventSet } from "./event-set.ts";
import { createEventTimes } from "./event-times.ts";
import { chunksWorthThreads, connectionForThreads, cutInParts, inThreads, questionThread, threadsAtOnce } from "./in-threads.ts";
import { joinPeople, type PackedPeople } from "./join-people.ts";
import { packSet } from "./packed-set.ts";
import { createPeopleTally, type PeopleSeen, type PeopleSeenOptions } from "./people-tally.ts";
import type { PeopleTask } from "./question-thread.ts";
import { chunkBits, chunkSize, levelBits, windowOf, type Level } from "./ranges.ts";
import { findPackedUpTo, readTail, readTailRecords } from "./tail.ts";

/**
 * Whom the events of a set released: each record once, with all its fields and the first and last time. Reads what is packed of
 * the windows that the set touches, each once, and the events that are not packed yet. Memory goes with the records found
 * (60 bytes each) and with the events between the first and the last (4 bytes each), not with the deliveries.
 */
export async function peopleSeen(source: Source, events: EventSet, options: PeopleSeenOptions, worthThreads = chunksWorthThreads): Promise<PeopleSeen> {
  const chunkNos = events.chunkNos();
  const connection = chunkNos.length < worthThreads ? undefined : connectionForThreads(source);
  if (connection === undefined) return askApart(source, (copier) => gatherPeople(copier, events, options));
  const tasks = cutInParts([...Map.groupBy(chunkNos, (chunkNo) => windowOf(chunkNo * chunkSize)).values()], threadsAtOnce()).map((windows): PeopleTask => ({
    ask: "people",
    events: packSet(events, windows.flat()),
    options,
  }));
  return joinPeople(await inThreads<PeopleTask, PackedPeople>(questionThread, connection, tasks));
}

/** The same over one connection, in one go. */
export async function gatherPeople(copier: Copier, events: EventSet, options: PeopleSeenOptions): Promise<PeopleSeen> {
  const upTo = await findPackedUpTo(copier);
  const chunkNos = events.chunkNos();
  const packedChunks = chunkNos.filter((chunkNo) => chunkNo * chunkSize <= upTo);
  const tally = createPeopleTally(events, options);
  // Window by window: what is asked of one is thrown away before the next.
  for (const ofWindow of Map.groupBy(packedChunks, (chunkNo) => windowOf(chunkNo * chunkSize)).values()) {
    const window = tally.openWindow(ofWindow);
    await copier.copy(selectChunks("shapes", ofWindow), ([chunkNo, packed]) => tally.takeShapes(window, int8Of(chunkNo), packed!));
    await copier.copy(selectPostings(tally.kindNo, ofWindow), ([level, rangeNo, spanNo, packed]) => {
      tally.takePostings(window, { level: int2Of(level) as Level, rangeNo: int8Of(rangeNo) }, int8Of(spanNo), packed!);
    });
  }
  if (chunkNos.length > packedChunks.length) await readTailRecords(copier, upTo, tally.takeEvent);
  const found = tally.finish();
  const times = createEventTimes([found.firstEvent, found.lastEvent], upTo);
  if (times.chunkNos.length > 0) {
    await copier.copy(selectChunks("times", times.chunkNos), ([chunkNo, packed]) => times.takeChunk(int8Of(chunkNo), packed!));
  }
  if (times.wantsEvents) await readTail(copier, { after: upTo }, times.takeEvent);
  const [firstAt, lastAt] = times.finish();
  return { ...found, firstAt: firstAt!, lastAt: lastAt! };
}

const selectChunks = (column: "shapes" | "times", chunkNos: readonly number[]): string =>
  `select chunk_no, ${column} from ledger_exposure_chunks where chunk_no = any('{${chunkNos.join()}}'::int8[])`;

/** All rows about the ranges that hold one of the chunks, in one statement: what is being joined meanwhile is seen once. */
function selectPostings(kindNo: number, chunkNos: readonly number[]): string {
  const rangesOf = (level: Level): string => [...new Set(chunkNos.map((chunkNo) => chunkNo >> (levelBits[level] - chunkBits)))].join();
  const part = (level: Level): string =>
    `select level, range_no, span_no, packed from ledger_exposure_postings where kind = ${kindNo} and level = ${level} and range_no = any('{${rangesOf(level)}}'::int8[])`;
  return ([0, 1, 2] as const).map(part).join(" union all ");
}
