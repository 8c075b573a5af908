import { inspectArchives, type ArchiveInspection } from "./archive/inspect-archives.ts";
import type { StoredEvent } from "./archive/stored-event.ts";
import { walkStored } from "./archive/walk-stored.ts";
import { leafHashAt } from "./batch.ts";
import type { Epoch } from "./epoch.ts";
import { faultsOf } from "./event-faults.ts";
import { appendHashes, emptyFrontier, hashBytes, packFrontier, parseFrontier, rootOfFrontier } from "./merkle.ts";
import { createNumberSet } from "./number-set.ts";
import type { Query } from "./query.ts";
import { formatCheckpoint, openNote } from "./signed-note.ts";
import { isBatchSigned, verifyEpochs, verifyNodeKeys, type Find } from "./verify-keys.ts";

export interface Finding {
  /** What is wrong, in a few English words, without any value. */
  readonly what: string;
  readonly sequence: number | null;
  readonly eventNo: number | null;
}

export interface Verification {
  readonly ok: boolean;
  /** Events looked at. */
  readonly events: number;
  /** The first 1,000. */
  readonly findings: readonly Finding[];
  /** Worth a look without being proof of tampering: a clock that went back. */
  readonly remarks: readonly Finding[];
  /** Events in the tree. */
  readonly treeSize: number;
}

export interface VerifyOptions {
  /** A transaction of repeatable read when the ledger is in use meanwhile: then all is seen at one moment. */
  readonly query: Query;
  /** Ed25519 public keys (32 bytes) of checkpoints that are trusted; everything else follows from them. */
  readonly publicKeys: readonly Buffer[];
  readonly now: Date;
  readonly onProgress?: (events: number, of: number) => void;
  /** Each event as it is met, whatever is found of it. */
  readonly onEvent?: (row: MetEvent) => void;
  /** Goes on from where another verification stood. What lies before is not looked at: whoever gives it must have it from somewhere safe. */
  readonly from?: VerifiedState | undefined;
  /** After each round, or some small ones; answering false ends the verification there, before anything is said of what it did not reach. */
  readonly onRound?: (round: VerifiedRound) => boolean | Promise<boolean>;
}

export interface MetEvent {
  readonly eventNo: number;
  readonly type: string;
  readonly header: string;
  readonly entries: Buffer | null;
  readonly writes: Buffer | null;
  readonly leafHash: Buffer;
}

export interface VerifiedRound {
  /** Every number up to here stands in the tree or never will. */
  readonly settledNo: number;
  readonly state: VerifiedState;
}

/** Where a verification stands after a round: enough to go on from there as if it had not stopped. */
export interface VerifiedState {
  readonly roundNo: number;
  readonly treeSize: number;
  /** As in ledger_rounds. */
  readonly frontier: Buffer;
  /** The highest number in the tree so far. */
  readonly highestNo: number;
  /** Every number up to here stands in the tree, maybe in a later round; at least `highestNo`. */
  readonly upTo: number;
  /** Batches of which events are still to come: an event of each that was met, and the places that were. */
  readonly batches: readonly { readonly batchNo: string; readonly eventNo: number; readonly met: readonly number[] }[];
  /** Time of the newest batch of each node, in ms. */
  readonly lastTimes: readonly (readonly [nodeId: string, at: number])[];
}

const mostFindings = 1_000;
const roundsAtOnce = 20;
const eventsInPart = 5_000;
const unsequencedPatienceMs = 60_000;
/** Clocks of nodes are set right by small steps all the time; this much is no correction. */
const clockStepMs = 10_000;

interface Round {
  readonly roundNo: number;
  readonly firstSequence: number;
  readonly eventNos: readonly number[];
  readonly leafHashes: Buffer;
  readonly frontier: Buffer;
  readonly settledNo: number;
}

/** Rounds that are looked at together: an office's are of a few events each, and every look is a question to the database. */
function partsOf(rows: readonly Record<string, unknown>[]): Round[][] {
  const parts: Round[][] = [];
  let events = Infinity;
  for (const row of rows) {
    const eventNos = (row["event_nos"] as unknown[]).map(Number);
    const round = {
      roundNo: Number(row["round_no"]),
      firstSequence: Number(row["first_sequence"]),
      eventNos,
      leafHashes: row["leaf_hashes"] as Buffer,
      frontier: row["frontier"] as Buffer,
      settledNo: Number(row["settled_event_no"]),
    };
    events += eventNos.length;
    if (events > eventsInPart) {
      parts.push([round]);
      events = eventNos.length;
    } else {
      parts[parts.length - 1]!.push(round);
    }
  }
  return parts;
}

interface KnownBatch {
  readonly leafHashes: Buffer;
  /** Places whose events were met. */
  readonly met: Set<number>;
  readonly eventNo: number;
  /** Whether it stands in the table. */
  readonly stands: boolean;
}

/**
 * Verifies the whole ledger: every event against its header, sections, batch and place in the tree; every batch against its
 * node's key; every round and checkpoint against the tree computed anew; every epoch against the keys that are trusted.
 * Bounded memory (a bit an event and the batches that are being read).
 *
 * Without a witness outside it cannot see the tail cut off together with its checkpoints, nor the whole rolled back.
 */
export async function verifyLedger(options: VerifyOptions): Promise<Verification> {
  const { query, now } = options;
  const findings: Finding[] = [];
  const remarks: Finding[] = [];
  const find = (what: string, sequence: number | null = null, eventNo: number | null = null): void => {
    if (findings.length < mostFindings) findings.push({ what, sequence, eventNo });
  };

  const { from } = options;
  const epochs = await verifyEpochs(query, options.publicKeys, find);
  const nodeKeys = await verifyNodeKeys(query, epochs, find);
  const checkpoints = await streamCheckpoints(query, epochs, find, from?.treeSize ?? 0);
  const archives = from === undefined ? await inspectArchives(query, find) : passedArchives;
  const total = archives.events + (await countAfter(query, from?.upTo));
  const walk = walkStored(query);

  const frontier = from === undefined ? emptyFrontier() : parseFrontier(from.treeSize, from.frontier);
  const sequenced = createNumberSet();
  const batches = new Map<string, KnownBatch>();
  const begun = new Map(from?.batches.map((batch) => [batch.batchNo, batch]));
  const lastTimes = new Map<string, number>(from?.lastTimes);
  let highestNo = from?.highestNo ?? 0;
  let finishedBatches = 0;
  let met = 0;
  const result = (): Verification => ({
    ok: findings.length === 0,
    events: met,
    findings,
    remarks: remarks.slice(0, mostFindings),
    treeSize: frontier.size,
  });

  const meet = async (rows: readonly StoredEvent[], placeOf: (eventNo: number) => number | null): Promise<void> => {
    const found = await walk.batchesOf(rows, (batchNo) => !batches.has(batchNo));
    if (found.length > 0) {
      const firstOf = new Map(rows.toReversed().map((row) => [row.batch_no, row]));
      for (const batch of found) {
        const first = firstOf.get(batch.batch_no)!;
        const stands = first.batch === undefined;
        batches.set(batch.batch_no, { leafHashes: batch.leaf_hashes, met: new Set(begun.get(batch.batch_no)?.met), eventNo: first.event_no, stands });
        begun.delete(batch.batch_no);
        if (!stands) archives.meetBatch(batch.batch_no);
        if (!isBatchSigned(batch, nodeKeys)) find("batch is not signed by a key of its node", placeOf(first.event_no), first.event_no);
        // A batch of a business transaction names none before it, and may wait long for its commit.
        if (batch.previous !== null) {
          const at = batch.at.getTime();
          if (at < (lastTimes.get(batch.node_id) ?? at) - clockStepMs) {
            remarks.push({ what: "clock of the node went back", sequence: placeOf(first.event_no), eventNo: first.event_no });
          }
          lastTimes.set(batch.node_id, at);
        }
      }
    }
    for (const row of rows) {
      const place = placeOf(row.event_no);
      for (const what of faultsOf(row)) find(what, place, row.event_no);
      archives.meetEvent(row);
      options.onEvent?.({ eventNo: row.event_no, type: row.type, header: row.header, entries: row.entries, writes: row.writes, leafHash: row.leaf_hash });
      const batch = batches.get(row.batch_no);
      if (batch === undefined) {
        find("event belongs to no batch", place, row.event_no);
      } else if (!leafHashAt(batch.leafHashes, row.batch_index).equals(row.leaf_hash)) {
        find("event is not what its batch signed", place, row.event_no);
      } else if (batch.met.has(row.batch_index)) {
        find("event stands twice", place, row.event_no);
      } else {
        batch.met.add(row.batch_index);
        if (batch.met.size * hashBytes === batch.leafHashes.length) {
          batches.delete(row.batch_no);
          if (batch.stands) finishedBatches += 1;
        }
      }
    }
    met += rows.length;
    options.onProgress?.(met, total);
  };

  let roundNo = from?.roundNo ?? 0;
  let checkpoint = await checkpoints.next();
  const passCheckpoints = async (): Promise<void> => {
    while (checkpoint !== undefined && checkpoint.treeSize <= frontier.size) {
      if (checkpoint.treeSize < frontier.size) find("checkpoint lies inside a round", checkpoint.treeSize);
      else if (!checkpoint.rootHash.equals(rootOfFrontier(frontier))) find("checkpoint signs another tree", checkpoint.treeSize);
      checkpoint = await checkpoints.next();
    }
  };
  await passCheckpoints();

  for (;;) {
    const { rows: rounds } = await query.query(
      `select round_no, first_sequence, event_count, event_nos, leaf_hashes, frontier, settled_event_no from ledger_rounds where round_no > $1 order by round_no limit ${roundsAtOnce}`,
      [roundNo],
    );
    for (const part of partsOf(rounds)) {
      const places = new Map<number, number>();
      const leaves: Buffer[] = [];
      let size = frontier.size;
      for (const round of part) {
        if (round.roundNo !== roundNo + 1) find("a round is missing", size);
        roundNo = round.roundNo;
        if (round.firstSequence !== size) find("a round does not continue the one before", size);
        for (const eventNo of round.eventNos) {
          if (!sequenced.add(eventNo)) find("event stands twice in the tree", size, eventNo);
          highestNo = Math.max(highestNo, eventNo);
          places.set(eventNo, size);
          size += 1;
        }
        leaves.push(round.leafHashes);
      }
      const leafHashes = Buffer.concat(leaves);
      const isMet = new Set<number>();
      // A file that is not there or not what it was is one finding, not one for each of its events.
      const readable = part.flatMap(({ eventNos }) => (archives.isUnreadable(eventNos[0]!) ? [] : eventNos));
      const start = frontier.size;
      for await (const events of walk.events(readable)) {
        for (const event of events) {
          const place = places.get(event.event_no)!;
          isMet.add(event.event_no);
          if (!event.leaf_hash.equals(leafHashAt(leafHashes, place - start))) find("event is not what the tree holds here", place, event.event_no);
        }
        await meet(events, (eventNo) => places.get(eventNo) ?? null);
      }
      for (const eventNo of readable) if (!isMet.has(eventNo)) find("event is missing", places.get(eventNo)!, eventNo);
      for (const round of part) {
        appendHashes(frontier, round.leafHashes);
        if (!packFrontier(frontier).equals(round.frontier)) find("a round does not lead to its frontier", frontier.size - 1);
        await passCheckpoints();
      }
      const last = part[part.length - 1]!;
      if (options.onRound === undefined) continue;
      const open = [...[...batches].map(([batchNo, { eventNo, met: places }]) => ({ batchNo, eventNo, met: [...places] })), ...begun.values()];
      const state = { roundNo, treeSize: frontier.size, frontier: last.frontier, highestNo, upTo: highestNo, batches: open, lastTimes: [...lastTimes] };
      if (!(await options.onRound({ settledNo: last.settledNo, state }))) return result();
    }
    if (rounds.length < roundsAtOnce) break;
  }
  for (; checkpoint !== undefined; checkpoint = await checkpoints.next()) find("events below a checkpoint are missing", checkpoint.treeSize);
  for (const { previous } of epochs.values())
    if (previous !== null && previous.treeSize > frontier.size) find("events below an epoch are missing", previous.treeSize);

  await verifyUnsequenced(query, sequenced, from?.upTo ?? 0, archives.upTo, meet, now, find);
  for (const batch of [...batches.values(), ...begun.values()]) find("batch lacks events that it signed", null, batch.eventNo);
  if (from === undefined) await verifyBatches(query, finishedBatches + [...batches.values()].filter(({ stands }) => stands).length, find);
  archives.finish();
  return result();
}

/** Files are looked at by whoever begins at the beginning. */
const passedArchives: Pick<ArchiveInspection, "events" | "upTo" | "isUnreadable" | "meetEvent" | "meetBatch" | "finish"> = {
  events: 0,
  upTo: 0,
  isUnreadable: () => false,
  meetEvent: () => undefined,
  meetBatch: () => undefined,
  finish: () => undefined,
};

/** How many events stand in the table; behind a number, as many as there may be: counting years takes seconds. */
async function countAfter(query: Query, upTo: number | undefined): Promise<number> {
  const { rows } = await query.query(
    upTo === undefined ? "select count(*) as events from ledger_events" : "select coalesce(max(event_no), 0) as events from ledger_events",
  );
  return Math.max(0, Number(rows[0]?.["events"] ?? 0) - (upTo ?? 0));
}

interface SignedTree {
  readonly treeSize: number;
  readonly rootHash: Buffer;
}

/** Roots that were signed, by rising size: those of checkpoints and those at which epochs were left. */
async function streamCheckpoints(
  query: Query,
  epochs: ReadonlyMap<number, Epoch>,
  find: Find,
  fromSize: number,
): Promise<{ next(): Promise<SignedTree | undefined> }> {
  const left: SignedTree[] = [...epochs.values()]
    .flatMap(({ previous }) => previous ?? [])
    .filter(({ treeSize }) => treeSize >= fromSize)
    .sort((a, b) => a.treeSize - b.treeSize);
  let page: SignedTree[] = [];
  let after: { size: number; epochNo: number } | undefined = { size: fromSize - 1, epochNo: 2 ** 31 - 1 };
  // Later ones may speak of rounds that are not read any more.
  const { rows: newest } = await query.query("select max(tree_size) as tree_size from ledger_checkpoints");
  const mostSize = Number(newest[0]?.["tree_size"] ?? -1);
  const fill = async (): Promise<void> => {
    const from = after;
    if (page.length > 0 || from === undefined) return;
    const { rows } = await query.query(
      "select epoch_no, tree_size, root_hash, note from ledger_checkpoints where (tree_size, epoch_no) > ($1, $2) and tree_size <= $3 order by tree_size, epoch_no limit 1000",
      [from.size, from.epochNo, mostSize],
    );
    for (const row of rows) {
      const treeSize = Number(row["tree_size"]);
      const rootHash = row["root_hash"] as Buffer;
      const epoch = epochs.get(row["epoch_no"] as number);
      const text = epoch && openNote(row["note"] as string, epoch.origin, epoch.publicKey);
      if (epoch !== undefined && text !== formatCheckpoint(epoch.origin, treeSize, rootHash))
        find("checkpoint is not signed by the key of its epoch", treeSize);
      page.push({ treeSize, rootHash });
    }
    const last = rows[rows.length - 1];
    after = rows.length < 1000 || last === undefined ? undefined : { size: Number(last["tree_size"]), epochNo: last["epoch_no"] as number };
  };
  return {
    async next() {
      await fill();
      const [stored, earlier] = [page[0], left[0]];
      if (earlier !== undefined && (stored === undefined || earlier.treeSize <= stored.treeSize)) return left.shift();
      return page.shift();
    },
  };
}

/** Events that the tree does not hold: young ones wait for the sequencer, and are verified in themselves. */
async function verifyUnsequenced(
  query: Query,
  sequenced: ReturnType<typeof createNumberSet>,
  from: number,
  archivedUpTo: number,
  meet: (rows: readonly StoredEvent[], placeOf: () => null) => Promise<void>,
  now: Date,
  find: Find,
): Promise<void> {
  let after = from;
  for (;;) {
    const { rows } = await query.query("select event_no from ledger_events where event_no > $1 order by event_no limit 20000", [after]);
    const numbers = rows.map((row) => Number(row["event_no"]));
    for (const eventNo of numbers) if (eventNo <= archivedUpTo && sequenced.has(eventNo)) find("event stands beside the file that holds it", null, eventNo);
    const waiting = numbers.filter((eventNo) => !sequenced.has(eventNo));
    for await (const events of walkStored(query).events(waiting)) {
      await meet(events, () => null);
      for (const event of events) if (now.getTime() - event.at.getTime() > unsequencedPatienceMs) find("event never came into the tree", null, event.event_no);
    }
    const last = rows[rows.length - 1];
    if (rows.length < 20_000 || last === undefined) return;
    after = Number(last["event_no"]);
  }
}

/** Batches whose events are all gone, or met twice over. Those missed by their successors: inspect-archives.ts. */
async function verifyBatches(query: Query, met: number, find: Find): Promise<void> {
  const { rows } = await query.query("select count(*) as batches from ledger_batches");
  if (Number(rows[0]?.["batches"]) !== met) {
    const { rows: odd } = await query.query(
      `select min(e.event_no) as event_no from ledger_batches b left join ledger_events e using (batch_no)
       group by b.batch_no having count(e.event_no) * 32 <> max(octet_length(b.leaf_hashes)) limit 100`,
    );
    for (const row of odd) find("batch and its events differ in number", null, row["event_no"] === null ? null : Number(row["event_no"]));
  }
}
