import { listEvents, type Query } from "#server/core/ledger/index.ts";
import { Problem } from "#shared/problems.ts";

/** Up to where a run looks, and the newest checkpoint then. */
export interface AsOf {
  readonly eventNo: number;
  readonly at: Date;
  readonly treeSize: number | null;
  readonly rootHash: Buffer | null;
}

/** A number that is missing below the last event may be that of a transaction still under way; it is waited for so long. */
const patienceMs = 3_000;
const pauseMs = 20;

/**
 * The last event, when no number below it is awaited any more; or the event that is given.
 * @throws Problem invalid-input {field: "asOfEvent"} for one that does not exist yet
 */
export async function findAsOf(query: Query, given?: number): Promise<AsOf> {
  if (given === undefined) await awaitMissing(query);
  const [row] = (await listEvents(query, { before: given === undefined ? undefined : given + 1, limit: 1 })).events;
  if (row === undefined || (given !== undefined && given > (await lastEvent(query)))) throw new Problem("invalid-input", { field: "asOfEvent" });
  const { rows: heads } = await query.query(
    `select c.tree_size, c.root_hash from ledger_checkpoints c
     where c.tree_size <= (select first_sequence + event_count from ledger_rounds where lowest_event_no <= $1 order by round_no desc limit 1)
     order by c.epoch_no desc, c.tree_size desc limit 1`,
    [row.eventNo],
  );
  return {
    eventNo: given ?? row.eventNo,
    at: row.at,
    treeSize: heads[0] === undefined ? null : Number(heads[0]["tree_size"]),
    rootHash: heads[0] === undefined ? null : (heads[0]["root_hash"] as Buffer),
  };
}

async function lastEvent(query: Query): Promise<number> {
  const { rows } = await query.query("select max(event_no) as event_no from ledger_events");
  return Number(rows[0]?.["event_no"] ?? 0);
}

/** A number is given before its transaction ends: those that were under way now are waited for, where numbers are missing at all. */
async function awaitMissing(query: Query): Promise<void> {
  const { rows } = await query.query(
    `with settled as (select coalesce((select settled_event_no from ledger_rounds order by round_no desc limit 1), 0) as event_no)
     select max(e.event_no) - s.event_no - count(*) as missing, pg_snapshot_xmax(pg_current_snapshot())::text as next_xid
       from ledger_events e, settled s where e.event_no > s.event_no group by s.event_no`,
  );
  if (Number(rows[0]?.["missing"] ?? 0) === 0) return;
  for (let waited = 0; waited < patienceMs; waited += pauseMs) {
    const { rows: now } = await query.query("select pg_snapshot_xmin(pg_current_snapshot()) >= $1::text::xid8 as is_over", [rows[0]!["next_xid"]]);
    if (now[0]?.["is_over"] === true) return;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
