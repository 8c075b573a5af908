import type { Query } from "../query.ts";
import type { EventRow } from "./pack-events.ts";
import { chunkSize } from "./ranges.ts";

/** The last event number of what is packed; -1 before the first chunk. */
export async function findPackedUpTo(query: Query): Promise<number> {
  const { rows } = await query.query("select max(chunk_no) as chunk_no from ledger_exposure_chunks");
  const chunkNo = rows[0]?.["chunk_no"];
  return chunkNo === null || chunkNo === undefined ? -1 : (Number(chunkNo) + 1) * chunkSize - 1;
}

const eventsAtOnce = 1_000;

export interface TailOptions {
  readonly after: number;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/** Calls back for the events that are not packed yet, ascending. Times are as they stand in the column, which is that of the header. */
export async function readTail(query: Query, { after, from, to }: TailOptions, onEvent: (row: EventRow) => void): Promise<void> {
  let last = after;
  for (;;) {
    const { rows } = await query.query(
      `select event_no, header, entries, writes from ledger_events
       where event_no > $1 and ($2::timestamptz is null or at >= $2) and ($3::timestamptz is null or at < $3) order by event_no limit ${eventsAtOnce}`,
      [last, from ?? null, to ?? null],
    );
    for (const row of rows) {
      last = Number(row["event_no"]);
      onEvent({ ...(row as unknown as EventRow), eventNo: last });
    }
    if (rows.length < eventsAtOnce) return;
  }
}

const frameBytes = 16;
/** A chunk that is not packed yet is read in one go. */
const recordsAtOnce = 4_096;

/**
 * As {@link readTail}, without headers, of which most of an event consists, and thousands of events in one value: rows of their own cost
 * five times as much. The sections are views, valid during the call alone.
 */
export async function readTailRecords(query: Query, after: number, onEvent: (row: Omit<EventRow, "header">) => void): Promise<void> {
  let last = after;
  for (;;) {
    const { rows } = await query.query(
      `select count(*)::int4 as count, string_agg(int8send(event_no) || int4send(coalesce(octet_length(entries), -1))
         || int4send(coalesce(octet_length(writes), -1)) || coalesce(entries, '') || coalesce(writes, ''), ''::bytea order by event_no) as frames
       from (select event_no, entries, writes from ledger_events where event_no > $1 order by event_no limit ${recordsAtOnce}) e`,
      [last],
    );
    const frames = (rows[0]?.["frames"] ?? Buffer.alloc(0)) as Buffer;
    for (let at = 0; at < frames.length;) {
      last = Number(frames.readBigInt64BE(at));
      const [entryBytes, writeBytes] = [frames.readInt32BE(at + 8), frames.readInt32BE(at + 12)];
      const writesAt = at + frameBytes + Math.max(0, entryBytes);
      const end = writesAt + Math.max(0, writeBytes);
      onEvent({
        eventNo: last,
        entries: entryBytes < 0 ? null : frames.subarray(at + frameBytes, writesAt),
        writes: writeBytes < 0 ? null : frames.subarray(writesAt, end),
      });
      at = end;
    }
    if (rows[0]?.["count"] !== recordsAtOnce) return;
  }
}
