import { openArchivedEvents, walkStored, type StoredEvent as EventRow, type StoredWalk } from "#server/core/ledger/archive/index.ts";
import { createNumberSet, type NumberSet } from "#server/core/ledger/number-set.ts";
import { noteOf } from "#server/core/ledger/tiles/served-checkpoint.ts";
import type { Query } from "#server/core/ledger/index.ts";

export interface ExportOptions {
  /** As kuraban_app. Each question may be asked in a transaction of its own: nothing of what is read ever changes. */
  readonly query: Query;
  /** Only the rounds around events of these times, and on to the next checkpoint. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** False: without entries and salts, so that it names no record; headers still verify. */
  readonly hasEntries: boolean;
  readonly now: Date;
  /** At most so many events lie between two checkpoints where there are any (1,024 unless told). */
  readonly checkpointEvery?: number;
  readonly onProgress?: (events: number) => void;
}

const linesAtOnce = 500;
const roundsAtOnce = 20;

const text = (bytes: Buffer | null): string | null => (bytes === null ? null : bytes.toString("base64"));

/**
 * The ledger as lines of JSON (docs/ledger-export.md), in groups; the beginning of the last line, which export-ledger.ts ends: epochs, keys
 * of nodes, then batches and events in the order of the tree with checkpoints between. Constant memory: a bit an event, and the
 * batches of which events are still to come. What somebody did to the tables around the product is written out as it stands.
 */
export async function* exportLines(options: ExportOptions): AsyncGenerator<string> {
  const { query } = options;
  const range = await rangeOf(options);
  const checkpoints = streamCheckpoints(query, range.firstSequence);
  yield line("kuraban-ledger-export", 1, {
    at: options.now.toISOString(),
    entries: options.hasEntries,
    whole: range.isWhole,
    ...(options.from && { from: options.from.toISOString() }),
    ...(options.to && { to: options.to.toISOString() }),
  });
  const { rows: epochs } = await query.query("select document, signature from ledger_epochs order by epoch_no");
  for (const row of epochs) yield line("epoch", row["document"], text(row["signature"] as Buffer));
  const { rows: keys } = await query.query("select document, signature, public_key from ledger_node_keys order by epoch_no, node_id, public_key");
  for (const row of keys) yield line("node-key", row["document"], text(row["signature"] as Buffer), text(row["public_key"] as Buffer));
  yield line("start", range.firstSequence, range.frontier.toString("base64"));

  const sequenced = range.isWhole ? createNumberSet() : undefined;
  const walk = walkStored(query);
  const batches = createBatches(walk);
  let size = range.firstSequence;
  let events = 0;
  let checkpoint = await checkpoints.next();
  let lastWritten = -Infinity;
  const passCheckpoints = async function* (isEnd: boolean): AsyncGenerator<string> {
    while (checkpoint !== undefined && checkpoint.size <= range.lastSize && (isEnd || checkpoint.size <= size)) {
      const next = await checkpoints.next();
      // One that does not lie here is for whoever verifies to find.
      const isOdd = checkpoint.size !== size;
      if (
        isOdd ||
        checkpoint.isKept ||
        size - lastWritten >= (options.checkpointEvery ?? 1_024) ||
        size === range.lastSize ||
        next?.epochNo !== checkpoint.epochNo
      ) {
        yield checkpoint.line;
        lastWritten = size;
      }
      checkpoint = next;
    }
  };

  yield* passCheckpoints(false);
  for (let roundNo = range.firstRound - 1; ;) {
    const { rows: rounds } = await query.query(
      `select round_no, first_sequence, event_count, event_nos, leaf_hashes from ledger_rounds
       where round_no > $1 and first_sequence < $2 order by round_no limit ${roundsAtOnce}`,
      [roundNo, range.lastSize],
    );
    for (const row of rounds) {
      roundNo = Number(row["round_no"]);
      const eventNos = (row["event_nos"] as unknown[]).map(Number);
      const leafHashes = row["leaf_hashes"] as Buffer;
      yield line("round", roundNo, Number(row["first_sequence"]), eventNos.length);
      for (const eventNo of eventNos) sequenced?.add(eventNo);
      let at = 0;
      for await (const found of findEvents(walk, eventNos)) {
        await batches.load(found.filter((event) => event !== undefined));
        let lines = "";
        for (const event of found) {
          const leaf = leafHashes.subarray(at * 32, at * 32 + 32);
          if (event === undefined) {
            lines += line("missing", text(leaf), eventNos[at]);
          } else {
            if (!event.leaf_hash.equals(leaf)) lines += line("other-leaf", text(leaf));
            lines += batches.announce(event) + eventLine("event", event, batches.take(event), options.hasEntries);
            events += 1;
          }
          at += 1;
        }
        yield lines;
        options.onProgress?.(events);
      }
      size += eventNos.length;
      yield* passCheckpoints(false);
    }
    if (rounds.length < roundsAtOnce) break;
  }
  yield* passCheckpoints(true);

  if (sequenced !== undefined) {
    yield line("not-in-tree");
    for await (const found of findWaiting(query, sequenced)) {
      await batches.load(found);
      let lines = "";
      for (const event of found) {
        lines += batches.announce(event) + eventLine("waiting", event, batches.take(event), options.hasEntries);
        events += 1;
      }
      yield lines;
      options.onProgress?.(events);
    }
  }
  yield `["end",${size},${events},`;
}

function line(...parts: readonly unknown[]): string {
  return `${JSON.stringify(parts)}\n`;
}

/** The header stands last and as it is: what is hashed are its bytes. */
function eventLine(tag: "event" | "waiting", event: EventRow, batch: number, hasEntries: boolean): string {
  const [salt, entries] = hasEntries ? [quoted(event.salt), quoted(event.entries)] : ["null", "null"];
  return `["${tag}",${batch},${event.batch_index},${salt},${entries},${quoted(event.writes)},${quoted(event.sealed)},${event.header}]\n`;
}

function quoted(bytes: Buffer | null): string {
  return bytes === null ? "null" : `"${bytes.toString("base64")}"`;
}

interface Range {
  readonly firstRound: number;
  readonly firstSequence: number;
  readonly frontier: Buffer;
  /** Where the export ends: a size that a checkpoint signed, when there is any. */
  readonly lastSize: number;
  readonly isWhole: boolean;
}

async function rangeOf({ query, from, to }: ExportOptions): Promise<Range> {
  const isWhole = from === undefined && to === undefined;
  const { rows: ends } = await query.query("select coalesce(max(tree_size), 0) as size from ledger_checkpoints");
  const newestSize = Number(ends[0]?.["size"]);
  if (isWhole) return { firstRound: 1, firstSequence: 0, frontier: Buffer.alloc(0), lastSize: newestSize, isWhole };
  // One event outside on each side shows that nothing of the time itself was left out.
  const first = from === undefined ? undefined : await roundOf(query, await lastBefore(query, from));
  const last = to === undefined ? undefined : await roundOf(query, await firstSince(query, to));
  // Rounds are younger than checkpoints: behind the newest of these nothing is exported, and the event outside would be missing.
  const { rows: lasts } = await query.query("select max(round_no) as round_no from ledger_rounds where first_sequence < $1", [newestSize]);
  const { rows: lefts } = await query.query("select round_no, first_sequence + event_count as size, frontier from ledger_rounds where round_no = $1", [
    Math.min(first ?? 1, Number(lasts[0]?.["round_no"] ?? 1)) - 1,
  ]);
  const left = lefts[0];
  const { rows: rights } = await query.query(
    "select min(tree_size) as size from ledger_checkpoints where tree_size >= (select first_sequence + event_count from ledger_rounds where round_no = $1)",
    [last ?? -1],
  );
  const lastSize = rights[0]?.["size"];
  return {
    firstRound: left === undefined ? 1 : Number(left["round_no"]) + 1,
    firstSequence: left === undefined ? 0 : Number(left["size"]),
    frontier: left === undefined ? Buffer.alloc(0) : (left["frontier"] as Buffer),
    lastSize: lastSize === null || lastSize === undefined ? newestSize : Number(lastSize),
    isWhole: false,
  };
}

/** The last event of the table, or else of the files, that happened before a time. */
async function lastBefore(query: Query, at: Date): Promise<number | undefined> {
  const { rows } = await query.query("select max(event_no) as event_no from ledger_events where at < $1", [at]);
  if (rows[0]?.["event_no"] != null) return Number(rows[0]["event_no"]);
  for await (const events of (await openArchivedEvents(query)).scan({ to: at }, "newest")) return events[0]?.event_no;
  return undefined;
}

/** The first event of the files, or else of the table, that happened at a time or later. */
async function firstSince(query: Query, at: Date): Promise<number | undefined> {
  const { rows } = await query.query("select min(event_no) as event_no from ledger_events where at >= $1", [at]);
  for await (const events of (await openArchivedEvents(query)).scan({ from: at }, "oldest")) return events[0]?.event_no;
  return rows[0]?.["event_no"] == null ? undefined : Number(rows[0]["event_no"]);
}

async function roundOf(query: Query, eventNo: number | undefined): Promise<number | undefined> {
  if (eventNo === undefined) return undefined;
  const { rows } = await query.query(
    "select round_no from ledger_rounds where int8range(lowest_event_no, highest_event_no, '[]') @> $1::int8 and $1::int8 = any(event_nos)",
    [eventNo],
  );
  return rows[0] === undefined ? undefined : Number(rows[0]["round_no"]);
}

interface ExportedCheckpoint {
  readonly size: number;
  readonly epochNo: number;
  /** A witness or a time-stamping authority spoke about it. */
  readonly isKept: boolean;
  readonly line: string;
}

function streamCheckpoints(query: Query, firstSize: number): { next(): Promise<ExportedCheckpoint | undefined> } {
  let page: ExportedCheckpoint[] = [];
  let after: { size: number; epochNo: number } | undefined = { size: firstSize, epochNo: 0 };
  return {
    async next() {
      if (page.length === 0 && after !== undefined) {
        const { rows } = await query.query(
          `select c.epoch_no, c.tree_size, c.root_hash, c.note,
             array(select line from ledger_cosignatures k where k.epoch_no = c.epoch_no and k.tree_size = c.tree_size order by name) as cosignatures,
             array(select token from ledger_timestamps s where s.epoch_no = c.epoch_no and s.tree_size = c.tree_size order by timestamp_no) as stamps
           from ledger_checkpoints c where (tree_size, epoch_no) > ($1, $2) order by tree_size, epoch_no limit 1000`,
          [after.size, after.epochNo],
        );
        page = rows.map((row) => {
          const [size, epochNo, stamps] = [Number(row["tree_size"]), row["epoch_no"] as number, row["stamps"] as Buffer[]];
          const cosignatures = row["cosignatures"] as string[];
          const note = noteOf({ note: row["note"] as string, cosignatures });
          return {
            size,
            epochNo,
            isKept: cosignatures.length > 0 || stamps.length > 0,
            line:
              line("checkpoint", epochNo, size, text(row["root_hash"] as Buffer), note) +
              stamps.map((token) => line("time-stamp", epochNo, size, text(token))).join(""),
          };
        });
        const last = page.at(-1);
        after = rows.length < 1000 || last === undefined ? undefined : last;
      }
      return page.shift();
    },
  };
}

/** Events in the order of their numbers as given, a bounded part at a time; undefined for one that is not there. */
async function* findEvents(walk: StoredWalk, eventNos: readonly number[]): AsyncGenerator<(EventRow | undefined)[]> {
  for (const ascending of runsOf(eventNos)) {
    let next = 0;
    // Both ascend, so whatever is passed over is not there.
    for await (const found of walk.events(ascending)) {
      for (let from = 0; from < found.length; from += linesAtOnce) {
        const part: (EventRow | undefined)[] = [];
        for (const event of found.slice(from, from + linesAtOnce)) {
          for (; next < ascending.length && ascending[next]! < event.event_no; next++) part.push(undefined);
          part.push(event);
          next += 1;
        }
        yield part;
      }
    }
    if (next < ascending.length) yield ascending.slice(next).map(() => undefined);
  }
}

/** Parts that ascend: one, unless somebody changed the order of a round. */
function runsOf(eventNos: readonly number[]): (readonly number[])[] {
  const runs: number[][] = [];
  for (const [index, eventNo] of eventNos.entries()) {
    if (index === 0 || eventNo <= eventNos[index - 1]!) runs.push([eventNo]);
    else runs[runs.length - 1]!.push(eventNo);
  }
  return runs;
}

/** Events that the exported rounds do not hold. */
async function* findWaiting(query: Query, sequenced: NumberSet): AsyncGenerator<EventRow[]> {
  const { rows: ends } = await query.query("select coalesce(max(event_no), 0) as event_no from ledger_events");
  const newest = Number(ends[0]?.["event_no"]);
  for (let after = 0; ;) {
    const { rows } = await query.query("select event_no from ledger_events where event_no > $1 and event_no <= $2 order by event_no limit 20000", [
      after,
      newest,
    ]);
    const waiting = rows.map((row) => Number(row["event_no"])).filter((eventNo) => !sequenced.has(eventNo));
    if (waiting.length > 0) for await (const found of findEvents(walkStored(query), waiting)) yield found.filter((event) => event !== undefined);
    if (rows.length < 20_000) return;
    after = Number(rows.at(-1)?.["event_no"]);
  }
}

interface Batches {
  /** Reads the batches of these events that are not known. */
  load(events: readonly EventRow[]): Promise<void>;
  /** The line of an event's batch, before the first of its events. */
  announce(event: EventRow): string;
  /** Number of the event's batch within the export. */
  take(event: EventRow): number;
}

/** Batches are written before their first event, and forgotten after their last. */
function createBatches(walk: StoredWalk): Batches {
  interface Known {
    readonly line: string;
    readonly ordinal: number;
    rest: number;
    isAnnounced: boolean;
  }
  const known = new Map<string, Known>();
  let count = 0;
  return {
    async load(events) {
      // In the order of their events: the same export comes of the table and of files.
      const found = new Map((await walk.batchesOf(events, (batchNo) => !known.has(batchNo))).map((batch) => [batch.batch_no, batch]));
      for (const batchNo of new Set(events.map((event) => event.batch_no))) {
        const batch = found.get(batchNo);
        if (batch === undefined) continue;
        const ordinal = (count += 1);
        known.set(batchNo, {
          line: line("batch", ordinal, batchNo, batch.previous, batch.node_id, batch.at.getTime(), text(batch.leaf_hashes), text(batch.signature)),
          ordinal,
          rest: batch.leaf_hashes.length / 32,
          isAnnounced: false,
        });
      }
    },
    announce(event) {
      const batch = known.get(event.batch_no);
      if (batch === undefined || batch.isAnnounced) return "";
      batch.isAnnounced = true;
      return batch.line;
    },
    take(event) {
      const batch = known.get(event.batch_no);
      if (batch === undefined) return 0;
      batch.rest -= 1;
      // Kept while events of the same group still name it; a batch with an event too many is written anew.
      if (batch.rest === 0) known.delete(event.batch_no);
      return batch.ordinal;
    },
  };
}
