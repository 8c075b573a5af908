import {
  createEventSet,
  type EventFilter,
  eventTest,
  factsOf,
  groupsOf,
  intersectEvents,
  limitEvents,
  listEvents,
  matchEvents,
  parseHeader,
  peopleSeen,
  type PeopleSeen,
  type PeopleSeenOptions,
  uniteEvents,
  type EventRow,
  type EventSet,
  type Query,
} from "#server/core/ledger/index.ts";
import type { CauseAnswer, EventQuestion } from "#server/core/door/index.ts";
import { importFact, showingRows, takingIn } from "#server/modules/imports/index.ts";
import type { ScopeWay } from "#shared/incident-scope.ts";

/** What the events of all causes say of a customer's number. Codes as in the exposure's chunks: field × 2 + level − 1, ascending. */
export interface SeenNumber {
  readonly no: number;
  readonly events: number;
  readonly firstEvent: number;
  readonly lastEvent: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly codes: readonly number[];
}

/** What the ledger comes to, by numbers and not yet by persons. */
export interface Gathered {
  readonly seen: Iterable<SeenNumber>;
  readonly reached: readonly { readonly way: ScopeWay; readonly nos: Iterable<number> }[];
}

type Source = Parameters<typeof matchEvents>[0];

/** How packed exposure is asked: as it stands, or held against what was proved. */
export interface PackedReader {
  readonly query: Query;
  readonly match: (filter: EventFilter) => Promise<EventSet>;
  readonly people: (events: EventSet, options: PeopleSeenOptions) => Promise<PeopleSeen>;
  /** Questions asked at once. */
  readonly atOnce: number;
}

export const readPacked = (source: Source, query: Query): PackedReader => ({
  query,
  match: (filter) => matchEvents(source, filter),
  people: (events, options) => peopleSeen(source, events, options),
  atOnce: 3,
});

/** From what is packed of the ledger: in a moment, over years. */
export async function gatherPacked(reader: PackedReader, answers: readonly CauseAnswer[], asOfEvent: number): Promise<Gathered> {
  const { query } = reader;
  const ask = askOnce(reader, asOfEvent);
  const released = await ask(answers.flatMap((answer) => answer.released));
  const people = await reader.people(released, { kind: "customer" });
  const codes = new Map<number, readonly number[]>();
  const codesOf = (set: number): readonly number[] => {
    let known = codes.get(set);
    if (known === undefined) codes.set(set, (known = people.fieldSet(set).fields.map(([fieldNo, level]) => fieldNo * 2 + level - 1)));
    return known;
  };
  function* seen(): Generator<SeenNumber> {
    for (let at = 0; at < people.nos.length; at++) {
      yield {
        no: people.nos[at]!,
        events: people.events[at]!,
        firstEvent: people.firstEvent[at]!,
        lastEvent: people.lastEvent[at]!,
        firstAt: people.firstAt[at]!,
        lastAt: people.lastAt[at]!,
        codes: codesOf(people.fieldSets[at]!),
      };
    }
  }
  const reached: { way: ScopeWay; nos: Iterable<number> }[] = [];
  for (const { way, question, isReleasing } of [...answers.flatMap((answer) => answer.reached ?? []), ...(await ofShownImports(query, answers, ask))]) {
    const events = await ask([question]);
    reached.push({ way, nos: (await reader.people(events, { kind: "customer", touched: isReleasing !== true })).nos });
  }
  return { seen: { [Symbol.iterator]: seen }, reached };
}

type Ask = (questions: readonly EventQuestion[]) => Promise<EventSet>;

/** The events of any of some questions; what was asked once is known. */
function askOnce({ query, match, atOnce }: PackedReader, asOfEvent: number): Ask {
  const known = new Map<EventQuestion["filter"], Promise<EventSet>>();
  return async (questions) => {
    const sets: EventSet[] = [];
    for (let from = 0; from < questions.length; from += atOnce) {
      const part = questions.slice(from, from + atOnce).map(async ({ filter, fact }) => {
        const found = known.get(filter) ?? match(filter).then((events) => limitEvents(events, asOfEvent));
        known.set(filter, found);
        return fact === undefined ? found : withFact(query, await found, fact);
      });
      sets.push(...(await Promise.all(part)));
    }
    return sets.length === 0 ? createEventSet() : uniteEvents(...sets);
  };
}

const headersAtOnce = 2_000;

async function withFact(query: Query, events: EventSet, fact: NonNullable<EventQuestion["fact"]>): Promise<EventSet> {
  const found = createEventSet();
  const numbers = [...events.numbers()];
  for (let from = 0; from < numbers.length; from += headersAtOnce) {
    const part = numbers.slice(from, from + headersAtOnce);
    const { events: read } = await listEvents(query, { eventNos: part, limit: headersAtOnce });
    for (const event of read) if (holdsFact(event.facts, fact)) found.add(event.eventNo);
  }
  return found;
}

function holdsFact(facts: Readonly<Record<string, unknown>>, { key, values }: NonNullable<EventQuestion["fact"]>): boolean {
  const value = facts[key];
  return typeof value === "number" && values.includes(value);
}

async function ofShownImports(
  query: Query,
  answers: readonly CauseAnswer[],
  ask: Ask,
): Promise<{ way: ScopeWay; question: EventQuestion; isReleasing?: boolean }[]> {
  const through = answers.flatMap((answer) => answer.throughImports ?? []);
  if (through.length === 0) return [];
  const shown = intersectEvents(await ask(through), await ask([{ filter: { types: showingRows } }]));
  const imports = new Set<number>();
  const eventNos = [...shown.numbers()];
  for (let from = 0; from < eventNos.length; from += headersAtOnce) {
    const { events } = await listEvents(query, { eventNos: eventNos.slice(from, from + headersAtOnce), limit: headersAtOnce });
    for (const event of events) for (const no of importsOf(event)) imports.add(no);
  }
  return imports.size === 0 ? [] : [{ way: "import-file", question: rowsOf([...imports]) }];
}

const rowsOf = (imports: readonly number[]): EventQuestion => ({ filter: { types: [...takingIn] }, fact: { key: importFact, values: imports } });

function importsOf(event: {
  readonly facts: Readonly<Record<string, unknown>>;
  readonly releases: readonly { readonly kind: string; readonly numbers: readonly number[] }[];
}): number[] {
  const fact = event.facts[importFact];
  return [...(typeof fact === "number" ? [fact] : []), ...event.releases.flatMap(({ kind, numbers }) => (kind === "import" ? numbers : []))];
}

/** The same by a plain look at each event, one after the other, and at nothing that is derived from them. */
export interface PlainLook {
  add(row: EventRow): void;
  take(): Gathered;
}

interface PlainTally {
  no: number;
  events: number;
  firstEvent: number;
  lastEvent: number;
  firstAt: number;
  lastAt: number;
  readonly levels: Map<number, number>;
}

export function lookPlainly(
  answers: readonly CauseAnswer[],
  asOfEvent: number,
  releasesOf: (row: EventRow) => Parameters<typeof importsOf>[0]["releases"],
): PlainLook {
  const released = answers.flatMap((answer) => answer.released).map(testOf);
  const reached = answers
    .flatMap((answer) => answer.reached ?? [])
    .map(({ way, question, isReleasing }) => ({ way, isReleasing: isReleasing === true, holds: testOf(question), nos: new Set<number>() }));
  const showsImports = answers.flatMap((answer) => answer.throughImports ?? []).map(testOf);
  const shownImports = new Set<number>();
  const peopleOfImport = new Map<number, Set<number>>();
  const tallies = new Map<number, PlainTally>();
  return {
    add(row) {
      if (row.eventNo > asOfEvent) return;
      const facts = factsOf(row.header);
      const isReleasing = released.some((holds) => holds(row.header, facts));
      const ways = reached.filter(({ holds }) => holds(row.header, facts));
      if (showingRows.includes(facts.type) && showsImports.some((holds) => holds(row.header, facts))) {
        for (const no of importsOf({ facts: parseHeader(row.header).facts ?? {}, releases: releasesOf(row) })) shownImports.add(no);
      }
      const importNo = takingIn.includes(facts.type) ? parseHeader(row.header).facts?.[importFact] : undefined;
      if (!isReleasing && ways.length === 0 && typeof importNo !== "number") return;
      // A record stands in one group of an event.
      for (const { kindNo, codes, numbers } of groupsOf(row)) {
        if (kindNo !== customerKind) continue;
        const fields = codes.filter((code) => code > 1);
        for (const no of numbers) {
          for (const way of ways) if (!way.isReleasing || fields.length > 0) way.nos.add(no);
          if (typeof importNo === "number") peopleOfImport.set(importNo, (peopleOfImport.get(importNo) ?? new Set()).add(no));
          if (isReleasing && fields.length > 0) tally(tallies, no, row.eventNo, facts.at, fields);
        }
      }
    },
    take: () => ({
      seen: [...tallies.values()]
        .toSorted((a, b) => a.no - b.no)
        .map(({ levels, ...rest }) => ({ ...rest, codes: [...levels].map(([fieldNo, level]) => fieldNo * 2 + level).toSorted((a, b) => a - b) })),
      reached: [
        ...reached.map(({ way, nos }) => ({ way, nos })),
        ...[...shownImports].map((importNo) => ({ way: "import-file" as const, nos: peopleOfImport.get(importNo) ?? [] })),
      ],
    }),
  };
}

const customerKind = 1;

function tally(tallies: Map<number, PlainTally>, no: number, eventNo: number, at: number, codes: readonly number[]): void {
  let known = tallies.get(no);
  if (known === undefined) {
    known = { no, events: 0, firstEvent: eventNo, lastEvent: eventNo, firstAt: at, lastAt: at, levels: new Map() };
    tallies.set(no, known);
  }
  known.events += 1;
  if (eventNo <= known.firstEvent) [known.firstEvent, known.firstAt] = [eventNo, at];
  if (eventNo >= known.lastEvent) [known.lastEvent, known.lastAt] = [eventNo, at];
  for (const code of codes) known.levels.set(code >> 1, Math.max(code & 1, known.levels.get(code >> 1) ?? 0));
}

function testOf({ filter, fact }: EventQuestion): (header: string, facts: ReturnType<typeof factsOf>) => boolean {
  const holds = eventTest(filter);
  return (header, facts) => holds(facts) && (fact === undefined || holdsFact(parseHeader(header).facts ?? {}, fact));
}
