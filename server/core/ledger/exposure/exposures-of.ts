import { kindNoOf } from "../entries.ts";
import type { Query } from "../query.ts";
import { readShapes, readSome, readTimes, type Act, type Actor, type Chunk } from "./chunk.ts";
import { createFieldSets, type FieldSet, type FieldSets } from "./field-sets.ts";
import { findOfRecords, type RecordHit } from "./find-of-records.ts";
import { factsOf, groupsOf, type EventRow, type PackedKind } from "./pack-events.ts";
import { chunkOf, chunkSize } from "./ranges.ts";

/** One event of which some records were part: who, when, how, and which of their fields. */
export interface Exposure extends Actor, Act, FieldSet {
  readonly eventNo: number;
  readonly at: Date;
}

export interface ExposuresOfOptions {
  readonly kind: PackedKind;
  /** A person and whoever was merged into it. */
  readonly nos: readonly number[];
  /** Only events with a smaller number. */
  readonly before?: number | undefined;
  readonly limit: number;
  /** Also events that released nothing of them. */
  readonly touched?: boolean | undefined;
}

/**
 * Who saw some records, newest first, also where the events themselves have been moved away to files.
 * `nextBefore` is where to go on, null at the end.
 */
export async function exposuresOf(query: Query, options: ExposuresOfOptions): Promise<{ exposures: Exposure[]; nextBefore: number | null }> {
  const exposures: Exposure[] = [];
  const wanted = options.limit + 1;
  await findOfRecords(query, options, async (hits) => {
    const events = byEvent(hits);
    // A little more than is missing, for those that released nothing are left out.
    for (let from = 0; from < events.length && exposures.length < wanted; from += wanted) {
      const part = await describe(query, kindNoOf(options.kind), events.slice(from, from + wanted));
      for (const exposure of part) if (options.touched === true || exposure.fields.length > 0) exposures.push(exposure);
    }
    return exposures.length < wanted;
  });
  const page = exposures.slice(0, options.limit);
  return { exposures: page, nextBefore: exposures.length > options.limit ? page[page.length - 1]!.eventNo : null };
}

function byEvent(hits: readonly RecordHit[]): RecordHit[][] {
  const events: RecordHit[][] = [];
  for (const hit of hits) {
    const last = events[events.length - 1];
    if (last?.[0]!.eventNo === hit.eventNo) last.push(hit);
    else events.push([hit]);
  }
  return events;
}

/**
 * Of a page it is cheaper to read the events themselves; only those that were moved away to files are described by their chunks,
 * which say the same.
 */
async function describe(query: Query, kindNo: number, events: readonly RecordHit[][]): Promise<Exposure[]> {
  const fieldSets = createFieldSets();
  const found = new Map<number, Exposure>();
  const { rows } = await query.query("select event_no, header, entries, writes from ledger_events where event_no = any($1::int8[])", [
    `{${events.map(([hit]) => hit!.eventNo).join()}}`,
  ]);
  const standing = new Map(rows.map((row) => [Number(row["event_no"]), row as unknown as EventRow]));
  const moved: RecordHit[][] = [];
  for (const hits of events) {
    const { eventNo } = hits[0]!;
    const row = standing.get(eventNo);
    if (row === undefined) {
      moved.push(hits);
      continue;
    }
    const { at, ...facts } = factsOf(row.header);
    const nos = new Set(hits.map(({ recordNo }) => recordNo));
    const codes = groupsOf(row).flatMap((group) => (group.kindNo === kindNo && group.numbers.some((no) => nos.has(no)) ? [group.codes] : []));
    found.set(eventNo, { eventNo, ...facts, at: new Date(at), ...unite(fieldSets, codes) });
  }
  if (moved.length > 0) await describeByChunks(query, kindNo, moved, fieldSets, found);
  return events.map(([hit]) => {
    const exposure = found.get(hit!.eventNo);
    if (exposure === undefined) throw new Error("an event of the postings is missing from its chunk");
    return exposure;
  });
}

async function describeByChunks(
  query: Query,
  kindNo: number,
  events: readonly RecordHit[][],
  fieldSets: FieldSets,
  found: Map<number, Exposure>,
): Promise<void> {
  const { rows } = await query.query("select chunk_no, actors, acts, times, shapes from ledger_exposure_chunks where chunk_no = any($1::int8[])", [
    `{${[...new Set(events.map(([hit]) => chunkOf(hit!.eventNo)))].join()}}`,
  ]);
  const ofChunk = Map.groupBy(events, ([hit]) => chunkOf(hit!.eventNo));
  for (const row of rows) {
    const { actors, acts, times, shapes } = row as unknown as Chunk;
    const inChunk = ofChunk.get(Number(row["chunk_no"])) ?? [];
    const facts = readSome(
      { actors, acts },
      inChunk.map(([hit]) => hit!.eventNo % chunkSize),
    );
    const ats = readTimes(times);
    const { sets, entries, places } = readShapes(shapes);
    inChunk.forEach((hits, index) => {
      const { eventNo } = hits[0]!;
      const offset = eventNo % chunkSize;
      const usual = entries[places[offset]! - 1]?.find(([kind]) => kind === kindNo)?.[1];
      const codes = hits.map(({ set }) => sets[(set as number) < 0 ? (usual as number) : (set as number)] ?? []);
      found.set(eventNo, { eventNo, at: new Date(ats[offset]!), ...facts[index]!, ...unite(fieldSets, codes) });
    });
  }
}

function unite(fieldSets: FieldSets, lists: readonly (readonly number[])[]): FieldSet {
  return fieldSets.get(lists.reduce((sum, codes) => fieldSets.unite(sum, fieldSets.numberOf(codes)), 0));
}
