import type pg from "pg";
import type { Copier, Source } from "../exposure/copy-rows.ts";
import type { EventSet } from "../exposure/event-set.ts";
import { chunksWorthThreads, connectionForThreads, inThreads, threadsAtOnce } from "../exposure/in-threads.ts";
import type { PackedPeople } from "../exposure/join-people.ts";
import type { EventFilter } from "../exposure/match-events.ts";
import { packSet, unpackSets, type PackedSet } from "../exposure/packed-set.ts";
import type { PeopleSeenOptions } from "../exposure/people-tally.ts";
import type { ProvedRange, StatedRange } from "./book.ts";
import { chunksIn, firstChunkOf } from "./range-body.ts";
import type { ProvedPacking } from "./read-proved.ts";

/** Threads that read what another connection sees, each its own ranges and each held against what was proved of them. */
export interface ProvedThreads {
  readonly connection: pg.ClientConfig;
  /** PostgreSQL's name of the moment; as long as the transaction is open that gave it. */
  readonly snapshotId: string;
  /** Fewer chunks than these are read where they are asked for. */
  readonly worth: number;
}

/** `copier` is in a transaction of one snapshot. Undefined where its connection is none that a thread can make. */
export async function openProvedThreads(copier: Copier, source: Source, worth = chunksWorthThreads): Promise<ProvedThreads | undefined> {
  const connection = connectionForThreads(source);
  if (connection === undefined) return undefined;
  const { rows } = await copier.query("select pg_export_snapshot() as id");
  return { connection, snapshotId: String(rows[0]?.["id"]), worth };
}

interface OfRanges {
  readonly snapshotId: string;
  readonly ranges: readonly StatedRange[];
}
export type ProvedMatchTask = OfRanges & { readonly ask: "match"; readonly filter: EventFilter };
export type ProvedPeopleTask = OfRanges & { readonly ask: "people"; readonly events: PackedSet; readonly options: PeopleSeenOptions };

/** What of an answer's ground does not hold, for `find`. */
export interface ToldFindings {
  readonly findings: readonly (readonly [what: string, eventNo: number | undefined])[];
}

const provedThread = new URL("./proved-thread.ts", import.meta.url);

export async function matchInThreads(threads: ProvedThreads, proved: ProvedPacking, ranges: readonly ProvedRange[], filter: EventFilter): Promise<EventSet> {
  const tasks = cutRanges(ranges).map((part): ProvedMatchTask => ({ ...stated(threads, part), ask: "match", filter }));
  return unpackSets(...(await ask<ProvedMatchTask, PackedSet>(threads, proved, tasks)));
}

/** Of earlier events first. */
export async function peopleInThreads(
  threads: ProvedThreads,
  proved: ProvedPacking,
  ranges: readonly ProvedRange[],
  events: EventSet,
  options: PeopleSeenOptions,
): Promise<PackedPeople[]> {
  const tasks = cutRanges(ranges).map((part): ProvedPeopleTask => {
    const chunkNos = part.flatMap((range) => chunksOf(range)).filter((chunkNo) => events.words(chunkNo) !== undefined);
    return { ...stated(threads, part), ask: "people", events: packSet(events, chunkNos), options };
  });
  return ask<ProvedPeopleTask, PackedPeople>(threads, proved, tasks);
}

async function ask<Task, Found>({ connection }: ProvedThreads, proved: ProvedPacking, tasks: readonly Task[]): Promise<Found[]> {
  const told = await inThreads<Task, Found & ToldFindings>(provedThread, connection, tasks);
  for (const { findings } of told) for (const [what, eventNo] of findings) proved.find(what, eventNo);
  return told;
}

const stated = ({ snapshotId }: ProvedThreads, ranges: readonly ProvedRange[]): OfRanges => ({
  snapshotId,
  ranges: ranges.map(({ level, rangeNo, sha256 }) => ({ level, rangeNo, sha256 })),
});

export const chunksOf = (range: ProvedRange): number[] => Array.from({ length: chunksIn(range) }, (_, at) => firstChunkOf(range) + at);

/** Cuts ranges into parts of about as many chunks, in order. */
function cutRanges(ranges: readonly ProvedRange[]): ProvedRange[][] {
  const all = ranges.reduce((sum, range) => sum + chunksIn(range), 0);
  const parts: ProvedRange[][] = Array.from({ length: threadsAtOnce() }, () => []);
  let before = 0;
  for (const range of ranges) {
    const middle = before + chunksIn(range) / 2;
    parts[Math.floor((middle / all) * parts.length)]!.push(range);
    before += chunksIn(range);
  }
  return parts.filter((part) => part.length > 0);
}
