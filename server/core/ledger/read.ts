import { atOneMoment, isIn, openArchivedEvents, type StoredEvent } from "./archive/index.ts";
import { decodeEvent, parseHeader } from "./encode.ts";
import { scanEntries } from "./entries.ts";
import type { Fact, LedgerEvent } from "./event.ts";
import { findOfRecords } from "./exposure/index.ts";
import type { Query } from "./query.ts";
import { scanWrites } from "./sections.ts";

/** An event as read back: numbers of releases ascending, one entry for each record. */
export interface RecordedEvent extends LedgerEvent {
  readonly eventNo: number;
  /** Place in the tree from 0; null while it waits to be sequenced. */
  readonly sequence: number | null;
}

export interface ListEventsOptions {
  readonly types?: readonly string[] | undefined;
  readonly accountNo?: number | undefined;
  /** Events that released, touched or wrote this customer; or any of these: a person and whoever was merged into it. */
  readonly customerNo?: number | readonly number[] | undefined;
  /** As `customerNo`, of a company. */
  readonly companyNo?: number | readonly number[] | undefined;
  /** Only events of which this fact is this number. */
  readonly fact?: { readonly key: string; readonly value: number } | undefined;
  /** Only events that changed rows; where a customer or company is looked for, those that changed it. */
  readonly writing?: boolean | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Only these. */
  readonly eventNos?: readonly number[] | undefined;
  /** Only events with a smaller number. */
  readonly before?: number | undefined;
  /** Only events that stand in the table: of the last months, and without reading a file. */
  readonly isRecent?: boolean | undefined;
  readonly limit: number;
}

interface Row {
  readonly event_no: number;
  readonly header: string;
  readonly entries: Buffer | null;
  readonly writes: Buffer | null;
  readonly sealed: Buffer | null;
}

/** Events of one record read at once, and at most in one call: then the page may be short, and goes on. */
const eventsAtOnce = 500;
const mostRead = 20_000;

/**
 * A page of events, newest first. `nextBefore` is where to go on, null at the end; when a customer is looked for, a page may
 * hold fewer events than asked for, even none, and still go on.
 */
export async function listEvents(query: Query, options: ListEventsOptions): Promise<{ events: RecordedEvent[]; nextBefore: number | null }> {
  const record = recordOf(options);
  const found = record === undefined ? await findPage(query, options, options.limit + 1) : await findOfRecord(query, options, record);
  const rows = found.rows.slice(0, options.limit);
  const isMore = found.rows.length > options.limit;
  const last = rows[rows.length - 1];
  const places = await sequenceOf(
    query,
    rows.map((row) => row.event_no),
  );
  return {
    events: rows.map((row) => ({ ...decodeEvent(row), eventNo: row.event_no, sequence: places.get(row.event_no) ?? null })),
    nextBefore: isMore && last !== undefined ? last.event_no : found.nextBefore,
  };
}

/** The table first, whose events are all younger than those in files; what goes into a file meanwhile is met in both. */
async function findPage(
  query: Query,
  options: ListEventsOptions,
  limit: number,
  eventNos?: readonly number[],
): Promise<{ rows: Row[]; nextBefore: number | null }> {
  const standing = await selectPage(query, options, limit, eventNos);
  const wanted = eventNos ?? options.eventNos;
  if (options.isRecent === true || standing.length >= limit || (wanted !== undefined && standing.length === new Set(wanted).size))
    return { rows: standing, nextBefore: null };
  const archived = await openArchivedEvents(query);
  if (archived.archives.length === 0) return { rows: standing, nextBefore: null };
  const rows = new Map(standing.map((row) => [row.event_no, row]));
  const fits = (event: StoredEvent): boolean => isAsAsked(event, options) && (eventNos === undefined || options.eventNos?.includes(event.event_no) !== false);
  if (wanted !== undefined) {
    for await (const events of archived.pick(wanted)) for (const event of events) if (fits(event) && !rows.has(event.event_no)) rows.set(event.event_no, event);
  } else {
    const { types, accountNo, writing, from, to, before } = options;
    const scope = { types, accountNo, writing, from, to, high: before === undefined ? undefined : before - 1 };
    for await (const events of archived.scan(scope, "newest")) {
      for (const event of events) if (fits(event) && !rows.has(event.event_no)) rows.set(event.event_no, event);
      if (rows.size >= limit) break;
    }
  }
  return { rows: [...rows.values()].sort((a, b) => b.event_no - a.event_no).slice(0, limit), nextBefore: null };
}

/** The conditions of {@link selectPage} but for the numbers. */
function isAsAsked(event: StoredEvent, { types, accountNo, writing, from, to, before, fact }: ListEventsOptions): boolean {
  return (
    isIn(event, { types, accountNo, writing, from, to, high: before === undefined ? undefined : before - 1 }) &&
    (fact === undefined || parseHeader(event.header).facts?.[fact.key] === fact.value)
  );
}

async function selectPage(query: Query, options: ListEventsOptions, limit: number, eventNos?: readonly number[]): Promise<Row[]> {
  const { types, accountNo, from, to, before } = options;
  const conditions: string[] = options.writing === true ? ["writes is not null"] : [];
  const values: unknown[] = [];
  const where = (text: string, value: unknown): void => {
    values.push(value);
    conditions.push(text.replace("?", `$${values.length}`));
  };
  if (types !== undefined) where("type = any(?::text[])", types);
  if (accountNo !== undefined) where("account_no = ?", accountNo);
  if (options.fact !== undefined) {
    const { key, value } = options.fact;
    where(`header::jsonb->'facts' @> ?::jsonb`, JSON.stringify({ [key]: value }));
  }
  if (from !== undefined) where("at >= ?", from);
  if (to !== undefined) where("at < ?", to);
  if (before !== undefined) where("event_no < ?", before);
  if (eventNos !== undefined) where("event_no = any(?::int8[])", `{${eventNos.join()}}`);
  if (options.eventNos !== undefined) where("event_no = any(?::int8[])", `{${options.eventNos.join()}}`);
  const { rows } = await query.query(
    `select event_no, header, entries, writes, sealed from ledger_events
     ${conditions.length === 0 ? "" : `where ${conditions.join(" and ")}`} order by event_no desc limit ${Math.trunc(limit)}`,
    values,
  );
  return rows.map((row) => ({ ...(row as unknown as Row), event_no: Number(row["event_no"]) }));
}

interface SoughtRecord {
  readonly kind: "customer" | "company";
  readonly nos: readonly number[];
}

function recordOf({ customerNo, companyNo }: ListEventsOptions): SoughtRecord | undefined {
  const nosOf = (no: number | readonly number[]): readonly number[] => (typeof no === "number" ? [no] : no);
  if (customerNo !== undefined) return { kind: "customer", nos: nosOf(customerNo) };
  return companyNo === undefined ? undefined : { kind: "company", nos: nosOf(companyNo) };
}

/** Postings say which events speak of the record (exposure/); the other conditions are asked of those alone. */
async function findOfRecord(query: Query, options: ListEventsOptions, record: SoughtRecord): Promise<{ rows: Row[]; nextBefore: number | null }> {
  const found: Row[] = [];
  let read = 0;
  let nextBefore: number | null = null;
  await findOfRecords(query, { kind: record.kind, nos: record.nos, before: options.before }, async (hits) => {
    const eventNos = [...new Set(hits.map((hit) => hit.eventNo))];
    for (let from = 0; from < eventNos.length;) {
      // A page at first: without further conditions it is all that is needed.
      const part = eventNos.slice(from, from + (read === 0 ? options.limit + 1 : eventsAtOnce));
      const { rows } = await findPage(query, { ...options, before: undefined }, part.length, part);
      for (const row of rows) if (isAbout(row, record, options.writing === true)) found.push(row);
      from += part.length;
      read += part.length;
      if (found.length > options.limit) return false;
      if (read >= mostRead) {
        nextBefore = part[part.length - 1]!;
        return false;
      }
    }
    return true;
  });
  return { rows: found, nextBefore };
}

function isAbout(row: Row, record: SoughtRecord, writing: boolean): boolean {
  let isHit = false;
  if (row.entries !== null && !writing) scanEntries(row.entries, record.kind, (numbers) => (isHit ||= record.nos.some((no) => numbers.includes(no))));
  if (row.writes !== null && !isHit) scanWrites(row.writes, (kind, no) => (isHit ||= kind === record.kind && record.nos.includes(no)));
  return isHit;
}

/** How many acts of a type went through for each of the numbers that a fact of theirs may be, and when the last one was. */
export async function countByFact(
  query: Query,
  given: { readonly type: string; readonly key: string; readonly values: readonly number[] },
): Promise<Map<number, { count: number; lastAt: Date }>> {
  if (given.values.length === 0) return new Map();
  return atOneMoment(query, async (upTo) => {
    const counts = await countStanding(query, given, upTo);
    if (upTo === 0) return counts;
    const wanted = new Set(given.values);
    for await (const events of (await openArchivedEvents(query)).scan({ types: [given.type], high: upTo }, "oldest")) {
      for (const { header, at } of events) {
        const { outcome, facts } = parseHeader(header);
        const value = facts?.[given.key];
        if (outcome !== "ok" || typeof value !== "number" || !wanted.has(value)) continue;
        const known = counts.get(value);
        counts.set(value, { count: (known?.count ?? 0) + 1, lastAt: known === undefined || known.lastAt < at ? at : known.lastAt });
      }
    }
    return counts;
  });
}

async function countStanding(
  query: Query,
  given: { readonly type: string; readonly key: string; readonly values: readonly number[] },
  above: number,
): Promise<Map<number, { count: number; lastAt: Date }>> {
  const { rows } = await query.query(
    `select (header::jsonb->'facts'->>$2::text)::int8 as value, count(*)::int4 as count, max(at) as last_at from ledger_events
     where type = $1 and event_no > $4 and header::jsonb->>'outcome' = 'ok' and (header::jsonb->'facts'->>$2::text)::int8 = any($3::int8[]) group by 1`,
    [given.type, given.key, `{${given.values.join()}}`, above],
  );
  return new Map(rows.map((row) => [Number(row["value"]), { count: row["count"] as number, lastAt: row["last_at"] as Date }]));
}

/** Places in the tree of the given events; those not yet sequenced are absent. */
export async function sequenceOf(query: Query, eventNos: readonly number[]): Promise<Map<number, number>> {
  const places = new Map<number, number>();
  if (eventNos.length === 0) return places;
  const { rows } = await query.query(
    // Nearly every round is without gaps, and then its long list need not be read.
    `select wanted as event_no, r.first_sequence + place as sequence
     from unnest($1::int8[]) wanted
     join ledger_rounds r on int8range(r.lowest_event_no, r.highest_event_no, '[]') @> wanted
     cross join lateral (select case when r.highest_event_no - r.lowest_event_no + 1 = r.event_count then wanted - r.lowest_event_no
       else array_position(r.event_nos, wanted) - 1 end as place) p
     where place is not null`,
    [`{${eventNos.join()}}`],
  );
  for (const row of rows) places.set(Number(row["event_no"]), Number(row["sequence"]));
  return places;
}

/** The newest checkpoint, or undefined before the first. */
export async function findCheckpoint(
  query: Query,
): Promise<{ epochNo: number; origin: string; treeSize: number; rootHash: Buffer; at: Date; note: string } | undefined> {
  const { rows } = await query.query(
    `select c.epoch_no, e.origin, c.tree_size, c.root_hash, c.at, c.note from ledger_checkpoints c join ledger_epochs e using (epoch_no)
     order by c.epoch_no desc, c.tree_size desc limit 1`,
  );
  const row = rows[0];
  return (
    row && {
      epochNo: row["epoch_no"] as number,
      origin: row["origin"] as string,
      treeSize: Number(row["tree_size"]),
      rootHash: row["root_hash"] as Buffer,
      at: row["at"] as Date,
      note: row["note"] as string,
    }
  );
}

/** How many committed events wait to be sequenced; those that fill an earlier gap are not among them. */
export async function countUnsequenced(query: Query): Promise<number> {
  const { rows } = await query.query(
    `select count(*) as waiting from ledger_events
     where event_no > coalesce((select highest_event_no from ledger_rounds order by round_no desc limit 1), 0)
       and not exists (select from ledger_rounds r where int8range(r.lowest_event_no, r.highest_event_no, '[]') @> event_no and event_no = any(r.event_nos))`,
  );
  return Number(rows[0]?.["waiting"] ?? 0);
}

/** How many events happened in a time, wherever they lie; counts no further than `most`. */
export async function countStored(query: Query, { from, to }: { readonly from: Date; readonly to: Date }, most: number): Promise<number> {
  return atOneMoment(query, async (upTo) => {
    const { rows } = await query.query("select count(*) as events from (select from ledger_events where at >= $1 and at < $2 and event_no > $3 limit $4) e", [
      from,
      to,
      upTo,
      most,
    ]);
    let count = Number(rows[0]?.["events"]);
    if (upTo === 0 || count >= most) return count;
    for await (const events of (await openArchivedEvents(query)).scan({ from, to, high: upTo }, "newest")) {
      count += events.length;
      if (count >= most) return most;
    }
    return count;
  });
}

/** Whether the files hold an event of these types, of an account where one is told, that `fits` where told. */
export async function hasArchivedEvent(
  query: Query,
  asked: { readonly types: readonly string[]; readonly accountNo?: number | undefined; readonly fits?: (facts: Readonly<Record<string, Fact>>) => boolean },
): Promise<boolean> {
  for await (const events of (await openArchivedEvents(query)).scan({ types: asked.types, accountNo: asked.accountNo }, "newest")) {
    if (events.some(({ header }) => asked.fits === undefined || asked.fits(parseHeader(header).facts ?? {}))) return true;
  }
  return false;
}
