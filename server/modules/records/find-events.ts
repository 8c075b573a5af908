import type { Db } from "#server/core/context/db.ts";
import { queryOver } from "#server/core/door/index.ts";
import { openArchivedEvents, parseHeader, type StoredEvent } from "#server/core/ledger/index.ts";
import { largeFrom } from "#shared/ledger-filter.ts";
import { isOffHours } from "./off-hours.ts";
import type { EventFilter } from "./read-filter.ts";

/** SQL conditions with the values of their places. */
export interface Conditions {
  readonly text: string;
  readonly values: unknown[];
}

const japan = "at time zone 'Asia/Tokyo'";
/** SQL: whether a time lies at night or on a weekend. */
export const offHours = (column: string): string =>
  `(extract(isodow from ${column} ${japan}) >= 6 or extract(hour from ${column} ${japan}) < 7 or extract(hour from ${column} ${japan}) >= 20)`;

/**
 * A filter, but for the customer, over `ledger_events e`. The text of a header is searched before it is parsed: canonical JSON
 * writes a member in one way alone.
 */
export function eventConditions(filter: EventFilter, startAt = 1): Conditions {
  const { values, parts, where } = collect(startAt);
  const member = (name: string, value: string | undefined): void => {
    if (value !== undefined) {
      where("e.header like ?", `%"${name}":"${value}"%`);
      where(`e.header::jsonb->>'${name}' = ?`, value);
    }
  };
  if (filter.types !== undefined) where("e.type = any(?::text[])", filter.types);
  if (filter.accountNo !== undefined) where("e.account_no = ?", filter.accountNo);
  if (filter.from !== undefined) where("e.at >= ?", filter.from);
  if (filter.to !== undefined) where("e.at < ?", filter.to);
  member("outcome", filter.outcome);
  member("purpose", filter.purpose);
  member("address", filter.address);
  if (filter.isOffHours === true) parts.push(offHours("e.at"));
  if (filter.isLarge === true) parts.push(`octet_length(e.entries) >= ${largeFrom} and (e.header::jsonb->'entries'->>'count')::integer >= ${largeFrom}`);
  return { text: parts.join(" and "), values };
}

/** The same filter over `record_hours` or `record_days`: the hours or days that hold such events. */
export function countedConditions(filter: EventFilter, table: "hours" | "days", startAt = 1): Conditions {
  const { values, parts, where } = collect(startAt);
  const [column, length] = table === "hours" ? ["hour", "1 hour"] : ["day", "24 hours"];
  if (filter.types !== undefined) where("type = any(?::text[])", filter.types);
  if (filter.accountNo !== undefined) where("account_no = ?", filter.accountNo);
  if (filter.from !== undefined) where(`${column} > ?::timestamptz - interval '${length}'`, filter.from);
  if (filter.to !== undefined) where(`${column} < ?`, filter.to);
  if (filter.outcome !== undefined) where("outcome = ?", filter.outcome);
  if (filter.purpose !== undefined) where("purpose = ?", filter.purpose);
  if (filter.address !== undefined) where("address = ?", filter.address);
  if (filter.isOffHours === true) parts.push(table === "hours" ? offHours("hour") : "is_off_hours");
  if (filter.isLarge === true) parts.push("is_large");
  return { text: parts.join(" and "), values };
}

/** True where the ledger's own indexes find the events: by time, and by whose they are. */
export function isPlain({ types, outcome, purpose, address, isOffHours, isLarge }: EventFilter): boolean {
  return types === undefined && outcome === undefined && purpose === undefined && address === undefined && isOffHours !== true && isLarge !== true;
}

function collect(startAt: number): { values: unknown[]; parts: string[]; where: (text: string, value: unknown) => void } {
  const values: unknown[] = [];
  const parts: string[] = ["true"];
  return { values, parts, where: (text, value) => void parts.push(text.replace("?", `$${values.push(value) + startAt - 1}`)) };
}

/** Every event up to this number is counted by hours and days. */
export async function countedTo(db: Pick<Db, "query">): Promise<number> {
  const [row] = await db.query<{ counted_to: string }>("select counted_to from record_hours_state");
  return Number(row?.counted_to ?? 0);
}

const beyondAll = Number.MAX_SAFE_INTEGER;
const daysAtFirst = 32;
/** Events looked at in one question, about. */
const eventsAtOnce = 20_000;

/**
 * Numbers of the newest events of a filter (its customer is not looked at), newest first, at most `most`, below `before`.
 * What is rare is found by the days, then the hours that hold any, and nothing between them is read.
 */
export async function findEventNos(
  db: Pick<Db, "query">,
  filter: EventFilter,
  { before = beyondAll, most }: { before?: number | undefined; most: number },
): Promise<number[]> {
  const counted = await countedTo(db);
  const tail = await findIn(db, filter, [[counted + 1, before - 1]], most);
  if (tail.length >= most) {
    return tail;
  }
  const found = new Set(tail);
  const old = Math.min(before, counted + 1);
  if (isPlain(filter)) {
    const [low, high] = await numbersOf(db, filter);
    return [...tail, ...(await findIn(db, filter, [[low, Math.min(high, old - 1)]], most - tail.length))];
  }
  let cut = beyondAll;
  for (let daysAtOnce = daysAtFirst; countFrom(found, cut) < most; daysAtOnce *= 2) {
    const ofDays = countedConditions(filter, "days", 4);
    const days = await db.query<{ day: Date; last: string }>(
      `select day, last_event_no as last from record_days
        where first_event_no < $1 and last_event_no < $2 and ${ofDays.text} order by last_event_no desc limit $3`,
      [old, cut, daysAtOnce, ...ofDays.values],
    );
    const ofHours = countedConditions(filter, "hours", 3);
    const hours = await db.query<{ low: string; high: string }>(
      `select h.first_event_no as low, h.last_event_no as high
         from unnest($1::timestamptz[]) d (day) join record_hours h on h.hour >= d.day and h.hour < d.day + interval '24 hours'
        where h.first_event_no < $2 and ${ofHours.text}`,
      [[...new Set(days.map(({ day }) => day.getTime()))].map((day) => new Date(day)), old, ...ofHours.values],
    );
    const ranges = joinRanges(hours.map(({ low, high }) => [Number(low), Math.min(Number(high), old - 1)] as const));
    for (const some of inTurns(ranges.toReversed())) {
      for (const no of await findIn(db, filter, some, most)) {
        found.add(no);
      }
      // What was found so far stands above what this part still holds.
      if (countFrom(found, some.at(-1)?.[0] ?? 0) >= most) {
        break;
      }
    }
    if (days.length < daysAtOnce) {
      break;
    }
    // Days that were not looked at yet end before this number; what was found above it is in order.
    cut = Number((days.at(-1) as { last: string }).last);
  }
  return [...found].toSorted((a, b) => b - a).slice(0, most);
}

type Range = readonly [low: number, high: number];

/** The conditions of {@link eventConditions} for an event that lies in a file, but for types, account and times, which its scope narrows to. */
export function fitsArchived({ at, entries, header }: StoredEvent, filter: EventFilter): boolean {
  const { outcome, purpose, address, ...said } = parseHeader(header);
  return (
    (filter.outcome === undefined || outcome === filter.outcome) &&
    (filter.purpose === undefined || purpose === filter.purpose) &&
    (filter.address === undefined || address === filter.address) &&
    (filter.isOffHours !== true || isOffHours(at)) &&
    (filter.isLarge !== true || (entries !== null && entries.length >= largeFrom && (said.entries?.count ?? 0) >= largeFrom))
  );
}

/** The newest events of a filter among ranges of numbers that do not overlap, newest first: of the table, then of the files. */
async function findIn(db: Pick<Db, "query">, filter: EventFilter, ranges: readonly Range[], most: number): Promise<number[]> {
  const found = await findStanding(db, filter, ranges, most);
  if (found.length >= most || ranges.length === 0) return found;
  const archived = await openArchivedEvents(queryOver(db));
  const upTo = archived.archives.at(-1)?.highest ?? 0;
  const all = new Set(found);
  const { types, accountNo, from, to } = filter;
  for (const [low, high] of ranges.toSorted((a, b) => b[0] - a[0])) {
    if (low > upTo) continue;
    if (all.size >= most) break;
    for await (const events of archived.scan({ types, accountNo, from, to, low, high }, "newest")) {
      for (const event of events) if (fitsArchived(event, filter)) all.add(event.event_no);
      if (all.size >= most) break;
    }
  }
  return all.size === found.length ? found : [...all].toSorted((a, b) => b - a).slice(0, most);
}

async function findStanding(db: Pick<Db, "query">, filter: EventFilter, ranges: readonly Range[], most: number): Promise<number[]> {
  const exact = eventConditions(filter, 4);
  const [only] = ranges;
  const rows =
    ranges.length === 1 && only !== undefined
      ? await db.query<{ no: string }>(
          `select e.event_no as no from ledger_events e where e.event_no >= $1 and e.event_no <= $2 and ${exact.text} order by e.event_no desc limit $3`,
          [only[0], only[1], most, ...exact.values],
        )
      : // Range by range: joined freely, the planner would rather read the whole ledger.
        await db.query<{ no: string }>(
          `select found.no from unnest($1::bigint[], $2::bigint[]) r (low, high) cross join lateral (
             select e.event_no as no from ledger_events e where e.event_no >= r.low and e.event_no <= r.high and ${exact.text}
              order by e.event_no desc limit $3) found
            order by found.no desc limit $3`,
          [ranges.map(([low]) => low), ranges.map(([, high]) => high), most, ...exact.values],
        );
  return rows.map((row) => Number(row.no));
}

/** Where the time of a filter lies among the numbers. */
async function numbersOf(db: Pick<Db, "query">, { from, to }: EventFilter): Promise<Range> {
  if (from === undefined && to === undefined) {
    return [0, beyondAll];
  }
  const [row] = await db.query<{ low: string | null; high: string | null }>(
    `select min(first_event_no) as low, max(last_event_no) as high from record_spans
      where ($1::timestamptz is null or hour > $1::timestamptz - interval '1 hour') and ($2::timestamptz is null or hour < $2::timestamptz)`,
    [from ?? null, to ?? null],
  );
  return [Number(row?.low ?? 0), Number(row?.high ?? -1)];
}

/** Ranges a few at a time, by how many numbers they hold. */
function* inTurns(ranges: readonly Range[]): Generator<readonly Range[]> {
  let some: Range[] = [];
  let held = 0;
  for (const range of ranges) {
    some.push(range);
    held += range[1] - range[0] + 1;
    if (held >= eventsAtOnce) {
      yield some;
      some = [];
      held = 0;
    }
  }
  if (some.length > 0) {
    yield some;
  }
}

function countFrom(numbers: ReadonlySet<number>, least: number): number {
  let count = 0;
  for (const no of numbers) {
    if (no >= least) {
      count += 1;
    }
  }
  return count;
}

/** Overlapping and neighbouring ranges as one, lowest first. */
export function joinRanges(ranges: readonly Range[]): [low: number, high: number][] {
  const joined: [number, number][] = [];
  for (const [low, high] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = joined.at(-1);
    if (last !== undefined && low <= last[1] + 1) {
      last[1] = Math.max(last[1], high);
    } else {
      joined.push([low, high]);
    }
  }
  return joined;
}
