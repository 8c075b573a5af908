import type { Db } from "#server/core/context/db.ts";
import { queryOver, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { atOneMoment, listEvents, openArchivedEvents, parseHeader } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { ledgerDensity as endpoint, ownDensity as ownEndpoint } from "#shared/ledger.ts";
import { countedConditions, countedTo, eventConditions, fitsArchived, isPlain } from "./find-events.ts";
import { fitsBeyondRecord } from "./list-events.ts";
import { ownNumber } from "./own-number.ts";
import { readFilter, type EventFilter } from "./read-filter.ts";

type Density = Draft<ReplyOf<typeof endpoint>>;

const hourSeconds = 3600;
const daySeconds = 24 * hourSeconds;
/** A minute to four weeks. A bar begins where a day, a week (Monday) begins in Japan, or evenly within. */
const steps = [60, 300, 900, hourSeconds, 6 * hourSeconds, daySeconds, 7 * daySeconds, 28 * daySeconds];
/** Monday, 3 January 2000, in Japan; in seconds since 1970. */
export const origin = Date.UTC(2000, 0, 2, 15) / 1000;

/** How many events there were over a time. Of a customer it counts the newest {@link mostOfCustomer}. */
export async function ledgerDensity(context: Context, input: Input<typeof endpoint>): Promise<Density> {
  return densityOf(context, await readFilter(context, input.body), input.body.bars);
}

/** The same of one's own events. */
export async function ownDensity(context: Context, input: Input<typeof ownEndpoint>): Promise<Density> {
  const filter = await readFilter(context, input.body);
  return densityOf(context, { ...filter, accountNo: ownNumber(context) }, input.body.bars);
}

const mostOfCustomer = 5_000;

async function densityOf(context: Context, filter: EventFilter, bars: number): Promise<Density> {
  const window = await windowOf(context, filter, bars);
  const { from, to, step } = window;
  const within = { ...filter, from: new Date(from * 1000), to: new Date(to * 1000) };
  const counted =
    filter.customerNo === undefined ? { counts: await countEvents(context.db, within, step), isComplete: true } : await countOfCustomer(context, within, step);
  return {
    from: iso(from),
    to: iso(to),
    stepSeconds: step,
    bars: counted.counts.map(({ bar, events, refused }) => ({ at: iso(origin + bar * step), events, refused })),
    isComplete: counted.isComplete,
  };
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString();

/** The window on the edges of its bars, in seconds since 1970. */
async function windowOf(context: Context, filter: EventFilter, bars: number): Promise<{ from: number; to: number; step: number }> {
  const to = (filter.to ?? context.now).getTime() / 1000;
  const from = Math.min(to, (filter.from ?? (await firstAt(context.db)) ?? context.now).getTime() / 1000);
  const step = steps.find((each) => (to - from) / each <= bars - 2) ?? (steps.at(-1) as number);
  const low = origin + Math.floor((from - origin) / step) * step;
  const high = origin + Math.ceil((to - origin) / step) * step;
  return { from: low, to: high === low ? high + step : high, step };
}

/** The earliest time of any event: those of a migrated or restored house need not stand in the order of their numbers. */
async function firstAt(db: Pick<Db, "query">): Promise<Date | undefined> {
  const [row] = await db.query<{ first: Date | null }>(
    "select least((select min(hour) from record_spans), (select min(e.at) from ledger_events e where e.event_no > $1)) as first",
    [await countedTo(db)],
  );
  return row?.first ?? undefined;
}

interface Count {
  readonly bar: number;
  readonly events: number;
  readonly refused: number;
}

/** The one place that counts: bars of hours and more by what is counted already and the events behind it, finer ones by the ledger. */
export async function countEvents(db: Pick<Db, "query">, filter: EventFilter, step: number): Promise<Count[]> {
  const isFine = step < hourSeconds;
  const counted = isFine ? 0 : await countedTo(db);
  const behind = await atOneMoment(queryOver(db), (upTo) => countExactly(db, filter, step, counted, upTo));
  return isFine ? behind : sumCounts([...(await countCounted(db, filter, step)), ...behind]);
}

/** By the events themselves, above a number. */
async function countExactly(db: Pick<Db, "query">, filter: EventFilter, step: number, above: number, upTo: number): Promise<Count[]> {
  const exact = eventConditions(filter, 4);
  const standing = await db.query<Count>(
    `select floor((extract(epoch from e.at) - $1::bigint) / $2::integer)::integer as bar, count(*)::integer as events,
            count(*) filter (where e.header like '%"outcome":"refused"%' and e.header::jsonb->>'outcome' = 'refused')::integer as refused
       from ledger_events e where e.event_no > $3 and ${exact.text} group by 1`,
    [origin, step, Math.max(above, upTo), ...exact.values],
  );
  if (above >= upTo) {
    return standing;
  }
  const lying: Count[] = [];
  const { types, accountNo, from, to } = filter;
  const archived = await openArchivedEvents(queryOver(db));
  for await (const events of archived.scan({ types, accountNo, from, to, low: above + 1, high: upTo }, "oldest")) {
    for (const event of events.filter((each) => fitsArchived(each, filter))) {
      const refused = parseHeader(event.header).outcome === "refused" ? 1 : 0;
      lying.push({ bar: Math.floor((event.at.getTime() / 1000 - origin) / step), events: 1, refused });
    }
  }
  return sumCounts([...lying, ...standing]);
}

async function countCounted(db: Pick<Db, "query">, filter: EventFilter, step: number): Promise<Count[]> {
  const bar = (column: string): string => `floor((extract(epoch from ${column}) - $1::bigint) / $2::integer)::integer as bar, sum(events)::integer as events`;
  if (isPlain(filter) && filter.accountNo === undefined) {
    return db.query<Count>(
      `select ${bar("hour")}, sum(refused)::integer as refused from record_spans
        where ($3::timestamptz is null or hour >= $3::timestamptz) and ($4::timestamptz is null or hour < $4::timestamptz) group by 1`,
      [origin, step, filter.from ?? null, filter.to ?? null],
    );
  }
  const table = step % daySeconds === 0 ? "days" : "hours";
  const conditions = countedConditions(filter, table, 3);
  return db.query<Count>(
    `select ${bar(table === "days" ? "day" : "hour")}, coalesce(sum(events) filter (where outcome = 'refused'), 0)::integer as refused
       from record_${table} where ${conditions.text} group by 1`,
    [origin, step, ...conditions.values],
  );
}

function sumCounts(counts: readonly Count[]): Count[] {
  const byBar = new Map<number, Count>();
  for (const { bar, events, refused } of counts) {
    const former = byBar.get(bar);
    byBar.set(bar, { bar, events: events + (former?.events ?? 0), refused: refused + (former?.refused ?? 0) });
  }
  return [...byBar.values()].toSorted((a, b) => a.bar - b.bar);
}

async function countOfCustomer(context: Context, filter: EventFilter, step: number): Promise<{ counts: Count[]; isComplete: boolean }> {
  const counts: Count[] = [];
  const { types, accountNo, customerNo, from, to } = filter;
  let before: number | undefined;
  let looked = 0;
  do {
    const page = await listEvents(queryOver(context.db), { types, accountNo, customerNo, from, to, before, limit: 500 });
    for (const event of page.events.filter((each) => fitsBeyondRecord(each, filter))) {
      counts.push({ bar: Math.floor((event.at.getTime() / 1000 - origin) / step), events: 1, refused: event.outcome === "refused" ? 1 : 0 });
    }
    looked += Math.max(page.events.length, 1);
    before = page.nextBefore ?? undefined;
  } while (before !== undefined && looked < mostOfCustomer);
  return { counts: sumCounts(counts), isComplete: before === undefined };
}
