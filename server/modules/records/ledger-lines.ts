import type { Context, Draft, Input, RenderedFile } from "#server/core/door/index.ts";
import type { RecordedEvent } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { mostLines, type ledgerLines as endpoint } from "#shared/ledger.ts";
import { findEvents } from "./list-events.ts";
import { readFilter } from "./read-filter.ts";
import { showEvent } from "./show-event.ts";

const eventsATurn = 1_000;

/** The filtered ledger for a file, newest first, at most {@link mostLines} events. */
export async function ledgerLines(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const filter = await readFilter(context, input.body);
  const events: RecordedEvent[] = [];
  let before: number | undefined;
  do {
    const found = await findEvents(context, filter, { before, limit: Math.min(eventsATurn, mostLines - events.length) });
    events.push(...found.events);
    before = found.nextBefore ?? undefined;
  } while (before !== undefined && events.length < mostLines);
  context.journal.fact("lines", events.length);
  return { events: events.map((event) => showEvent(context.policy, event)), isComplete: before === undefined };
}

/** One event a line; where there was more than a file takes, a last line says where it ends. */
export async function renderLines(built: ReplyOf<typeof endpoint>): Promise<RenderedFile> {
  const lines = built.events.map((event) => JSON.stringify(event));
  if (!built.isComplete) {
    lines.push(JSON.stringify({ isComplete: false, olderThan: built.events.at(-1)?.eventNo ?? null }));
  }
  return { bytes: Buffer.from(lines.map((line) => `${line}\n`).join(""), "utf8"), type: "application/x-ndjson", name: "kuraban-ledger.jsonl" };
}
