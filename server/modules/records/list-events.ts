import { queryOver, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { listEvents as eventsOfLedger, type ListEventsOptions } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { listEvents as endpoint, listOwnEvents as ownEndpoint } from "#shared/ledger.ts";
import { Problem } from "#shared/problems.ts";
import { showEvent } from "./show-event.ts";

/** A page of the ledger, newest first. What was asked for stands in the event of the reading. */
export async function listEvents(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { types, accountNo, customerNo, from, to, before, limit } = input.body;
  const { journal } = context;
  if (types !== undefined) {
    journal.fact("types", await recordedTypes(context, types));
  }
  for (const [key, value] of Object.entries({ accountNo, customerNo, before })) {
    if (value !== undefined) {
      journal.fact(key, value);
    }
  }
  for (const [key, value] of Object.entries({ from, to })) {
    if (value !== undefined) {
      journal.fact(key, new Date(value).toISOString());
    }
  }
  if (customerNo !== undefined) {
    journal.touched("customer", customerNo);
  }
  return page(context, {
    types,
    accountNo,
    customerNo,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
    before,
    limit,
  });
}

/** One's own events, newest first. */
export async function listOwnEvents(context: Context, input: Input<typeof ownEndpoint>): Promise<Draft<ReplyOf<typeof ownEndpoint>>> {
  const { accountNo } = context.actor;
  if (accountNo === null) {
    throw new Problem("not-signed-in");
  }
  return page(context, { accountNo, ...input.body });
}

async function page(context: Context, asked: ListEventsOptions): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { events, nextBefore } = await eventsOfLedger(queryOver(context.db), asked);
  context.journal.fact("shown", events.length);
  return { events: events.map((event) => showEvent(context.policy, event)), nextBefore };
}

/** Of the types asked for, those that the ledger knows: the others were typed freely, and a name could stand in them. */
async function recordedTypes(context: Context, types: readonly string[]): Promise<string[]> {
  const rows = await context.db.query<{ type: string }>(
    "select asked as type from unnest($1::text[]) asked where exists (select from ledger_events e where e.type = asked)",
    [types],
  );
  return rows.map((row) => row.type);
}
