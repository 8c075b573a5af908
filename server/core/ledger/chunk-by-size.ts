import type { Query } from "./query.ts";

const numbersAtOnce = 10_000;
const eventsAtOnce = 1_000;
const bytesAtOnce = 8 * 1024 * 1024;

/** Groups of numbers that may be read at once: at most a thousand events, and eight MiB unless a single one exceeds it. */
export function splitBySize(events: readonly { readonly eventNo: number; readonly bytes: number }[]): number[][] {
  const chunks: number[][] = [];
  let bytes = 0;
  for (const event of events) {
    const last = chunks[chunks.length - 1];
    if (last === undefined || last.length >= eventsAtOnce || bytes + event.bytes > bytesAtOnce) {
      chunks.push([event.eventNo]);
      bytes = 0;
    } else {
      last.push(event.eventNo);
    }
    bytes += event.bytes;
  }
  return chunks;
}

/** Numbers of all events that fulfil a condition, ascending, in groups by the size of a column. */
export async function* chunkBySize(query: Query, condition: string, column: "writes"): AsyncGenerator<number[]> {
  let after = 0;
  for (;;) {
    const { rows } = await query.query(
      `select event_no, octet_length(${column}) as bytes from ledger_events where ${condition} and event_no > $1 order by event_no limit ${numbersAtOnce}`,
      [after],
    );
    const events = rows.map((row) => ({ eventNo: Number(row["event_no"]), bytes: Number(row["bytes"]) }));
    yield* splitBySize(events);
    const last = events[events.length - 1];
    if (events.length < numbersAtOnce || last === undefined) return;
    after = last.eventNo;
  }
}
