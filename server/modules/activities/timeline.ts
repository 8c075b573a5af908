import { queryOver, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { listEvents, type RecordedEvent } from "#server/core/ledger/index.ts";
import { changesOfEvent } from "#server/modules/customers/index.ts";
import {
  noteKinds,
  timelineSorts,
  type companyTimeline as companyEndpoint,
  type customerTimeline as customerEndpoint,
  type timelineEntry,
  type TimelineSort,
} from "#shared/activities.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { output } from "zod";
import { attachedField, draftOfNote, mayRead, mayWrite, noteColumns, noteSubject, withMerged, type NoteRow, type NoteSubject } from "./note-records.ts";
import { joinSources, readPlace, writePlace, type Found, type Place } from "./page-back.ts";
import { draftOfPurchase, purchaseColumns, purchaseField, type PurchaseRow } from "./purchase-records.ts";

type Entry = Draft<output<typeof timelineEntry>>;
type Timeline = Draft<ReplyOf<typeof customerEndpoint>>;
type Source = Promise<Found<{ readonly entry: Entry }>>;

const entriesOfASource = 20;
const ranks = { note: 0, purchase: 1, event: 2, use: 3 } as const;

/** Uses of a customer's values: what went out without a change of the row. */
const useTypes: readonly string[] = ["customer.used", "labels.printed", "list.downloaded", "person.disclosed"];
/** Resealing moves values between blobs and changes none. */
const noEdits: ReadonlySet<string> = new Set(["customer.resealed", "company.resealed"]);
/** Moments that events of one millisecond share are looked through in a few steps, not for ever. */
const mostSteps = 5;

export async function customerTimeline(context: Context, input: Input<typeof customerEndpoint>): Promise<Timeline> {
  const subject = await noteSubject(context, "customer", input.params.customerNo);
  const before = input.query.before === undefined ? undefined : readPlace(input.query.before);
  const wanted = wantedSorts(input.query.sorts);
  const every = await withMerged(context, subject);
  every.forEach(({ no }) => context.journal.touched("customer", no));
  return reply(context, subject, [
    await notesOf(context, every, wanted, before),
    await purchasesOf(context, every, wanted, before),
    await eventsOf(context, every, "event", wanted, before),
    await eventsOf(context, every, "use", wanted, before),
  ]);
}

export async function companyTimeline(context: Context, input: Input<typeof companyEndpoint>): Promise<Draft<ReplyOf<typeof companyEndpoint>>> {
  const subject = await noteSubject(context, "company", input.params.companyNo);
  const before = input.query.before === undefined ? undefined : readPlace(input.query.before);
  const wanted = wantedSorts(input.query.sorts);
  const every = await withMerged(context, subject);
  every.forEach(({ no }) => context.journal.touched("company", no));
  return reply(context, subject, [await notesOf(context, every, wanted, before), await eventsOf(context, every, "event", wanted, before)]);
}

function reply(context: Context, subject: NoteSubject, found: readonly Awaited<Source>[]): Timeline {
  const { items, next } = joinSources(found);
  return {
    entries: items.map(({ entry }) => entry),
    nextBefore: next === null ? null : writePlace(next),
    mayNote: mayWrite(context, subject) && subject.isActive,
  };
}

function wantedSorts(given: string | undefined): ReadonlySet<TimelineSort> {
  const asked = new Set(given?.split(","));
  return new Set(given === undefined ? timelineSorts : timelineSorts.filter((sort) => asked.has(sort)));
}

const nothing = { items: [], lookedTo: null };

/** SQL for "older than the place", for a source with this rank; the moment is compared in milliseconds. */
function olderThan(before: Place | undefined, rank: number, at: string, no: string, startAt: number): { text: string; values: unknown[] } {
  if (before === undefined) {
    return { text: "true", values: [] };
  }
  const moment = `$${startAt}`;
  const values: unknown[] = [new Date(before.at)];
  if (rank < before.rank) {
    return { text: `${at} < ${moment}`, values };
  }
  if (rank > before.rank) {
    return { text: `${at} <= ${moment}`, values };
  }
  return { text: `(${at} < ${moment} or (${at} = ${moment} and ${no} < $${startAt + 1}))`, values: [...values, before.no] };
}

/** Those of a person's or company's rows about whose notes or purchases the caller may read, by their numbers. */
function readable(context: Context, subjects: readonly NoteSubject[]): Map<number, NoteSubject> {
  return new Map(subjects.filter((subject) => mayRead(context, subject)).map((subject) => [subject.no, subject]));
}

async function notesOf(context: Context, subjects: readonly NoteSubject[], wanted: ReadonlySet<TimelineSort>, before: Place | undefined): Source {
  const kinds = noteKinds.filter((kind) => wanted.has(kind));
  const read = readable(context, subjects);
  const kind = subjects[0]?.kind ?? "customer";
  if (kinds.length === 0 || read.size === 0) {
    return nothing;
  }
  const older = olderThan(before, ranks.note, "happened_at", "note_no", 4);
  const rows = await context.db.query<NoteRow>(
    `select ${noteColumns} from contact_notes
      where ${kind}_no = any($1) and state = 'active' and kind = any($2) and ${older.text} order by happened_at desc, note_no desc limit $3`,
    [[...read.keys()], kinds, entriesOfASource, ...older.values],
  );
  return found(
    rows.map((row) => ({
      place: { at: row.happened_at.getTime(), rank: ranks.note, no: row.note_no },
      entry: {
        ...plain(`note-${row.note_no}`, row.kind, row.happened_at, row.author_no),
        note: draftOfNote(context, read.get((row.customer_no ?? row.company_no) as number) as NoteSubject, row),
      },
    })),
  );
}

async function purchasesOf(context: Context, notes: readonly NoteSubject[], wanted: ReadonlySet<TimelineSort>, before: Place | undefined): Source {
  if (!wanted.has("purchase")) {
    return nothing;
  }
  const field = attachedField(context, "customer", purchaseField);
  const read = readable(
    context,
    notes.map((subject) => ({ ...subject, field })),
  );
  if (read.size === 0) {
    return nothing;
  }
  const at = "(bought_on::timestamp at time zone 'Asia/Tokyo')";
  const older = olderThan(before, ranks.purchase, at, "purchase_no", 3);
  const rows = await context.db.query<PurchaseRow & { at: Date }>(
    `select ${purchaseColumns}, ${at} as at from purchases
      where customer_no = any($1) and state = 'active' and ${older.text} order by bought_on desc, purchase_no desc limit $2`,
    [[...read.keys()], entriesOfASource, ...older.values],
  );
  return found(
    rows.map((row) => ({
      place: { at: row.at.getTime(), rank: ranks.purchase, no: row.purchase_no },
      entry: {
        ...plain(`purchase-${row.purchase_no}`, "purchase", row.at, row.author_no),
        purchase: draftOfPurchase(context, read.get(row.customer_no) as NoteSubject, row),
      },
    })),
  );
}

/** What the ledger says: changes of the row itself (`event`), or uses of its values. */
async function eventsOf(
  context: Context,
  subjects: readonly NoteSubject[],
  what: "event" | "use",
  wanted: ReadonlySet<TimelineSort>,
  before: Place | undefined,
): Source {
  const rank = ranks[what];
  const sorts: readonly TimelineSort[] = what === "use" ? ["use"] : ["edit", "import", "merge"];
  if (!sorts.some((sort) => wanted.has(sort))) {
    return nothing;
  }
  const numbers = subjects.map(({ no }) => no);
  const of = subjects[0]?.kind === "company" ? { companyNo: numbers } : { customerNo: numbers };
  const events: RecordedEvent[] = [];
  let resume: number | undefined;
  let isMore = true;
  for (let step = 0; step < mostSteps && isMore && events.length === 0; step += 1) {
    const page = await listEvents(queryOver(context.db), {
      ...of,
      ...(what === "use" ? { types: useTypes } : { writing: true }),
      to: before === undefined ? undefined : new Date(before.at + 1),
      before: resume,
      limit: entriesOfASource,
    });
    events.push(...page.events.filter((event) => isOlder(event, rank, before)));
    resume = page.nextBefore ?? undefined;
    isMore = page.nextBefore !== null;
  }
  const last = events.at(-1);
  return {
    items: events
      .filter((event) => !noEdits.has(event.type) && wanted.has(sortOf(event, what)))
      .map((event) => ({
        place: placeOf(event, rank),
        entry: {
          ...plain(`event-${event.eventNo}`, sortOf(event, what), event.at, event.accountNo),
          event: {
            eventNo: event.eventNo,
            type: event.type,
            purpose: event.purpose ?? null,
            fields: what === "use" ? [] : subjects.flatMap(({ record }) => changesOfEvent(context, record, event)),
          },
        },
      })),
    lookedTo: !isMore || last === undefined ? null : placeOf(last, rank),
  };
}

function placeOf(event: RecordedEvent, rank: number): Place {
  return { at: event.at.getTime(), rank, no: event.eventNo };
}

function isOlder(event: RecordedEvent, rank: number, before: Place | undefined): boolean {
  if (before === undefined || event.at.getTime() < before.at) {
    return true;
  }
  return rank > before.rank || (rank === before.rank && event.eventNo < before.no);
}

function sortOf(event: RecordedEvent, what: "event" | "use"): TimelineSort {
  if (what === "use") {
    return "use";
  }
  return event.type.startsWith("import.") ? "import" : /merg/.test(event.type) ? "merge" : "edit";
}

function plain(key: string, sort: TimelineSort, at: Date, accountNo: number | null): Entry {
  return { key, sort, at: at.toISOString(), accountNo, note: null, purchase: null, event: null };
}

function found<Item extends { readonly place: Place }>(items: readonly Item[]): { items: readonly Item[]; lookedTo: Place | null } {
  return { items, lookedTo: items.length < entriesOfASource ? null : (items.at(-1)?.place ?? null) };
}
