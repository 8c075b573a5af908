import { randomUUID } from "node:crypto";
import { actAs, type Storehouse } from "#server/core/door/index.ts";
import { approvalColumns, noteRequest, type ApprovalRow } from "./approval-records.ts";
import { expire, type KindsByName } from "./decide-approval.ts";

/** Ends the requests whose term is over, each in a transaction and with an event of its own. */
export async function expireApprovals(storehouse: Storehouse, kinds: KindsByName): Promise<void> {
  const overdue = `select ${approvalColumns} from approvals where state = 'waiting' and expires_at <= $1 order by request_no limit 1 for update skip locked`;
  const { rows } = await storehouse.pool.query<{ count: number }>(
    "select count(*)::integer as count from approvals where state = 'waiting' and expires_at <= $1",
    [storehouse.clock()],
  );
  for (let left = rows[0]?.count ?? 0; left > 0; left -= 1) {
    await actAs(storehouse, "system", "approval.expired", randomUUID(), async (context) => {
      const [row] = await context.db.query<ApprovalRow>(overdue, [context.now]);
      if (row !== undefined) {
        noteRequest(context, row);
        await expire(context, row, kinds.get(row.kind));
      }
    });
  }
}
