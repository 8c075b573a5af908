import { matchActors, matchActs, readTimes } from "../exposure/chunk.ts";
import { int8Of, type Copier } from "../exposure/copy-rows.ts";
import { createEventSet, wordsInChunk, type EventSet } from "../exposure/event-set.ts";
import { actTest, actorTest, eventTest, marksAskedFor, type EventFilter } from "../exposure/match-events.ts";
import { factsOf } from "../exposure/pack-events.ts";
import { chunkSize } from "../exposure/ranges.ts";
import { digest, digestMarks } from "./digests.ts";
import { findChunk, type ProvedLedger } from "./read-proved.ts";

/** Marks of chunks that were held against what was proved; null: none there, so the chunk is read for every question. */
type Marks = ReadonlyMap<number, Int32Array | null>;

/** {@link matchEvents}, in which nothing counts that is not as it was proved. */
export type MatchProved = (filter: EventFilter) => Promise<EventSet>;

export function matchProvedEvents(copier: Copier, proved: ProvedLedger): MatchProved {
  let marks: Promise<Marks> | undefined;
  return async (filter) => {
    const isActor = actorTest(filter);
    const isAct = actTest(filter);
    const asked = marksAskedFor(filter);
    const known = asked.length === 0 ? undefined : await (marks ??= readMarks(copier, proved));
    const [from, to] = [filter.from?.getTime() ?? -Infinity, filter.to?.getTime() ?? Infinity];
    const chunkNos: number[] = [];
    const whole: number[] = [];
    const edges: number[] = [];
    for (let chunkNo = 0; chunkNo * chunkSize <= proved.upTo; chunkNo++) {
      const { eventCount, firstAt, lastAt } = proved.chunk(chunkNo);
      if (eventCount === 0 || lastAt < from || firstAt >= to) continue;
      const own = known?.get(chunkNo);
      if (own !== undefined && own !== null && !asked.every((names) => names.some((mark) => has(own, mark)))) continue;
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
        const words = new Uint32Array(wordsInChunk);
        for (let offset = 0; offset < chunkSize; offset++) {
          if (byActor !== undefined && byActor.isMatch[byActor.places[offset]!] === 0) continue;
          if (byAct !== undefined && byAct.isMatch[byAct.places[offset]!] === 0) continue;
          if (ats !== undefined && (ats[offset]! < from || ats[offset]! >= to)) continue;
          words[offset >> 5]! |= 1 << (offset & 31);
        }
        found.addWords(chunkNo, words);
      });
    };
    await read(whole, false);
    await read(edges, true);
    for (const chunkNo of chunkNos) if (!met.has(chunkNo)) findChunk(proved, chunkNo);
    const holds = eventTest(filter);
    for (const { eventNo, header } of proved.tail) if (holds(factsOf(header))) found.add(eventNo);
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

async function readMarks(copier: Copier, proved: ProvedLedger): Promise<Marks> {
  const marks = new Map<number, Int32Array | null>();
  const chunkCount = (proved.upTo + 1) / chunkSize;
  await copier.copy(`select chunk_no, marks from ledger_exposure_chunks where chunk_no < ${chunkCount}`, ([chunkField, packed]) => {
    const chunkNo = int8Of(chunkField);
    if (packed == null) return void marks.set(chunkNo, null);
    const own = int4sOf(packed);
    if (digestMarks(own).equals(proved.chunk(chunkNo).digestOf("marks"))) marks.set(chunkNo, own);
    else findChunk(proved, chunkNo);
  });
  return marks;
}

const arrayHead = 20;

/** An int4[] in PostgreSQL's binary form: dimensions, flags, type, length, lower bound (4 bytes each), then length and value of each. */
function int4sOf(packed: Buffer): Int32Array {
  const count = packed.readInt32BE(0) === 0 ? 0 : packed.readInt32BE(12);
  const numbers = new Int32Array(count);
  for (let at = 0; at < count; at++) numbers[at] = packed.readInt32BE(arrayHead + at * 8 + 4);
  return numbers;
}
