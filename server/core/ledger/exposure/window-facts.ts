import type { Query } from "../query.ts";
import { readEvery, readShapes, readTimes, type Chunk } from "./chunk.ts";
import { packedKindNos } from "./pack-events.ts";
import { chunkBits, chunkSize, windowBits, windowSize } from "./ranges.ts";

/** What is needed to describe the events of a window, by event: some 30 MiB. */
export interface WindowFacts {
  readonly times: Float64Array;
  /** As in recent-looks.ts. */
  readonly who: Uint32Array;
  /** Terms of acts. */
  readonly acts: Uint32Array;
  readonly lists: ReadonlyMap<number, number>;
  /** By kind: terms of the usual field sets. */
  readonly usual: ReadonlyMap<number, Uint32Array>;
  /** By chunk: terms of its field sets. */
  readonly sets: readonly (readonly number[])[];
}

/** Numbers for kinds of acts and sets of fields. Whoever is first in the ledger has the lower number, whenever it is asked. */
export interface Terms {
  numberOf(term: string): number;
  /** Those given since the last time. */
  takeNew(): { readonly termNo: number; readonly term: string }[];
}

export async function openTerms(query: Query): Promise<Terms> {
  const { rows } = await query.query("select term_no, term from ledger_exposure_terms");
  const numbers = new Map(rows.map((row) => [row["term"] as string, row["term_no"] as number]));
  let fresh: { termNo: number; term: string }[] = [];
  return {
    numberOf(term) {
      let termNo = numbers.get(term);
      if (termNo === undefined) {
        termNo = numbers.size;
        numbers.set(term, termNo);
        fresh.push({ termNo, term });
      }
      return termNo;
    },
    takeNew() {
      const taken = fresh;
      fresh = [];
      return taken;
    },
  };
}

/** Stores those given since the last time. */
export async function insertTerms(query: Query, terms: Terms): Promise<void> {
  for (const { termNo, term } of terms.takeNew()) await query.query("insert into ledger_exposure_terms (term_no, term) values ($1, $2)", [termNo, term]);
}

const chunksAtOnce = 32;
const chunksInWindow = 1 << (windowBits - chunkBits);

/** Reads chunks of a window (by their places in it: all unless told), which gives numbers to terms of which they are the first to speak. */
export async function readWindowFacts(
  query: Query,
  windowNo: number,
  terms: Terms,
  part: { readonly from: number; readonly below: number } = { from: 0, below: chunksInWindow },
): Promise<WindowFacts> {
  const facts = { times: new Float64Array(windowSize), who: new Uint32Array(windowSize), acts: new Uint32Array(windowSize) };
  const lists = new Map<number, number>();
  const usual = new Map<number, Uint32Array>();
  const sets: number[][] = [];
  for (let place = part.from; place < part.below; place += chunksAtOnce) {
    const { rows } = await query.query(
      "select chunk_no, actors, acts, times, shapes from ledger_exposure_chunks where chunk_no >= $1 and chunk_no < $2 and event_count > 0 order by chunk_no",
      [windowNo * chunksInWindow + place, windowNo * chunksInWindow + Math.min(place + chunksAtOnce, part.below)],
    );
    for (const row of rows) {
      const { actors, acts, times, shapes } = row as unknown as Chunk;
      const first = (Number(row["chunk_no"]) % chunksInWindow) * chunkSize;
      facts.times.set(readTimes(times), first);
      const every = readEvery({ actors, acts });
      const actTerms = every.acts.map(({ type, outcome, purpose }) => terms.numberOf(JSON.stringify([type, outcome, purpose])));
      const shaped = readShapes(shapes);
      const setTerms = shaped.sets.map((codes) => terms.numberOf(JSON.stringify(codes)));
      sets[first / chunkSize] = setTerms;
      const usualOf = packedKindNos.map((kindNo) =>
        shaped.entries.map((shape) => {
          const set = shape.find(([kind]) => kind === kindNo)?.[1];
          return set === undefined ? 0 : setTerms[set]!;
        }),
      );
      packedKindNos.forEach((kindNo, index) => {
        if (!shaped.entries.some((shape) => shape.some(([kind]) => kind === kindNo))) return;
        const ofKind = usual.get(kindNo) ?? new Uint32Array(windowSize);
        usual.set(kindNo, ofKind);
        for (let offset = 0; offset < chunkSize; offset++) ofKind[first + offset] = usualOf[index]![shaped.places[offset]! - 1] ?? 0;
      });
      for (let offset = 0; offset < chunkSize; offset++) {
        const place = every.actPlaces[offset]!;
        if (place === 0) continue;
        facts.who[first + offset] = every.who[every.actorPlaces[offset]! - 1]!;
        facts.acts[first + offset] = actTerms[place - 1]!;
        const { listNo } = every.acts[place - 1]!;
        if (listNo !== null) lists.set(first + offset, listNo);
      }
    }
  }
  return { ...facts, lists, usual, sets };
}
