import type { Context } from "#server/core/door/index.ts";
import type { ApprovalKind, ApprovalRequest } from "#server/modules/approvals/index.ts";
import { addJob } from "#server/platform/jobs/index.ts";
import { demandAllInSight } from "../demand-all-in-sight.ts";
import { bulkTask } from "./start-bulk.ts";

/** Sending many to the trash at once: judged by somebody who sees all of them, carried out as the operation that it is. */
export const bulkTrash: ApprovalKind = {
  kind: "bulk-trash",
  check: (context, { facts }) => demandAllInSight(context, facts.customerNos ?? []),
  approved: (context, request) => decide(context, request, true),
  refused: (context, request) => decide(context, request, false),
};

/** The decider does not see somebody else's operation: the job, which is the house's own, goes on with it. */
async function decide(context: Context, { facts }: ApprovalRequest, isApproved: boolean): Promise<void> {
  const operationNo = facts["operationNo"] as number;
  context.journal.fact("operation", operationNo);
  await addJob(context.db, bulkTask, { operationNo, isApproved }, { key: `bulk ${operationNo}` });
}
