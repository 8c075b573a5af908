import { queryOver, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { atOneMoment, openArchivedEvents, type RecordedEvent } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { replayLedger as endpoint, replayOwn as ownEndpoint } from "#shared/ledger.ts";
import { Problem } from "#shared/problems.ts";
import { eventConditions } from "./find-events.ts";
import { eventsOf } from "./list-events.ts";
import { namesOf } from "./names-of.ts";
import { ownNumber } from "./own-number.ts";
import { countPeople, groupScenes } from "./replay-scenes.ts";
import { showEvent } from "./show-event.ts";

type Replay = Draft<ReplyOf<typeof endpoint>>;

const eventsAPart = 300;
const longestMs = 2 * 86_400_000;

/**
 * What an account did over a time, or what happened around an event, across all parts of the product, oldest first.
 * @throws Problem not-found: no such event; invalid-input: neither an event nor a window of at most two days
 */
export async function replayLedger(context: Context, input: Input<typeof endpoint>): Promise<Replay> {
  const { eventNo, accountNo, isEverybody } = input.body;
  const around = eventNo === undefined ? undefined : await eventFor(context, eventNo);
  const whose = isEverybody ? undefined : (accountNo ?? around?.accountNo ?? undefined);
  return storyOf(context, whose, windowOf(input.body, around), input.body);
}

/** The same of oneself. An event of somebody else is not there. */
export async function replayOwn(context: Context, input: Input<typeof ownEndpoint>): Promise<Replay> {
  const accountNo = ownNumber(context);
  const { eventNo } = input.body;
  const around = eventNo === undefined ? undefined : await ownEventFor(context, eventNo);
  return storyOf(context, accountNo, windowOf(input.body, around), input.body);
}

/** @throws Problem not-found */
export async function eventFor(context: Context, eventNo: number): Promise<RecordedEvent> {
  const [event] = await eventsOf(context, [eventNo]);
  if (event === undefined) {
    throw new Problem("not-found");
  }
  return event;
}

/** @throws Problem not-found: there is none, or it is somebody else's */
export async function ownEventFor(context: Context, eventNo: number): Promise<RecordedEvent> {
  const event = await eventFor(context, eventNo);
  if (event.accountNo !== ownNumber(context)) {
    throw new Problem("not-found");
  }
  return event;
}

interface Asked {
  readonly minutes: number;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly after?: number | undefined;
  readonly withNames: boolean;
}

function windowOf({ minutes, from, to }: Asked, around: RecordedEvent | undefined): { from: Date; to: Date } {
  if (around !== undefined) {
    const at = around.at.getTime();
    return { from: new Date(at - minutes * 60_000), to: new Date(at + minutes * 60_000 + 1) };
  }
  const window = { from: new Date(from ?? Number.NaN), to: new Date(to ?? Number.NaN) };
  const length = window.to.getTime() - window.from.getTime();
  if (!(length > 0 && length <= longestMs)) {
    throw new Problem("invalid-input", { field: "from" });
  }
  return window;
}

async function storyOf(context: Context, accountNo: number | undefined, window: { from: Date; to: Date }, { after, withNames }: Asked): Promise<Replay> {
  const { journal } = context;
  const found = await firstOf(context, accountNo, window, after ?? 0, eventsAPart + 1);
  const numbers = found.slice(0, eventsAPart);
  const events = (await eventsOf(context, numbers)).toSorted((a, b) => a.at.getTime() - b.at.getTime() || a.eventNo - b.eventNo);
  if (accountNo !== undefined) {
    journal.fact("accountNo", accountNo);
  }
  journal.fact("from", window.from.toISOString());
  journal.fact("to", window.to.toISOString());
  journal.fact("shown", events.length);
  return {
    accountNo: accountNo ?? null,
    from: window.from.toISOString(),
    to: window.to.toISOString(),
    events: events.map((event) => showEvent(context.policy, event)),
    scenes: groupScenes(events).map((scene) => ({ ...scene, from: scene.from.toISOString(), to: scene.to.toISOString() })),
    people: countPeople(events),
    nextAfter: found.length > eventsAPart ? (numbers.at(-1) ?? null) : null,
    names: await namesOf(context, withNames ? events : []),
  };
}

/** Numbers of the first events of a time above a number, ascending: those in files, then those of the table. */
async function firstOf(context: Context, accountNo: number | undefined, window: { from: Date; to: Date }, after: number, most: number): Promise<number[]> {
  const conditions = eventConditions({ accountNo, ...window }, 3);
  return atOneMoment(queryOver(context.db), async (upTo) => {
    const found: number[] = [];
    if (after < upTo) {
      const archived = await openArchivedEvents(queryOver(context.db));
      for await (const events of archived.scan({ accountNo, ...window, low: after + 1, high: upTo }, "oldest")) {
        found.push(...events.map((event) => event.event_no));
        if (found.length >= most) return found.slice(0, most);
      }
    }
    const rows = await context.db.query<{ no: string }>(
      `select e.event_no as no from ledger_events e where e.event_no > $1 and ${conditions.text} order by e.event_no limit $2`,
      [Math.max(after, upTo), most - found.length, ...conditions.values],
    );
    return [...found, ...rows.map((row) => Number(row.no))];
  });
}
