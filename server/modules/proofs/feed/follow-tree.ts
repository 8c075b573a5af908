import { readHeaders } from "#server/core/ledger/index.ts";
import type { OutletProblem } from "#shared/proofs.ts";
import type { Sending, Sent } from "../sending.ts";
import { readFeedEvent, type FeedEvent } from "./feed-event.ts";

const eventsAtOnce = 2_000;
/** So that no place keeps the others waiting for long; the rest goes with the next run. */
const mostParts = 25;

/**
 * Gives every event of the tree to `deliver`, in its order, from where this place left off. How far it is moves on in the
 * database only after `deliver` says that a part arrived (it gives nothing back then): after a crash that part is given
 * again, so each event arrives at least once.
 */
export async function followTree(
  { row, checkpoint, query, signal, now }: Omit<Sending<"syslog">, "settings">,
  deliver: (events: readonly FeedEvent[]) => Promise<OutletProblem | undefined>,
): Promise<Sent> {
  let reached = row.tree_size ?? 0;
  for (let part = 0; part < mostParts && reached < checkpoint.treeSize && !signal.aborted; part += 1) {
    const events = (await readHeaders(query, reached, Math.min(checkpoint.treeSize, reached + eventsAtOnce))).map(readFeedEvent);
    if (events.length === 0) throw new Error("a round of the tree is missing");
    const problem = await deliver(events);
    if (problem !== undefined) return { state: "failing", problem };
    reached += events.length;
    const { rows } = await query.query(
      "update checkpoint_outlets set epoch_no = $2, tree_size = $3, last_at = $4 where outlet_no = $1 and ended_at is null returning outlet_no",
      [row.outlet_no, checkpoint.epochNo, reached, now()],
    );
    if (rows.length === 0) break;
  }
  return { state: "ok", checkpoint: { ...checkpoint, treeSize: reached } };
}
