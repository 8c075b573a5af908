import type { Context } from "#server/core/door/index.ts";
import type { ApprovalKindName } from "#shared/approvals.ts";
import { Problem } from "#shared/problems.ts";
import type { Purpose } from "#shared/rights.ts";
import type { ApprovalRequest } from "./approval-kind.ts";
import { approvalColumns, requestOf, type ApprovalRow } from "./approval-records.ts";

/**
 * A request of the caller's own that was approved, for an act that follows the approval later.
 * @throws Problem not-found: none of this kind, or somebody else's; awaits-approval; conflict {reason: "decided", state} when it
 * came to nothing
 */
export async function approvedRequest(
  context: Context,
  kind: ApprovalKindName,
  requestNo: number,
): Promise<{ request: ApprovalRequest; purpose: Purpose; decidedAt: Date }> {
  const [row] = await context.db.query<ApprovalRow>(`select ${approvalColumns} from approvals where request_no = $1 and kind = $2 and asked_by = $3`, [
    requestNo,
    kind,
    context.actor.accountNo,
  ]);
  if (row === undefined) {
    throw new Problem("not-found");
  }
  if (row.state === "waiting") {
    throw new Problem("awaits-approval", { state: row.state });
  }
  if (row.state !== "approved" || row.decided_at === null) {
    throw new Problem("conflict", { reason: "decided", state: row.state });
  }
  return { request: requestOf(row), purpose: row.purpose as Purpose, decidedAt: row.decided_at };
}
