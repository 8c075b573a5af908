import { appendHashes, emptyFrontier, packFrontier, parseFrontier, type Frontier } from "./merkle.ts";
import type { Query } from "./query.ts";

/**
 * A round gives committed events their places in the tree. Event numbers are handed out before their transactions commit,
 * so at any moment some numbers below the highest seen are missing: their transactions are still open, or will never commit.
 * Such gaps are asked for again in every round, until every transaction that was open when the gap was first seen has ended
 * and a while has passed (a backend may hold a number for an instant before it has a transaction id). What is settled is
 * stored with each round, so that a new leader knows how far back to look.
 */
export interface Tree {
  readonly frontier: Frontier;
  roundNo: number;
  /** Every number up to here is in the tree or will never be. */
  settledNo: number;
  highestNo: number;
  /** Missing numbers between settledNo and highestNo, ascending. */
  gaps: Gap[];
}

interface Gap {
  readonly from: number;
  readonly to: number;
  /** Transactions below this id may still fill the gap. */
  readonly openBelow: bigint;
  readonly seenAt: number;
}

const mostInRound = 20_000;
const gapPatienceMs = 60_000;

/** What the rounds stored so far make of the tree. */
export async function loadTree(query: Query): Promise<Tree> {
  const { rows } = await query.query(
    "select round_no, first_sequence, event_count, frontier, settled_event_no from ledger_rounds order by round_no desc limit 1",
  );
  const last = rows[0] as { round_no: number; first_sequence: number; event_count: number; frontier: Buffer; settled_event_no: number } | undefined;
  if (last === undefined) return { frontier: emptyFrontier(), roundNo: 0, settledNo: 0, highestNo: 0, gaps: [] };
  const settledNo = Number(last.settled_event_no);
  const { rows: taken } = await query.query(
    "select event_nos from ledger_rounds where highest_event_no > $1 and int8range(lowest_event_no, highest_event_no, '[]') && int8range($1, null, '()')",
    [settledNo],
  );
  const known = taken
    .flatMap((row) => (row["event_nos"] as unknown[]).map(Number))
    .filter((eventNo) => eventNo > settledNo)
    .sort((a, b) => a - b);
  const { openBelow } = await snapshot(query);
  const gaps: Gap[] = [];
  let highestNo = settledNo;
  for (const eventNo of known) {
    if (eventNo > highestNo + 1) gaps.push({ from: highestNo + 1, to: eventNo - 1, openBelow, seenAt: performance.now() });
    highestNo = eventNo;
  }
  const size = Number(last.first_sequence) + last.event_count;
  return { frontier: parseFrontier(size, last.frontier), roundNo: Number(last.round_no), settledNo, highestNo, gaps };
}

async function snapshot(query: Query): Promise<{ openFrom: bigint; openBelow: bigint }> {
  const { rows } = await query.query("select pg_snapshot_xmin(s)::text as xmin, pg_snapshot_xmax(s)::text as xmax from pg_current_snapshot() s");
  return { openFrom: BigInt(rows[0]!["xmin"] as string), openBelow: BigInt(rows[0]!["xmax"] as string) };
}

/** Takes what is committed into the tree; `isFull` when there may be more. Throws, leaving the tree useless, when it cannot be stored. */
export async function takeRound(query: Query, tree: Tree, epochNo: number): Promise<{ taken: number; isFull: boolean }> {
  // Before the events are read: what had ended by then, and left a gap unfilled, will never fill it.
  const before = tree.gaps.length === 0 ? undefined : await snapshot(query);
  const { eventNos, leafHashes } = await findCommitted(query, tree);
  if (eventNos.length === 0) {
    if (before !== undefined) settle(tree, before.openFrom);
    return { taken: 0, isFull: false };
  }
  const firstSequence = tree.frontier.size;
  appendHashes(tree.frontier, leafHashes);
  const leavesGaps = tree.gaps.length > 0 || eventNos[eventNos.length - 1]! - tree.highestNo > eventNos.length;
  noteGaps(tree, eventNos, leavesGaps ? (await snapshot(query)).openBelow : 0n);
  settle(tree, before?.openFrom ?? 0n);
  await query.query(
    `insert into ledger_rounds (round_no, epoch_no, first_sequence, event_count, event_nos, leaf_hashes, frontier, lowest_event_no, highest_event_no, settled_event_no)
     values ($1, $2, $3, $4, $5::int8[], $6, $7, $8, $9, $10)`,
    [
      tree.roundNo + 1,
      epochNo,
      firstSequence,
      eventNos.length,
      `{${eventNos.join()}}`,
      leafHashes,
      packFrontier(tree.frontier),
      eventNos[0],
      eventNos[eventNos.length - 1],
      tree.settledNo,
    ],
  );
  tree.roundNo += 1;
  return { taken: eventNos.length, isFull: eventNos.length === mostInRound };
}

/** Events to be taken, ascending, and their leaf hashes one after the other. */
interface Committed {
  readonly eventNos: readonly number[];
  readonly leafHashes: Buffer;
}

async function findCommitted(query: Query, tree: Tree): Promise<Committed> {
  const above = `select event_no, leaf_hash from ledger_events where event_no > $1 order by event_no limit ${mostInRound}`;
  const wanted =
    tree.gaps.length === 0
      ? above
      : `select e.event_no, e.leaf_hash from unnest($2::int8[], $3::int8[]) g (first, last)
           join lateral (select event_no, leaf_hash from ledger_events where event_no between g.first and g.last) e on true
         union all (${above})
         order by event_no limit ${mostInRound}`;
  // One row: thousands of small ones cost this process more than hashing them.
  const { rows } = await query.query(
    `select string_agg(event_no::text, ',' order by event_no) as event_nos, string_agg(leaf_hash, ''::bytea order by event_no) as leaf_hashes from (${wanted}) e`,
    tree.gaps.length === 0 ? [tree.highestNo] : [tree.highestNo, `{${tree.gaps.map((gap) => gap.from).join()}}`, `{${tree.gaps.map((gap) => gap.to).join()}}`],
  );
  const { event_nos: eventNos, leaf_hashes: leafHashes } = rows[0] as { event_nos: string | null; leaf_hashes: Buffer | null };
  return eventNos === null ? { eventNos: [], leafHashes: Buffer.alloc(0) } : { eventNos: eventNos.split(",").map(Number), leafHashes: leafHashes! };
}

/** Takes the events (ascending) out of the gaps, and adds the gaps that they leave above. */
function noteGaps(tree: Tree, eventNos: readonly number[], openBelow: bigint): void {
  const gaps: Gap[] = [];
  let at = 0;
  for (const gap of tree.gaps) {
    let { from } = gap;
    while (at < eventNos.length && eventNos[at]! < gap.from) at += 1;
    for (; at < eventNos.length && eventNos[at]! <= gap.to; at++) {
      if (eventNos[at]! > from) gaps.push({ ...gap, from, to: eventNos[at]! - 1 });
      from = eventNos[at]! + 1;
    }
    if (from <= gap.to) gaps.push({ ...gap, from });
  }
  const seenAt = performance.now();
  for (const eventNo of eventNos) {
    if (eventNo <= tree.highestNo) continue;
    if (eventNo > tree.highestNo + 1) gaps.push({ from: tree.highestNo + 1, to: eventNo - 1, openBelow, seenAt });
    tree.highestNo = eventNo;
  }
  tree.gaps = gaps;
}

/** Gives up gaps that nobody can fill any more, and moves on what is settled. */
function settle(tree: Tree, openFrom: bigint): void {
  const now = performance.now();
  tree.gaps = tree.gaps.filter((gap) => openFrom < gap.openBelow || now - gap.seenAt < gapPatienceMs);
  tree.settledNo = tree.gaps.length === 0 ? tree.highestNo : tree.gaps[0]!.from - 1;
}
