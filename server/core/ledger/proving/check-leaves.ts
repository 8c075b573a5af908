import { readStored, type StoredEvent } from "../archive/index.ts";
import { faultsOf } from "../event-faults.ts";
import type { Epoch } from "../epoch.ts";
import { appendHashes, emptyFrontier, hashBytes, parseFrontier, rootOfFrontier } from "../merkle.ts";
import type { Query } from "../query.ts";
import { formatCheckpoint, openNote } from "../signed-note.ts";
import type { Finding } from "../verify.ts";
import { verifyEpochs } from "../verify-keys.ts";

/**
 * Holds single events, wherever they lie, against the tree: each in itself, and its leaf among those of a round that leads to a root
 * that was signed. Events behind the last checkpoint are looked at in themselves. What does not hold, by name.
 */
export async function checkLeaves(query: Query, publicKeys: readonly Buffer[], eventNos: readonly number[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  const find = (what: string, sequence: number | null = null, eventNo: number | null = null): void => void findings.push({ what, sequence, eventNo });
  const epochs = await verifyEpochs(query, publicKeys, find);
  const events = new Map((await readStored(query, eventNos)).map((event) => [event.event_no, event]));
  for (const eventNo of eventNos) {
    const event = events.get(eventNo);
    if (event === undefined) find("event is missing", null, eventNo);
    else for (const what of faultsOf(event)) find(what, null, eventNo);
  }
  const { rows } = await query.query(
    `select r.round_no, r.first_sequence, r.event_count, wanted as event_no from unnest($1::int8[]) wanted
     join ledger_rounds r on int8range(r.lowest_event_no, r.highest_event_no, '[]') @> wanted
     where r.highest_event_no - r.lowest_event_no + 1 = r.event_count or wanted = any(r.event_nos) order by r.round_no`,
    [`{${eventNos.join()}}`],
  );
  for (const [roundNo, ofRound] of Map.groupBy(rows, (row) => Number(row["round_no"]))) {
    const [first] = ofRound;
    const standing = ofRound.flatMap((row) => events.get(Number(row["event_no"])) ?? []);
    const firstSequence = Number(first!["first_sequence"]);
    const fault = await faultOfRound(query, epochs, roundNo, firstSequence, firstSequence + Number(first!["event_count"]), standing);
    for (const { eventNo, what } of fault) find(what, null, eventNo);
  }
  return findings;
}

async function faultOfRound(
  query: Query,
  epochs: ReadonlyMap<number, Epoch>,
  roundNo: number,
  from: number,
  to: number,
  events: readonly StoredEvent[],
): Promise<{ readonly eventNo: number; readonly what: string }[]> {
  const ofAll = (what: string) => events.map((event) => ({ eventNo: event.event_no, what }));
  const { rows: signed } = await query.query(
    `select c.epoch_no, c.tree_size, c.root_hash, c.note from ledger_epochs e
     cross join lateral (select * from ledger_checkpoints c where c.epoch_no = e.epoch_no and c.tree_size >= $1 order by c.tree_size limit 1) c order by c.tree_size limit 1`,
    [to],
  );
  const checkpoint = signed[0];
  if (checkpoint === undefined) return [];
  const size = Number(checkpoint["tree_size"]);
  const root = checkpoint["root_hash"] as Buffer;
  const epoch = epochs.get(Number(checkpoint["epoch_no"]));
  if (epoch === undefined || openNote(checkpoint["note"] as string, epoch.origin, epoch.publicKey) !== formatCheckpoint(epoch.origin, size, root)) {
    return ofAll("checkpoint is not signed by the key of its epoch");
  }
  const { rows } = await query.query(
    "select round_no, leaf_hashes, frontier from ledger_rounds where round_no >= $1 and first_sequence < $2 order by round_no",
    [roundNo - 1, size],
  );
  const before = rows[0] !== undefined && Number(rows[0]["round_no"]) === roundNo - 1 ? rows.shift() : undefined;
  if (before === undefined && from > 0) return ofAll("a round is missing");
  const frontier = before === undefined ? emptyFrontier() : parseFrontier(from, before["frontier"] as Buffer);
  for (const row of rows) appendHashes(frontier, row["leaf_hashes"] as Buffer);
  if (frontier.size !== size || !rootOfFrontier(frontier).equals(root)) return ofAll("checkpoint signs another tree");
  const leaves = new Set<string>();
  const own = rows[0]!["leaf_hashes"] as Buffer;
  for (let at = 0; at < own.length; at += hashBytes) leaves.add(own.toString("latin1", at, at + hashBytes));
  return events
    .filter((event) => !leaves.has(event.leaf_hash.toString("latin1")))
    .map((event) => ({ eventNo: event.event_no, what: "event is not what the tree holds here" }));
}
