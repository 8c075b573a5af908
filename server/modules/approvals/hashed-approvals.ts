import { hashedFacts, queryOver, rowHash, type Context, type HashedRow } from "#server/core/door/index.ts";
import type { Query } from "#server/core/ledger/index.ts";
import { approvalColumns, type ApprovalRow } from "./approval-records.ts";

/** The next requests in the order of their numbers, in every state, as they are hashed into the ledger. Nothing is opened. */
export async function listHashedApprovals(query: Query, afterNo: number, limit: number): Promise<HashedRow[]> {
  const { rows } = await query.query(`select ${approvalColumns}, version from approvals where request_no > $1 order by request_no limit $2`, [afterNo, limit]);
  return (rows as unknown as (ApprovalRow & { version: number })[]).map((row) => ({
    kind: "approval",
    no: row.request_no,
    version: row.version,
    state: row.state,
    ownerNo: row.asked_by,
    cellNo: null,
    companyNo: null,
    blobs: [
      hashedFacts({
        kind: row.kind,
        askedAt: row.asked_at,
        expiresAt: row.expires_at,
        purpose: row.purpose,
        facts: row.facts,
        customerNos: row.customer_nos,
        queryNo: Number(row.query_no),
        decidedBy: row.decided_by,
        decidedAt: row.decided_at,
      }),
      row.sealed_reason,
      row.sealed_comment,
    ],
  }));
}

/** Reads the request as it stands now in the transaction and notes it as written. */
export async function noteApprovalWritten(context: Context, requestNo: number): Promise<void> {
  const [row] = await listHashedApprovals(queryOver(context.db), requestNo - 1, 1);
  if (row?.no !== requestNo) {
    throw new Error("a request was written that does not exist");
  }
  context.journal.wrote("approval", requestNo, rowHash(row));
}
