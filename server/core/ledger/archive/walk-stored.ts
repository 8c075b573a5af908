import { splitBySize } from "../chunk-by-size.ts";
import type { Query } from "../query.ts";
import { openArchivedEvents, type ArchivedEvents } from "./archived-events.ts";
import { selectBatches, selectEvents, type StoredBatch, type StoredEvent } from "./stored-event.ts";

/** Reads the ledger from end to end, from wherever it lies, in bounded memory. */
export interface StoredWalk {
  /** Events by their numbers, ascending, a bounded part at a time; those that are nowhere are left out. @throws Problem ledger-file-unreadable */
  events(eventNos: readonly number[]): AsyncGenerator<StoredEvent[]>;
  /** The batches of events that were just read. */
  batchesOf(events: readonly StoredEvent[], isWanted: (batchNo: string) => boolean): Promise<StoredBatch[]>;
}

export function walkStored(query: Query): StoredWalk {
  let archived: ArchivedEvents | undefined;
  return {
    async *events(eventNos) {
      if (eventNos.length === 0) return;
      const { rows: sizes } = await query.query(
        `select event_no, octet_length(header) + coalesce(octet_length(entries), 0) + coalesce(octet_length(writes), 0) + coalesce(octet_length(sealed), 0) as bytes
         from ledger_events where event_no = any($1::int8[]) order by event_no`,
        [`{${eventNos.join()}}`],
      );
      const standing = sizes.map((row) => ({ eventNo: Number(row["event_no"]), bytes: Number(row["bytes"]) }));
      if (standing.length < eventNos.length) {
        const known = new Set(standing.map(({ eventNo }) => eventNo));
        yield* inFiles(eventNos.filter((no) => !known.has(no)));
      }
      for (const chunk of splitBySize(standing)) {
        const events = await selectEvents(query, chunk);
        if (events.length < chunk.length) {
          const known = new Set(events.map((event) => event.event_no));
          yield* inFiles(chunk.filter((no) => !known.has(no)));
        }
        yield events;
      }
    },
    async batchesOf(events, isWanted) {
      const lying = new Map<string, StoredBatch>();
      const standing = new Set<string>();
      for (const { batch, batch_no: batchNo } of events) {
        if (!isWanted(batchNo)) continue;
        if (batch === undefined) standing.add(batchNo);
        else lying.set(batchNo, batch);
      }
      const found = await selectBatches(query, [...standing]);
      for (const { batch_no: batchNo } of found) standing.delete(batchNo);
      // Gone into a file since their events were read; or gone altogether.
      const gone = events.filter((event) => event.batch === undefined && standing.has(event.batch_no));
      if (gone.length > 0)
        for await (const part of inFiles(gone.map((event) => event.event_no)))
          for (const { batch } of part) if (batch !== undefined) lying.set(batch.batch_no, batch);
      return [...lying.values(), ...found];
    },
  };

  async function* inFiles(eventNos: readonly number[]): AsyncGenerator<StoredEvent[]> {
    archived ??= await openArchivedEvents(query);
    const highest = archived.archives.at(-1)?.highest ?? 0;
    // A file was made since.
    if (eventNos.some((no) => no > highest)) archived = await openArchivedEvents(query);
    yield* archived.byNumber(eventNos);
  }
}
