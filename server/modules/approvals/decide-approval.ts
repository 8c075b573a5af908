import { CommittedRefusal, demandInForce, sealText, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { decideApproval as decideEndpoint, type decideApproval as endpoint, type withdrawApproval as withdrawEndpoint } from "#shared/approvals.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { demandWaiting, lockRequest, noteRequest, requestOf, type ApprovalRow } from "./approval-records.ts";
import { noteApprovalWritten } from "./hashed-approvals.ts";
import type { ApprovalKind, ApprovalRequest } from "./approval-kind.ts";

/** How a kind is found by its name. */
export type KindsByName = ReadonlyMap<string, ApprovalKind>;

function kindOf(kinds: KindsByName, row: ApprovalRow): ApprovalKind {
  const kind = kinds.get(row.kind);
  if (kind === undefined) {
    throw new Error(`no module carries out requests of the kind ${row.kind}`);
  }
  return kind;
}

/**
 * A second person approves or refuses. What is approved is carried out in the same transaction, by the decider's rights.
 * @throws Problem not-found; read-only, service-stopped; not-permitted {reason: "own-request"};
 *   conflict {reason: "decided" | "expired" | "asker-out"}; what the kind's check throws
 */
export async function decideApproval(context: Context, input: Input<typeof endpoint>, kinds: KindsByName): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const row = await lockRequest(context, input.params.requestNo);
  const kind = kindOf(kinds, row);
  const request = requestOf(row);
  noteRequest(context, row);
  if (row.asked_by === context.actor.accountNo) {
    throw new Problem("not-permitted", { reason: "own-request" });
  }
  await demandInSight(context, kind, request);
  demandWaiting(row);
  if (row.expires_at <= context.now) {
    await expire(context, row, kind);
    throw new CommittedRefusal(new Problem("conflict", { reason: "expired" }));
  }
  const { decision, comment } = input.body;
  if (decision === "approve" && kind.isForMeasures !== true) {
    // The decision itself is open then; what it carries out is not.
    demandInForce({ endpoint: decideEndpoint, mode: "write" }, context.actor, context.inForce);
    await demandAskerIn(context, row);
  }
  const state = decision === "approve" ? "approved" : "refused";
  await context.db.query(
    "update approvals set state = $2, version = version + 1, decided_by = $3, decided_at = $4, sealed_comment = $5 where request_no = $1",
    [
      row.request_no,
      state,
      context.actor.accountNo,
      context.now,
      comment === "" ? null : sealText(context.door.vault, { kind: "query", no: Number(row.query_no) }, "personal", 2, { comment }),
    ],
  );
  await noteApprovalWritten(context, row.request_no);
  context.journal.fact("decision", decision);
  if (state === "approved") {
    await kind.approved(context, request);
  } else {
    await kind.refused?.(context, request);
  }
  return { kind: state };
}

/** Two pairs of eyes are two that may look: what somebody asked for who was stopped since is asked for anew by somebody else. */
async function demandAskerIn({ db, now }: Context, row: ApprovalRow): Promise<void> {
  const isIn = await db.query("select from accounts where account_no = $1 and state = 'active' and frozen_until <= $2 and served_until > $2", [
    row.asked_by,
    now,
  ]);
  if (isIn.length === 0) throw new Problem("conflict", { reason: "asker-out" });
}

/** A request that reaches beyond what the decider sees is not there, like anything else out of sight. */
async function demandInSight(context: Context, kind: ApprovalKind, request: ApprovalRequest): Promise<void> {
  try {
    await kind.check?.(context, request);
  } catch (error) {
    throw error instanceof Problem && error.code === "not-permitted" ? new Problem("not-found") : error;
  }
}

/** @throws Problem not-found for a colleague's; conflict when it was decided already */
export async function withdrawApproval(
  context: Context,
  input: Input<typeof withdrawEndpoint>,
  kinds: KindsByName,
): Promise<Draft<ReplyOf<typeof withdrawEndpoint>>> {
  const row = await lockRequest(context, input.params.requestNo);
  if (row.asked_by !== context.actor.accountNo) {
    throw new Problem("not-found");
  }
  demandWaiting(row);
  noteRequest(context, row);
  await settleUnanswered(context, row, "withdrawn");
  await kindOf(kinds, row).refused?.(context, requestOf(row));
  return { kind: "withdrawn" };
}

/** A request that nobody judged in its term comes to nothing. */
export async function expire(context: Context, row: ApprovalRow, kind: ApprovalKind | undefined): Promise<void> {
  await settleUnanswered(context, row, "expired");
  await kind?.refused?.(context, requestOf(row));
}

/** A request that still waits, held until the end of the transaction, to be closed with what it was asked for; undefined otherwise. */
export async function holdWaitingRequest(
  context: Context,
  requestNo: number,
): Promise<{ readonly close: (how: "withdrawn" | "expired") => Promise<void> } | undefined> {
  const row = await lockRequest(context, requestNo);
  if (row.state !== "waiting") {
    return undefined;
  }
  return { close: (how) => settleUnanswered(context, row, how) };
}

async function settleUnanswered(context: Context, row: ApprovalRow, state: "withdrawn" | "expired"): Promise<void> {
  await context.db.query("update approvals set state = $2, version = version + 1, decided_at = $3 where request_no = $1", [row.request_no, state, context.now]);
  await noteApprovalWritten(context, row.request_no);
}
