/**
 * Approvals (申請と承認): what one person may not do alone. A module asks with `requestApproval`, declares an `ApprovalKind`
 * (what becomes of it), and never sees who judged.
 *
 * Invariants: nobody judges a request of their own, by the rule and by the table (approvals.db.test.ts); what is approved is
 * carried out in the transaction of the decision, once (approvals.db.test.ts); reason and comment stand sealed.
 */
import { exempt, readsQuietly, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as contract from "#shared/approvals.ts";
import type { ApprovalKind } from "./approval-kind.ts";
import { decideApproval, holdWaitingRequest, withdrawApproval } from "./decide-approval.ts";
import { expireApprovals } from "./expire-approvals.ts";
import { countApprovals, listApprovals } from "./list-approvals.ts";

export { holdWaitingRequest };
export { events } from "./events.ts";
export { approvedRequest } from "./approved-request.ts";
export { listHashedApprovals } from "./hashed-approvals.ts";
export { requestApproval, termDays } from "./request-approval.ts";
export type { ApprovalCode, ApprovalFacts, ApprovalKind, ApprovalRequest } from "./approval-kind.ts";

const byName = (kinds: readonly ApprovalKind[]): ReadonlyMap<string, ApprovalKind> => new Map(kinds.map((kind) => [kind.kind, kind]));

export function approvalRoutes(kinds: readonly ApprovalKind[]): Route[] {
  const known = byName(kinds);
  return [
    // A measure may wait for a second person while everything else is shut.
    exempt(
      readsQuietly(contract.listApprovals, "approvals.listed", (context, input) => listApprovals(context, input, known)),
      "stopped",
    ),
    exempt(
      readsQuietly(contract.countApprovals, "approvals.listed", (context, input) => countApprovals(context, input, known)),
      "stopped",
    ),
    exempt(
      writes(contract.decideApproval, "approval.decided", (context, input) => decideApproval(context, input, known)),
      "stopped",
      "read-only",
    ),
    exempt(
      writes(contract.withdrawApproval, "approval.withdrawn", (context, input) => withdrawApproval(context, input, known)),
      "stopped",
      "read-only",
    ),
  ];
}

export function approvalTasks(storehouse: Storehouse, kinds: readonly ApprovalKind[]): Tasks {
  return { "approvals.expire": { everySeconds: 3_600, run: () => expireApprovals(storehouse, byName(kinds)) } };
}
