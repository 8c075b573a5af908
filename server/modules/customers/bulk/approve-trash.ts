import type { Context } from "#server/core/door/index.ts";
import type { ApprovalKind, ApprovalRequest } from "#server/modules/approvals/index.ts";
import { addJob } from "#server/platform/jobs/index.ts";
import { Problem } from "#shared/problems.ts";
import { beyondScope } from "../beyond-scope.ts";
import { listCustomers } from "../customer-records.ts";
import { bulkTask } from "./start-bulk.ts";

/** Sending many to the trash at once: judged by somebody who sees all of them, carried out as the operation that it is. */
export const bulkTrash: ApprovalKind = {
  kind: "bulk-trash",
  check: async (context, { facts }) => {
    const numbers = facts.customerNos ?? [];
    const seen = await listCustomers(context, numbers, new Set());
    // Who was erased meanwhile is nobody's to see; of whom is there, every single one must be the decider's to see.
    const there = await beyondScope(context, () => context.db.query("select from customers where customer_no = any($1)", [numbers]));
    if (seen.length === 0 || seen.length < there.length) {
      throw new Problem("not-permitted", { reason: "not-all-visible" });
    }
  },
  approved: (context, request) => decide(context, request, true),
  refused: (context, request) => decide(context, request, false),
};

/** The decider does not see somebody else's operation: the job, which is the house's own, goes on with it. */
async function decide(context: Context, { facts }: ApprovalRequest, isApproved: boolean): Promise<void> {
  const operationNo = facts["operationNo"] as number;
  context.journal.fact("operation", operationNo);
  await addJob(context.db, bulkTask, { operationNo, isApproved }, { key: `bulk ${operationNo}` });
}
