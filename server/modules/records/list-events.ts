import { queryOver, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { listEvents as eventsOfLedger, type RecordedEvent } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { largeFrom } from "#shared/ledger-filter.ts";
import type { listEvents as endpoint, listOwnEvents as ownEndpoint } from "#shared/ledger.ts";
import { findEventNos } from "./find-events.ts";
import { namesOf } from "./names-of.ts";
import { isOffHours } from "./off-hours.ts";
import { ownNumber } from "./own-number.ts";
import { readFilter, type EventFilter } from "./read-filter.ts";
import { showEvent } from "./show-event.ts";

/** A page of the ledger, newest first. What was asked for stands in the event of the reading. */
export async function listEvents(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const filter = await readFilter(context, input.body);
  if (input.body.before !== undefined) {
    context.journal.fact("before", input.body.before);
  }
  return page(context, filter, input.body);
}

/** One's own events, newest first. */
export async function listOwnEvents(context: Context, input: Input<typeof ownEndpoint>): Promise<Draft<ReplyOf<typeof ownEndpoint>>> {
  const filter = await readFilter(context, input.body);
  return page(context, { ...filter, accountNo: ownNumber(context) }, input.body);
}

interface PageAsked {
  readonly before?: number | undefined;
  readonly limit: number;
  readonly withNames: boolean;
}

async function page(context: Context, filter: EventFilter, { before, limit, withNames }: PageAsked): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { events, nextBefore } = await findEvents(context, filter, { before, limit });
  context.journal.fact("shown", events.length);
  return {
    events: events.map((event) => showEvent(context.policy, event)),
    nextBefore,
    names: await namesOf(context, withNames ? events : []),
  };
}

/** The newest events of a filter; `nextBefore` is where to go on, and with a customer a page may be short and go on. */
export async function findEvents(
  context: Context,
  filter: EventFilter,
  { before, limit }: { before?: number | undefined; limit: number },
): Promise<{ events: RecordedEvent[]; nextBefore: number | null }> {
  const query = queryOver(context.db);
  if (filter.customerNo !== undefined) {
    const { types, accountNo, customerNo, from, to } = filter;
    const found = await eventsOfLedger(query, { types, accountNo, customerNo, from, to, before, limit });
    return { events: found.events.filter((event) => fitsBeyondRecord(event, filter)), nextBefore: found.nextBefore };
  }
  const eventNos = await findEventNos(context.db, filter, { before, most: limit + 1 });
  const shown = eventNos.slice(0, limit);
  return { events: await eventsOf(context, shown), nextBefore: eventNos.length > limit ? (shown.at(-1) ?? null) : null };
}

/** Events by number, newest first. */
export async function eventsOf(context: Context, eventNos: readonly number[]): Promise<RecordedEvent[]> {
  return eventNos.length === 0 ? [] : (await eventsOfLedger(queryOver(context.db), { eventNos, limit: eventNos.length })).events;
}

/** The parts of a filter that the ledger's own search by a customer does not know. */
export function fitsBeyondRecord(event: RecordedEvent, filter: EventFilter): boolean {
  return (
    (filter.outcome === undefined || event.outcome === filter.outcome) &&
    (filter.purpose === undefined || event.purpose === filter.purpose) &&
    (filter.address === undefined || event.address === filter.address) &&
    (filter.isOffHours !== true || isOffHours(event.at)) &&
    (filter.isLarge !== true || event.releases.reduce((sum, release) => sum + release.numbers.length, 0) >= largeFrom)
  );
}
