import type { Context } from "#server/core/door/index.ts";
import type { ApprovalKind, ApprovalRequest } from "#server/modules/approvals/index.ts";
import { listCustomers } from "#server/modules/customers/index.ts";
import { Problem } from "#shared/problems.ts";

async function listOf(context: Context, request: ApprovalRequest): Promise<{ list_no: number; erased: number }> {
  const [row] = await context.db.query<{ list_no: number; erased: number }>("select list_no, erased from lists where request_no = $1 for update", [
    request.requestNo,
  ]);
  if (row === undefined) {
    throw new Error("a request for a list has no list");
  }
  return row;
}

/** Whoever judges a list sees every person in it: a list that reaches beyond one's department is somebody else's to judge. */
export const listApproval: ApprovalKind = {
  kind: "list-export",
  async check(context, request) {
    const numbers = request.facts.customerNos ?? [];
    const [list] = await context.db.query<{ erased: number }>("select erased from lists where request_no = $1", [request.requestNo]);
    const seen = await listCustomers(context, numbers, new Set());
    if (seen.length + (list?.erased ?? 0) < numbers.length) {
      throw new Problem("not-permitted", { reason: "beyond-your-scope" });
    }
  },
  async approved(context, request) {
    const { list_no: listNo } = await listOf(context, request);
    context.journal.fact("listNo", listNo);
    for (const customerNo of request.facts.customerNos ?? []) {
      context.journal.touched("customer", customerNo);
    }
    await context.db.query("update lists set state = 'ready' where list_no = $1", [listNo]);
  },
  async refused(context, request) {
    const { list_no: listNo } = await listOf(context, request);
    context.journal.fact("listNo", listNo);
    await context.db.query("update lists set state = 'refused' where list_no = $1", [listNo]);
  },
};
