import { SealedText, type Context, type Handle } from "#server/core/door/index.ts";
import type { ApprovalKindName, approvalStates } from "#shared/approvals.ts";
import { Problem } from "#shared/problems.ts";
import type { ApprovalFacts, ApprovalRequest } from "./approval-kind.ts";

export interface ApprovalRow {
  readonly request_no: number;
  readonly kind: ApprovalKindName;
  readonly state: (typeof approvalStates)[number];
  readonly asked_by: number;
  readonly asked_at: Date;
  readonly expires_at: Date;
  readonly purpose: string | null;
  /** All facts but the numbers of the customers. */
  readonly facts: ApprovalFacts;
  readonly customer_nos: number[];
  readonly query_no: number;
  readonly sealed_reason: Buffer;
  readonly decided_by: number | null;
  readonly decided_at: Date | null;
  readonly sealed_comment: Buffer | null;
}

export const approvalColumns =
  "request_no, kind, state, asked_by, asked_at, expires_at, purpose, facts, customer_nos, query_no, sealed_reason, decided_by, decided_at, sealed_comment";

export function requestOf(row: ApprovalRow): ApprovalRequest {
  return {
    requestNo: row.request_no,
    kind: row.kind,
    askedBy: row.asked_by,
    facts: { ...row.facts, ...(row.customer_nos.length === 0 ? {} : { customerNos: row.customer_nos }) },
    expiresAt: row.expires_at,
  };
}

/** Reason or comment of a request: for whoever asked, and for whoever judges requests. */
export function textOfRequest(row: ApprovalRow, label: "reason" | "comment"): Handle {
  const blob = label === "reason" ? row.sealed_reason : row.sealed_comment;
  return blob === null ? null : new SealedText({ kind: "query", no: Number(row.query_no) }, blob, label, { authorNo: row.asked_by, orVerb: "approve" });
}

/** A request, held until the end of the transaction. @throws Problem not-found */
export async function lockRequest(context: Context, requestNo: number): Promise<ApprovalRow> {
  const [row] = await context.db.query<ApprovalRow>(`select ${approvalColumns} from approvals where request_no = $1 for update`, [requestNo]);
  if (row === undefined) {
    throw new Problem("not-found");
  }
  return row;
}

/** @throws Problem conflict {reason: "decided", state} when the request does not wait any more */
export function demandWaiting(row: ApprovalRow): void {
  if (row.state !== "waiting") {
    throw new Problem("conflict", { reason: "decided", state: row.state });
  }
}

/** What the event of any act on a request says. */
export function noteRequest(context: Context, row: Pick<ApprovalRow, "request_no" | "kind" | "asked_by" | "facts">): void {
  context.journal.fact("requestNo", row.request_no);
  context.journal.fact("kind", row.kind);
  context.journal.fact("askedBy", row.asked_by);
  context.journal.fact("persons", row.facts.persons);
}
