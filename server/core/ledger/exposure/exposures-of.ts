import { kindNoOf } from "../entries.ts";
import type { Query } from "../query.ts";
import { readShapes, readSome, readTimes, readWho, type Act, type Actor, type Chunk } from "./chunk.ts";
import { createFieldSets, type FieldSet, type FieldSets } from "./field-sets.ts";
import { findOfRecords, type RecordHit } from "./find-of-records.ts";
import { factsOf, groupsOf, type EventRow, type PackedKind } from "./pack-events.ts";
import { chunkOf, chunkSize } from "./ranges.ts";
import type { RecentLook } from "./recent-looks.ts";

/** One event of which some records were part: who, when, what for, and which of their fields. */
export interface Look extends Pick<Actor, "principal" | "accountNo">, Act, FieldSet {
  readonly eventNo: number;
  readonly at: Date;
}

/** The same with the session, device and address, for which the event itself has to be read. */
export interface Exposure extends Look, Actor {}

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
  const { found, nextBefore } = await findPage(query, options, (events) => describe(query, kindNoOf(options.kind), events));
  return { exposures: found, nextBefore };
}

/** As {@link exposuresOf}, for whoever does not ask from where: the newest of each record stand side by side. */
export async function looksAt(query: Query, options: ExposuresOfOptions): Promise<{ looks: Look[]; nextBefore: number | null }> {
  const { found, nextBefore } = await findPage(query, options, (events) => describeLooks(query, kindNoOf(options.kind), events));
  return { looks: found, nextBefore };
}

async function findPage<T extends Look>(
  query: Query,
  options: ExposuresOfOptions,
  describe: (events: readonly RecordHit[][]) => Promise<T[]>,
): Promise<{ found: T[]; nextBefore: number | null }> {
  const found: T[] = [];
  const wanted = options.limit + 1;
  await findOfRecords(query, options, async (hits) => {
    const events = byEvent(hits);
    // A little more than is missing, for those that released nothing are left out.
    for (let from = 0; from < events.length && found.length < wanted; from += wanted) {
      for (const each of await describe(events.slice(from, from + wanted))) if (options.touched === true || each.fields.length > 0) found.push(each);
    }
    return found.length < wanted;
  });
  const page = found.slice(0, options.limit);
  return { found: page, nextBefore: found.length > options.limit ? page[page.length - 1]!.eventNo : null };
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

const isLook = (set: RecordHit["set"]): set is RecentLook => typeof set === "object" && "who" in set;

/** What stands described, by its terms; of everything else the event is read. */
async function describeLooks(query: Query, kindNo: number, events: readonly RecordHit[][]): Promise<Look[]> {
  const others = events.filter(([hit]) => !isLook(hit!.set));
  const described = new Map<number, Look>();
  if (others.length > 0) {
    for (const { sessionId: _session, deviceId: _device, address: _address, ...look } of await describe(query, kindNo, others))
      described.set(look.eventNo, look);
  }
  const looks = events.flatMap((hits) => hits.flatMap(({ set }) => (isLook(set) ? [set] : [])));
  if (looks.length > 0) {
    const terms = await readTerms(query, looks);
    const fieldSets = createFieldSets();
    for (const ofEvent of Map.groupBy(looks, ({ eventNo }) => eventNo).values()) {
      const { eventNo, at, who, act, listNo } = ofEvent[0]!;
      const [type, outcome, purpose] = terms.get(act) as [Act["type"], Act["outcome"], Act["purpose"]];
      const codes = ofEvent.map(({ set }) => terms.get(set) as readonly number[]);
      described.set(eventNo, { eventNo, at: new Date(at), ...readWho(who), type, outcome, purpose, listNo, ...unite(fieldSets, codes) });
    }
  }
  return events.map(([hit]) => described.get(hit!.eventNo)!);
}

async function readTerms(query: Query, looks: readonly RecentLook[]): Promise<Map<number, unknown>> {
  const { rows } = await query.query("select term_no, term from ledger_exposure_terms where term_no = any($1::int4[])", [
    `{${[...new Set(looks.flatMap(({ act, set }) => [act, set]))].join()}}`,
  ]);
  return new Map(rows.map((row) => [row["term_no"] as number, JSON.parse(row["term"] as string) as unknown]));
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
  const looks = events.flatMap((hits) => hits.flatMap(({ set }) => (isLook(set) ? [set] : [])));
  const terms = looks.length === 0 ? undefined : await readTerms(query, looks);
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
      const codes = hits.map(({ set }) =>
        isLook(set) ? (terms!.get(set.set) as readonly number[]) : (sets[(set as number) < 0 ? (usual as number) : (set as number)] ?? []),
      );
      found.set(eventNo, { eventNo, at: new Date(ats[offset]!), ...facts[index]!, ...unite(fieldSets, codes) });
    });
  }
}

function unite(fieldSets: FieldSets, lists: readonly (readonly number[])[]): FieldSet {
  return fieldSets.get(lists.reduce((sum, codes) => fieldSets.unite(sum, fieldSets.numberOf(codes)), 0));
}
