import { bitsOf, matchActors, matchActs, readTimes } from "../exposure/chunk.ts";
import { int8Of, type Copier } from "../exposure/copy-rows.ts";
import { createEventSet, type EventSet } from "../exposure/event-set.ts";
import { actTest, actorTest, eventTest, marksAskedFor, type EventFilter } from "../exposure/match-events.ts";
import { factsOf } from "../exposure/pack-events.ts";
import { chunkSize } from "../exposure/ranges.ts";
import { digest, digestMarks } from "./digests.ts";
import { chunksOf, matchInThreads, type ProvedThreads } from "./proved-threads.ts";
import { findChunk, type ProvedLedger, type ProvedPacking } from "./read-proved.ts";

/** Marks of chunks that were held against what was proved; null: none there, so the chunk is read for every question. */
type Marks = Map<number, Int32Array | null>;

/** {@link matchEvents}, in which nothing counts that is not as it was proved. */
export type MatchProved = (filter: EventFilter) => Promise<EventSet>;

export function matchProvedEvents(copier: Copier, proved: ProvedLedger, threads?: ProvedThreads): MatchProved {
  const matchHere = matchPacked(copier, proved);
  return async (filter) => {
    const asked = new Set(chunksAsked(proved, filter));
    const found =
      threads === undefined || asked.size < threads.worth
        ? await matchHere(filter)
        : await matchInThreads(
            threads,
            proved,
            proved.ranges.filter((range) => chunksOf(range).some((chunkNo) => asked.has(chunkNo))),
            filter,
          );
    const holds = eventTest(filter);
    for (const { eventNo, header } of proved.tail) if (holds(factsOf(header))) found.add(eventNo);
    return found;
  };
}

/** Chunks in which such events may be, by what was proved of their times and types. */
function chunksAsked(proved: ProvedPacking, { from, to, types }: EventFilter): number[] {
  const [since, below] = [from?.getTime() ?? -Infinity, to?.getTime() ?? Infinity];
  return proved.ranges.flatMap(chunksOf).filter((chunkNo) => {
    const chunk = proved.chunk(chunkNo);
    if (chunk.eventCount === 0 || chunk.lastAt < since || chunk.firstAt >= below) return false;
    if (types === undefined) return true;
    const held = chunk.types();
    return types.some((type) => held.has(type));
  });
}

/** The same among what is packed. */
export function matchPacked(copier: Copier, proved: ProvedPacking): MatchProved {
  const marks: Marks = new Map();
  return async (filter) => {
    const isActor = actorTest(filter);
    const isAct = actTest(filter);
    const named = marksAskedFor(filter);
    const asked = chunksAsked(proved, filter);
    if (named.length > 0) await readMarks(copier, proved, asked, marks);
    const [from, to] = [filter.from?.getTime() ?? -Infinity, filter.to?.getTime() ?? Infinity];
    const chunkNos: number[] = [];
    const whole: number[] = [];
    const edges: number[] = [];
    for (const chunkNo of asked) {
      const { firstAt, lastAt } = proved.chunk(chunkNo);
      const own = marks.get(chunkNo);
      if (own !== undefined && own !== null && !named.every((names) => names.some((mark) => has(own, mark)))) continue;
      chunkNos.push(chunkNo);
      (firstAt < from || lastAt >= to ? edges : whole).push(chunkNo);
    }
    const found = createEventSet();
    const met = new Set<number>();
    const columns = [isActor === undefined && isAct !== undefined ? undefined : "actors", isAct === undefined ? undefined : "acts"] as const;
    const read = async (nos: readonly number[], withTimes: boolean): Promise<void> => {
      if (nos.length === 0) return;
      const selected = [...columns, withTimes ? "times" : undefined].map((column) => column ?? "null::bytea");
      await copier.copy(`select chunk_no, ${selected.join()} from ledger_exposure_chunks where chunk_no = any('{${nos.join()}}'::int8[])`, (row) => {
        const chunkNo = int8Of(row[0]);
        const entry = proved.chunk(chunkNo);
        const [actors, acts, times] = [row[1], row[2], row[3]];
        met.add(chunkNo);
        for (const [column, bytes] of [
          ["actors", actors],
          ["acts", acts],
          ["times", times],
        ] as const) {
          if (bytes != null && !digest(bytes).equals(entry.digestOf(column))) return findChunk(proved, chunkNo);
        }
        const byActor = actors == null ? undefined : matchActors(actors, isActor ?? {});
        const byAct = acts == null ? undefined : matchActs(acts, isAct ?? {});
        if (byActor?.isNone === true || byAct?.isNone === true) return;
        const ats = times == null ? undefined : readTimes(times);
        const words = byActor === undefined ? bitsOf(byAct!, undefined) : bitsOf(byActor, byAct);
        if (ats !== undefined) {
          for (let offset = 0; offset < chunkSize; offset++) if (ats[offset]! < from || ats[offset]! >= to) words[offset >> 5]! &= ~(1 << (offset & 31));
        }
        found.addWords(chunkNo, words);
      });
    };
    await read(whole, false);
    await read(edges, true);
    for (const chunkNo of chunkNos) if (!met.has(chunkNo)) findChunk(proved, chunkNo);
    return found;
  };
}

function has(marks: Int32Array, mark: number): boolean {
  let [low, high] = [0, marks.length - 1];
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const value = marks[middle]!;
    if (value === mark) return true;
    if (value < mark) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** Adds what is not known yet. */
async function readMarks(copier: Copier, proved: ProvedPacking, chunkNos: readonly number[], marks: Marks): Promise<void> {
  const unknown = chunkNos.filter((chunkNo) => !marks.has(chunkNo));
  if (unknown.length === 0) return;
  await copier.copy(`select chunk_no, marks from ledger_exposure_chunks where chunk_no = any('{${unknown.join()}}'::int8[])`, ([chunkField, packed]) => {
    const chunkNo = int8Of(chunkField);
    if (packed == null) return void marks.set(chunkNo, null);
    const own = int4sOf(packed);
    if (digestMarks(own).equals(proved.chunk(chunkNo).digestOf("marks"))) marks.set(chunkNo, own);
    else findChunk(proved, chunkNo);
  });
}

const arrayHead = 20;

/** An int4[] in PostgreSQL's binary form: dimensions, flags, type, length, lower bound (4 bytes each), then length and value of each. */
function int4sOf(packed: Buffer): Int32Array {
  const count = packed.readInt32BE(0) === 0 ? 0 : packed.readInt32BE(12);
  const numbers = new Int32Array(count);
  for (let at = 0; at < count; at++) numbers[at] = packed.readInt32BE(arrayHead + at * 8 + 4);
  return numbers;
}
