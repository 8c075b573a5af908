import { releasedFields, type Context, type Draft, type Handle, type Input } from "#server/core/door/index.ts";
import type { RecordedEvent, Release } from "#server/core/ledger/index.ts";
import { nameRecords } from "#server/modules/customers/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { showWhatIWasShown as ownEndpoint, showWhatWasShown as endpoint } from "#shared/ledger.ts";
import { eventFor, ownEventFor } from "./replay.ts";
import { showEvent } from "./show-event.ts";

type Shown = Draft<ReplyOf<typeof endpoint>>;

/**
 * Of whom an event showed, touched or changed something, with the fields as they were shown then and the names as the caller's
 * rights show them now. Who is gone or beyond the caller's scope stands there by number alone.
 * @throws Problem not-found
 */
export async function showWhatWasShown(context: Context, input: Input<typeof endpoint>): Promise<Shown> {
  return shownBy(context, await eventFor(context, input.params.eventNo), input.body);
}

/** The same of one's own event. @throws Problem not-found: there is none, or it is somebody else's */
export async function showWhatIWasShown(context: Context, input: Input<typeof ownEndpoint>): Promise<Shown> {
  return shownBy(context, await ownEventFor(context, input.params.eventNo), input.body);
}

async function shownBy(context: Context, event: RecordedEvent, { offset, limit }: { offset: number; limit: number }): Promise<Shown> {
  context.journal.fact("eventNo", event.eventNo);
  const all = recordsOf(event);
  const page = all.slice(offset, offset + limit);
  const numbersOf = (kind: string): number[] => page.filter((one) => one.kind === kind).map((one) => one.no);
  const named = await nameRecords(context, { customers: numbersOf("customer"), companies: numbersOf("company") });
  const names = new Map<string, Handle>([
    ...named.customers.map(({ no, name }) => [`customer ${no}`, name] as const),
    ...named.companies.map(({ no, name }) => [`company ${no}`, name] as const),
  ]);
  return {
    event: showEvent(context.policy, event),
    total: all.length,
    records: page.map(({ kind, no, releases }) => ({ kind, no, name: names.get(`${kind} ${no}`) ?? null, fields: releasedFields(context.policy, releases) })),
  };
}

interface RecordOfEvent {
  readonly kind: string;
  readonly no: number;
  readonly releases: readonly Release[];
}

/** Customers and companies first, who was shown before who was only touched; typed words are told by the event itself. */
function recordsOf(event: RecordedEvent): RecordOfEvent[] {
  const records = new Map<string, RecordOfEvent>();
  const releases = event.releases.toSorted((a, b) => Number(b.fields.length > 0) - Number(a.fields.length > 0));
  for (const release of releases) {
    for (const no of release.kind === "query" ? [] : release.numbers) {
      records.set(`${release.kind} ${no}`, { kind: release.kind, no, releases: [release] });
    }
  }
  for (const { kind, no } of event.writes) {
    if (!records.has(`${kind} ${no}`)) {
      records.set(`${kind} ${no}`, { kind, no, releases: [] });
    }
  }
  const place = (kind: string): number => ["customer", "company"].indexOf(kind) + (kind === "customer" || kind === "company" ? 0 : 3);
  return [...records.values()].toSorted((a, b) => place(a.kind) - place(b.kind));
}
