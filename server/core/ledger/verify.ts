import { inspectArchives } from "./archive/inspect-archives.ts";
import type { StoredEvent } from "./archive/stored-event.ts";
import { walkStored } from "./archive/walk-stored.ts";
import { batchMessage, leafHashAt, parseUuid } from "./batch.ts";
import { holdsSignature } from "./ed25519.ts";
import { openEpoch, openNodeKey, type Epoch } from "./epoch.ts";
import { faultsOf } from "./event-faults.ts";
import { appendHash, emptyFrontier, hashBytes, packFrontier, rootOfFrontier } from "./merkle.ts";
import { createNumberSet } from "./number-set.ts";
import type { Query } from "./query.ts";
import { formatCheckpoint, openNote } from "./signed-note.ts";

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
  readonly onEvent?: (row: { readonly eventNo: number; readonly header: string; readonly entries: Buffer | null; readonly writes: Buffer | null }) => void;
}

const mostFindings = 1_000;
const roundsAtOnce = 20;
const unsequencedPatienceMs = 60_000;
/** Clocks of nodes are set right by small steps all the time; this much is no correction. */
const clockStepMs = 10_000;

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

  const epochs = await verifyEpochs(query, options.publicKeys, find);
  const nodeKeys = await verifyNodeKeys(query, epochs, find);
  const checkpoints = await streamCheckpoints(query, epochs, find);
  const standing = Number((await query.query("select count(*) as events from ledger_events")).rows[0]?.["events"] ?? 0);
  const archives = await inspectArchives(query, find);
  const total = standing + archives.events;
  const walk = walkStored(query);

  const frontier = emptyFrontier();
  const sequenced = createNumberSet();
  const batches = new Map<string, KnownBatch>();
  const lastTimes = new Map<string, number>();
  let finishedBatches = 0;
  let met = 0;

  const meet = async (rows: readonly StoredEvent[], placeOf: (eventNo: number) => number | null): Promise<void> => {
    const found = await walk.batchesOf(rows, (batchNo) => !batches.has(batchNo));
    if (found.length > 0) {
      const firstOf = new Map(rows.toReversed().map((row) => [row.batch_no, row]));
      for (const batch of found) {
        const first = firstOf.get(batch.batch_no)!;
        const stands = first.batch === undefined;
        batches.set(batch.batch_no, { leafHashes: batch.leaf_hashes, met: new Set(), eventNo: first.event_no, stands });
        if (!stands) archives.meetBatch(batch.batch_no);
        const message = batchMessage({
          batchNo: parseUuid(batch.batch_no),
          previous: batch.previous === null ? null : parseUuid(batch.previous),
          nodeId: batch.node_id,
          at: batch.at,
          leafHashes: batch.leaf_hashes,
        });
        const isSigned = (nodeKeys.get(batch.node_id) ?? []).some((key) => holdsSignature(key, message, batch.signature));
        if (!isSigned) find("batch is not signed by a key of its node", placeOf(first.event_no), first.event_no);
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
      options.onEvent?.({ eventNo: row.event_no, header: row.header, entries: row.entries, writes: row.writes });
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

  let roundNo = 0;
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
      `select round_no, first_sequence, event_count, event_nos, leaf_hashes, frontier from ledger_rounds where round_no > $1 order by round_no limit ${roundsAtOnce}`,
      [roundNo],
    );
    for (const row of rounds) {
      const round = row as { first_sequence: number; event_count: number; leaf_hashes: Buffer; frontier: Buffer };
      if (Number(row["round_no"]) !== roundNo + 1) find("a round is missing", frontier.size);
      roundNo = Number(row["round_no"]);
      if (Number(round.first_sequence) !== frontier.size) find("a round does not continue the one before", frontier.size);
      const eventNos = (row["event_nos"] as unknown[]).map(Number);
      const places = new Map<number, number>();
      for (let index = 0; index < eventNos.length; index++) {
        const eventNo = eventNos[index]!;
        if (!sequenced.add(eventNo)) find("event stands twice in the tree", frontier.size + index, eventNo);
        places.set(eventNo, frontier.size + index);
      }
      const isMet = new Set<number>();
      // A file that is not there or not what it was is one finding, not one for each of its events.
      const isReadable = !archives.isUnreadable(eventNos[0]!);
      for await (const events of isReadable ? walk.events(eventNos) : []) {
        for (const event of events) {
          const place = places.get(event.event_no)!;
          isMet.add(event.event_no);
          if (!event.leaf_hash.equals(leafHashAt(round.leaf_hashes, place - frontier.size)))
            find("event is not what the tree holds here", place, event.event_no);
        }
        await meet(events, (eventNo) => places.get(eventNo) ?? null);
      }
      if (isReadable) for (const [eventNo, place] of places) if (!isMet.has(eventNo)) find("event is missing", place, eventNo);
      for (let index = 0; index < round.event_count; index++) appendHash(frontier, Buffer.from(leafHashAt(round.leaf_hashes, index)));
      if (!packFrontier(frontier).equals(round.frontier)) find("a round does not lead to its frontier", frontier.size - 1);
      await passCheckpoints();
    }
    if (rounds.length < roundsAtOnce) break;
  }
  for (; checkpoint !== undefined; checkpoint = await checkpoints.next()) find("events below a checkpoint are missing", checkpoint.treeSize);
  for (const { previous } of epochs.values())
    if (previous !== null && previous.treeSize > frontier.size) find("events below an epoch are missing", previous.treeSize);

  await verifyUnsequenced(query, sequenced, archives.upTo, meet, now, find);
  for (const [, batch] of batches) find("batch lacks events that it signed", null, batch.eventNo);
  await verifyBatches(query, finishedBatches + [...batches.values()].filter(({ stands }) => stands).length, find);
  archives.finish();

  return { ok: findings.length === 0, events: met, findings, remarks: remarks.slice(0, mostFindings), treeSize: frontier.size };
}

type Find = (what: string, sequence?: number | null, eventNo?: number | null) => void;

async function verifyEpochs(query: Query, publicKeys: readonly Buffer[], find: Find): Promise<Map<number, Epoch>> {
  const epochs = new Map<number, Epoch>();
  const { rows } = await query.query("select epoch_no, origin, document, signature from ledger_epochs order by epoch_no");
  for (const row of rows) {
    const epochNo = row["epoch_no"] as number;
    const epoch = openEpochSafely(row["document"] as string, row["signature"] as Buffer);
    if (epoch === undefined || epoch.epochNo !== epochNo || epoch.origin !== row["origin"]) find(`epoch ${epochNo} is not as it was signed`);
    else if (!publicKeys.some((key) => key.equals(epoch.publicKey))) find(`the key of epoch ${epochNo} is not trusted`);
    else epochs.set(epochNo, epoch);
  }
  if (rows.length === 0) find("there is no epoch");
  return epochs;
}

function openEpochSafely(document: string, signature: Buffer): Epoch | undefined {
  try {
    return openEpoch(document, signature);
  } catch {
    return undefined;
  }
}

async function verifyNodeKeys(query: Query, epochs: ReadonlyMap<number, Epoch>, find: Find): Promise<Map<string, Buffer[]>> {
  const keys = new Map<string, Buffer[]>();
  const { rows } = await query.query("select epoch_no, node_id, public_key, document, signature from ledger_node_keys");
  for (const row of rows) {
    const epoch = epochs.get(row["epoch_no"] as number);
    if (epoch === undefined) continue;
    let node: ReturnType<typeof openNodeKey>;
    try {
      node = openNodeKey(row["document"] as string, row["signature"] as Buffer, epoch);
    } catch {
      node = undefined;
    }
    if (node === undefined || node.nodeId !== row["node_id"] || !node.publicKey.equals(row["public_key"] as Buffer))
      find("the key of a node is not vouched for");
    else keys.set(node.nodeId, [...(keys.get(node.nodeId) ?? []), node.publicKey]);
  }
  return keys;
}

interface SignedTree {
  readonly treeSize: number;
  readonly rootHash: Buffer;
}

/** Roots that were signed, by rising size: those of checkpoints and those at which epochs were left. */
async function streamCheckpoints(query: Query, epochs: ReadonlyMap<number, Epoch>, find: Find): Promise<{ next(): Promise<SignedTree | undefined> }> {
  const left: SignedTree[] = [...epochs.values()].flatMap(({ previous }) => previous ?? []).sort((a, b) => a.treeSize - b.treeSize);
  let page: SignedTree[] = [];
  let after: { size: number; epochNo: number } | undefined = { size: -1, epochNo: 0 };
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
  archivedUpTo: number,
  meet: (rows: readonly StoredEvent[], placeOf: () => null) => Promise<void>,
  now: Date,
  find: Find,
): Promise<void> {
  let after = 0;
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
