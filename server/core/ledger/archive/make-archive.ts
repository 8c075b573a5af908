import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "#server/platform/files/sync-folder.ts";
import { leafHashAt } from "../batch.ts";
import { splitBySize } from "../chunk-by-size.ts";
import { faultsOf } from "../event-faults.ts";
import { appendHashes, emptyFrontier, packFrontier, parseFrontier } from "../merkle.ts";
import type { Query } from "../query.ts";
import { eventsInChunk, hashArchiveFile, writeArchiveFile } from "./archive-file.ts";
import { openArchivedEvents } from "./archived-events.ts";
import type { Archive } from "./list-archives.ts";
import { selectBatches, selectEvents, type StoredBatch, type StoredEvent } from "./stored-event.ts";

/** Which rounds the next file will hold. */
export type ArchivePlan = Pick<
  Archive,
  "archiveNo" | "epochNo" | "firstRound" | "lastRound" | "firstSequence" | "eventCount" | "lowest" | "highest" | "firstAt" | "lastAt" | "file"
>;

/** Something about the events is not as it was signed, or the file is not what was written: nothing is taken away. */
export class CannotArchive extends Error {
  readonly eventNo: number | null;
  constructor(what: string, eventNo: number | null = null) {
    super(what);
    this.name = "CannotArchive";
    this.eventNo = eventNo;
  }
}

/** About: a file goes on to the next place where it may end. */
const eventsAFile = 262_144;
const roundsAtOnce = 2_000;

/**
 * The next whole rounds of one epoch in which every event is older than `before` and has a number up to `upTo`, or undefined.
 * A file ends where every event number up to its last one is in the tree already, and no batch reaches over its end: so files
 * and table never hold numbers of each other's range.
 */
export async function planArchive(
  query: Query,
  { before, upTo, atMost = eventsAFile }: { before: Date; upTo: number; atMost?: number },
): Promise<ArchivePlan | undefined> {
  const { rows: last } = await query.query("select archive_no, last_round from ledger_archives order by archive_no desc limit 1");
  const archiveNo = ((last[0]?.["archive_no"] as number | undefined) ?? 0) + 1;
  const firstRound = Number(last[0]?.["last_round"] ?? 0) + 1;
  const { rows: young } = await query.query("select event_no from ledger_events where at >= $1 order by event_no limit 1", [before]);
  const below = Math.min(upTo + 1, Number(young[0]?.["event_no"] ?? Infinity));

  let start: { epochNo: number; firstSequence: number; lowest: number } | undefined;
  let highest = 0;
  let eventCount = 0;
  const ends: { lastRound: number; eventCount: number; highest: number; lowestOfRound: number; highestOfRound: number }[] = [];
  reading: for (let after = firstRound - 1; ;) {
    const { rows } = await query.query(
      `select round_no, epoch_no, first_sequence, event_count, lowest_event_no, highest_event_no, settled_event_no
       from ledger_rounds where round_no > $1 order by round_no limit ${roundsAtOnce}`,
      [after],
    );
    for (const row of rows) {
      after = Number(row["round_no"]);
      const [epochNo, lowestOfRound, highestOfRound] = [row["epoch_no"] as number, Number(row["lowest_event_no"]), Number(row["highest_event_no"])];
      if (highestOfRound >= below || (start !== undefined && epochNo !== start.epochNo)) break reading;
      start = { epochNo, firstSequence: Number(row["first_sequence"]), ...start, lowest: Math.min(start?.lowest ?? Infinity, lowestOfRound) };
      highest = Math.max(highest, highestOfRound);
      eventCount += row["event_count"] as number;
      if (Number(row["settled_event_no"]) >= highest) ends.push({ lastRound: after, eventCount, highest, lowestOfRound, highestOfRound });
      if (eventCount >= atMost && ends.length > 0) break reading;
    }
    if (rows.length < roundsAtOnce) break;
  }
  if (start === undefined) return undefined;
  for (const end of ends.toReversed()) {
    const { rows: reaching } = await query.query(
      `select from ledger_events e join ledger_batches b using (batch_no) where e.event_no between $1 and $2
       group by b.batch_no having count(*) * 32 <> octet_length(b.leaf_hashes) limit 1`,
      [end.lowestOfRound, end.highestOfRound],
    );
    if (reaching.length > 0) continue;
    const { rows: times } = await query.query("select min(at) as first_at, max(at) as last_at from ledger_events where event_no between $1 and $2", [
      start.lowest,
      end.highest,
    ]);
    const [firstAt, lastAt] = [times[0]?.["first_at"], times[0]?.["last_at"]] as [Date | null, Date | null];
    if (firstAt === null || lastAt === null) throw new CannotArchive("events are missing", start.lowest);
    return {
      archiveNo,
      ...start,
      firstRound,
      lastRound: end.lastRound,
      eventCount: end.eventCount,
      highest: end.highest,
      firstAt,
      lastAt,
      file: `${start.epochNo}-${start.firstSequence}-${start.firstSequence + end.eventCount - 1}.klz`,
    };
  }
  return undefined;
}

/**
 * Writes the file of a plan: durable under its name when this resolves. What stood under that name without being listed is
 * kept beside it.
 * @throws CannotArchive when the events are not as they were signed
 */
export async function writeArchive(query: Query, plan: ArchivePlan, folder: string): Promise<Archive> {
  const path = join(folder, plan.file);
  await rm(`${path}.part`, { force: true });
  const written = await writeArchiveFile(`${path}.part`, groupsOf(query, plan));
  await rename(path, `${path}.stray`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  await rename(`${path}.part`, path);
  await syncFolder(folder);
  return { ...plan, ...written, isCleared: false, folder };
}

async function* groupsOf(query: Query, { lowest, highest }: ArchivePlan): AsyncGenerator<{ events: StoredEvent[]; batches: Map<string, StoredBatch> }> {
  for (let from = lowest; from <= highest;) {
    const { rows } = await query.query(
      `select event_no, octet_length(header) + coalesce(octet_length(entries), 0) + coalesce(octet_length(writes), 0) + coalesce(octet_length(sealed), 0) as bytes
       from ledger_events where event_no between $1 and $2 order by event_no limit ${eventsInChunk}`,
      [from, highest],
    );
    if (rows.length === 0) return;
    for (const part of splitBySize(rows.map((row) => ({ eventNo: Number(row["event_no"]), bytes: Number(row["bytes"]) })))) {
      const events = await selectEvents(query, part);
      for (const event of events) demandSound(event);
      const batches = await selectBatches(query, [...new Set(events.map((event) => event.batch_no))]);
      yield { events, batches: new Map(batches.map((batch) => [batch.batch_no, batch])) };
      from = part.at(-1)! + 1;
    }
  }
}

function demandSound(event: StoredEvent): void {
  const [fault] = faultsOf(event);
  if (fault !== undefined) throw new CannotArchive(fault, event.event_no);
}

/**
 * Reads a file back and holds it against the tree and the table: its SHA-256, every event against its header's hashes, its leaf
 * and the row that still stands, every batch, and the roots of the rounds computed anew.
 * @throws CannotArchive, Problem ledger-file-unreadable
 */
export async function checkArchive(query: Query, archive: Archive): Promise<void> {
  const sha256 = await hashArchiveFile(archive);
  if (sha256 === undefined || !sha256.equals(archive.sha256)) throw new CannotArchive("the file is not what was written");
  const lying = await openArchivedEvents(query, [archive]);
  const { rows: before } = await query.query("select first_sequence + event_count as size, frontier from ledger_rounds where round_no = $1", [
    archive.firstRound - 1,
  ]);
  const frontier = before[0] === undefined ? emptyFrontier() : parseFrontier(Number(before[0]["size"]), before[0]["frontier"] as Buffer);
  const leavesOfBatches = new Map<string, number>();
  const named = new Set<string>();
  let events = 0;
  for (let after = archive.firstRound - 1; after < archive.lastRound;) {
    const { rows: rounds } = await query.query(
      "select round_no, event_nos, leaf_hashes, frontier from ledger_rounds where round_no > $1 and round_no <= $2 order by round_no limit 100",
      [after, archive.lastRound],
    );
    if (rounds.length === 0) throw new CannotArchive("a round is missing");
    for (const round of rounds) {
      after = Number(round["round_no"]);
      const eventNos = (round["event_nos"] as unknown[]).map(Number);
      const leafHashes = round["leaf_hashes"] as Buffer;
      const places = new Map(eventNos.map((eventNo, place) => [eventNo, place]));
      for await (const part of lying.byNumber(eventNos)) {
        await demandSame(query, part);
        for (const event of part) {
          if (event.batch?.previous != null) named.add(event.batch.previous);
          demandSound(event);
          if (!event.leaf_hash.equals(leafHashAt(leafHashes, places.get(event.event_no)!))) {
            throw new CannotArchive("event is not what the tree holds here", event.event_no);
          }
          const rest = leavesOfBatches.get(event.batch_no) ?? event.batch!.leaf_hashes.length / 32;
          if (rest === 1) leavesOfBatches.delete(event.batch_no);
          else leavesOfBatches.set(event.batch_no, rest - 1);
        }
        events += part.length;
        for (const event of part) places.delete(event.event_no);
      }
      const [missing] = places.keys();
      if (missing !== undefined) throw new CannotArchive("event is missing", missing);
      appendHashes(frontier, leafHashes);
      if (!packFrontier(frontier).equals(round["frontier"] as Buffer)) throw new CannotArchive("a round does not lead to its frontier", eventNos[0]);
    }
  }
  if (events !== archive.eventCount) throw new CannotArchive("the file holds other events than it should");
  if (leavesOfBatches.size > 0) throw new CannotArchive("a batch reaches beyond the file");
  if ((await unknownBatches(query, named)).size > 0) throw new CannotArchive("the batch before one of the file's is missing");
}

/** Those of the batches that stand neither in the table nor in a file. */
async function unknownBatches(query: Query, batchNos: ReadonlySet<string>): Promise<Set<string>> {
  const unknown = new Set(batchNos);
  const all = [...batchNos];
  for (let from = 0; from < all.length; from += 10_000) {
    const { rows } = await query.query("select batch_no from ledger_batches where batch_no = any($1::uuid[])", [all.slice(from, from + 10_000)]);
    for (const row of rows) unknown.delete(row["batch_no"] as string);
  }
  if (unknown.size === 0) return unknown;
  // A run goes on across the end of a file: nearly always they are the last of it.
  for await (const events of (await openArchivedEvents(query)).scan({}, "newest")) {
    for (const event of events) unknown.delete(event.batch_no);
    if (unknown.size === 0) break;
  }
  return unknown;
}

/** Every column of what lies in the file against the row that stands. */
async function demandSame(query: Query, lying: readonly StoredEvent[]): Promise<void> {
  const standing = await selectEvents(
    query,
    lying.map((event) => event.event_no),
  );
  const batches = new Map((await selectBatches(query, [...new Set(lying.map((event) => event.batch_no))])).map((batch) => [batch.batch_no, batch]));
  for (const [index, { batch, ...event }] of lying.entries()) {
    const row = standing[index];
    const isSame = row !== undefined && batch !== undefined && areSame(event, row) && areSame(batch, batches.get(event.batch_no) ?? {});
    if (!isSame) throw new CannotArchive("the file does not hold what the table holds", event.event_no);
  }
}

function areSame(one: object, other: object): boolean {
  return Object.entries(one).every(([key, value]) => {
    const found = (other as Record<string, unknown>)[key];
    if (Buffer.isBuffer(value)) return Buffer.isBuffer(found) && value.equals(found);
    return value instanceof Date ? found instanceof Date && value.getTime() === found.getTime() : value === found;
  });
}

/** Stores an archive in the transaction that records it. */
export async function insertArchive(query: Query, archive: Archive, now: Date): Promise<void> {
  await query.query(
    `insert into ledger_archives (archive_no, epoch_no, first_round, last_round, first_sequence, event_count, lowest_event_no, highest_event_no, first_at, last_at,
       types, file, bytes, sha256, index_sha256, archived_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    [
      archive.archiveNo,
      archive.epochNo,
      archive.firstRound,
      archive.lastRound,
      archive.firstSequence,
      archive.eventCount,
      archive.lowest,
      archive.highest,
      archive.firstAt,
      archive.lastAt,
      archive.types,
      archive.file,
      archive.bytes,
      archive.sha256,
      archive.indexSha256,
      now,
    ],
  );
}

/** What the event `ledger.archived` says of an archive; clear_archived_events and the verification hold the row against it. */
export function archiveFacts(archive: Archive): Readonly<Record<string, string | number>> {
  return {
    archiveNo: archive.archiveNo,
    file: archive.file,
    sha256: archive.sha256.toString("hex"),
    bytes: archive.bytes,
    epoch: archive.epochNo,
    firstSequence: archive.firstSequence,
    events: archive.eventCount,
    lowestEventNo: archive.lowest,
    highestEventNo: archive.highest,
    firstAt: archive.firstAt.toISOString(),
    lastAt: archive.lastAt.toISOString(),
  };
}

/** Takes the rows away whose file is bound; as kuraban_ledger. How many; 0 when they were gone. */
export async function clearArchive(query: Query, archiveNo: number): Promise<number> {
  const { rows } = await query.query("select clear_archived_events($1) as cleared", [archiveNo]);
  return Number(rows[0]?.["cleared"]);
}

/** Whether the event that binds an archive stands in the tree. */
export async function isBound(query: Query, archive: Archive): Promise<boolean> {
  const { rows } = await query.query(
    `select exists (select from ledger_events e
       join ledger_rounds r on int8range(r.lowest_event_no, r.highest_event_no, '[]') @> e.event_no and e.event_no = any(r.event_nos)
      where e.type = 'ledger.archived' and e.event_no > $1 and e.header::jsonb->>'outcome' = 'ok' and e.header::jsonb->'facts' @> $2::jsonb) as bound`,
    [archive.highest, JSON.stringify({ archiveNo: archive.archiveNo, sha256: archive.sha256.toString("hex") })],
  );
  return rows[0]?.["bound"] === true;
}
