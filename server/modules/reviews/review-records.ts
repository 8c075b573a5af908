import { createHash } from "node:crypto";
import { canonicalJson } from "#server/core/ledger/canonical-json.ts";
import { listEvents, type Fact } from "#server/core/ledger/index.ts";
import { queryOver, SealedText, type Context, type Draft } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import type { AccountFound, ReviewHead, ReviewTakes, showReview } from "#shared/reviews.ts";

type Whole = Draft<ReplyOf<typeof showReview>>;

export interface ReviewRow {
  readonly review_no: number;
  readonly state: ReviewHead["state"];
  readonly opened_by: number;
  readonly opened_at: Date;
  readonly days: number;
  readonly observed_from: Date | null;
  readonly policy_version: number | null;
  readonly roles: Whole["roles"];
  readonly signed_by: number | null;
  readonly signed_at: Date | null;
  readonly hash: Buffer | null;
  readonly next_due_on: string | null;
}

export interface ReviewedRow {
  readonly account_no: number;
  readonly found: AccountFound;
  readonly decision: Whole["accounts"][number]["decision"];
  readonly takes: ReviewTakes | null;
  readonly decided_by: number | null;
  readonly decided_at: Date | null;
  readonly sealed_reason: Buffer | null;
}

/** @throws Problem not-found */
export async function reviewFor(context: Pick<Context, "db">, reviewNo: number, lock: "read" | "change" = "read"): Promise<ReviewRow> {
  const [row] = await context.db.query<ReviewRow>(
    `select review_no, state, opened_by, opened_at, days, observed_from, policy_version, roles, signed_by, signed_at, hash, next_due_on::text as next_due_on
       from access_reviews where review_no = $1${lock === "change" ? " for update" : ""}`,
    [reviewNo],
  );
  if (row === undefined) {
    throw new Problem("not-found");
  }
  return row;
}

export async function reviewedOf(context: Pick<Context, "db">, reviewNo: number): Promise<ReviewedRow[]> {
  return context.db.query<ReviewedRow>(
    `select account_no, found, decision, takes, decided_by, decided_at, sealed_reason
       from access_review_accounts where review_no = $1 order by account_no`,
    [reviewNo],
  );
}

function factsOf(row: ReviewedRow) {
  return {
    accountNo: row.account_no,
    found: row.found,
    decision: row.decision,
    takes: row.takes,
    decidedBy: row.decided_by,
    decidedAt: row.decided_at?.toISOString() ?? null,
  };
}

/**
 * SHA-256 over the review as canonical JSON (RFC 8785): who opened and signed it when, what was found of each account, what was
 * decided, and of each reason the hash of its sealed bytes.
 */
export function hashReview(review: Omit<ReviewRow, "hash" | "state">, accounts: readonly ReviewedRow[]): Buffer {
  const document = {
    v: 1,
    reviewNo: review.review_no,
    openedBy: review.opened_by,
    openedAt: review.opened_at.toISOString(),
    days: review.days,
    observedFrom: review.observed_from?.toISOString() ?? null,
    policyVersion: review.policy_version,
    roles: review.roles,
    accounts: accounts.map((row) => ({
      ...factsOf(row),
      reason: row.sealed_reason === null ? null : createHash("sha256").update(row.sealed_reason).digest("base64url"),
    })),
    signedBy: review.signed_by,
    signedAt: review.signed_at?.toISOString() ?? null,
    nextDueOn: review.next_due_on,
  };
  return createHash("sha256")
    .update(canonicalJson(document as unknown as Fact))
    .digest();
}

/** Whether nothing of what was to be taken away stands any more. */
export function isCarriedOut(context: Pick<Context, "policy">, stateNow: string | undefined, row: Pick<ReviewedRow, "account_no" | "takes">): boolean {
  const held = context.policy.rolesOf.get(row.account_no) ?? [];
  return row.takes !== null && (stateNow === "disabled" || (!row.takes.account && row.takes.roles.every((role) => !held.includes(role))));
}

export async function statesOf(context: Pick<Context, "db">): Promise<Map<number, AccountFound["state"]>> {
  const rows = await context.db.query<{ account_no: number; state: AccountFound["state"] }>("select account_no, state from accounts");
  return new Map(rows.map((row) => [row.account_no, row.state]));
}

/** The hash that the ledger holds of a signed review, and whether the rows still come to it. */
async function sealOf(context: Context, review: ReviewRow, accounts: readonly ReviewedRow[]): Promise<Whole["seal"]> {
  if (review.state !== "signed" || review.hash === null) {
    return null;
  }
  const { events } = await listEvents(queryOver(context.db), { types: ["review.signed"], fact: { key: "reviewNo", value: review.review_no }, limit: 5 });
  const signed = events.find((event) => event.outcome === "ok");
  const hash = hashReview(review, accounts).toString("base64url");
  return {
    hash: review.hash.toString("base64url"),
    eventNo: signed?.eventNo ?? null,
    isIntact: signed?.facts["hash"] === hash && hash === review.hash.toString("base64url"),
  };
}

export function headOf(review: ReviewRow, counts: { readonly accounts: number; readonly decided: number; readonly takenAway: number }): ReviewHead {
  return {
    reviewNo: review.review_no,
    state: review.state,
    openedBy: review.opened_by,
    openedAt: review.opened_at.toISOString(),
    ...counts,
    signedBy: review.signed_by,
    signedAt: review.signed_at?.toISOString() ?? null,
    nextDueOn: review.next_due_on,
  };
}

/** A review as it is shown and printed. Reasons open to whoever gave them and to readers of the ledger. */
export async function wholeReview(context: Context, reviewNo: number): Promise<Whole> {
  const review = await reviewFor(context, reviewNo);
  const rows = await reviewedOf(context, reviewNo);
  const states = await statesOf(context);
  context.journal.fact("reviewNo", reviewNo);
  return {
    review: headOf(review, {
      accounts: rows.length,
      decided: rows.filter((row) => row.decision !== null).length,
      takenAway: rows.filter((row) => row.decision === "take-away").length,
    }),
    days: review.days,
    observedFrom: review.observed_from?.toISOString() ?? null,
    policyVersion: review.policy_version,
    roles: review.roles,
    accounts: rows.map((row) => ({
      ...factsOf(row),
      reason:
        row.sealed_reason === null
          ? null
          : new SealedText({ kind: "account", no: row.account_no }, row.sealed_reason, "reviewReason", { authorNo: row.decided_by, orVerb: "read-ledger" }),
      isCarriedOut: isCarriedOut(context, states.get(row.account_no), row),
    })),
    seal: await sealOf(context, review, rows),
  };
}
