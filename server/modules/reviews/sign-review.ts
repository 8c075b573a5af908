import type { Context, Input } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import type { signReview as endpoint } from "#shared/reviews.ts";
import { hashReview, isCarriedOut, reviewedOf, reviewFor, statesOf } from "./review-records.ts";

/**
 * Signs off a review: from here on it does not change, and the ledger holds its hash. What was decided to be taken away and stands
 * still is counted in the event; it stays on the list of whoever manages accounts.
 * @throws Problem not-found; conflict {reason: "review-not-open" | "review-undecided", accounts}; invalid-input: a day that is over
 */
export async function signReview(context: Context, input: Input<typeof endpoint>): Promise<{ hash: string }> {
  const { db, actor, journal, now } = context;
  const { nextDueOn } = input.body;
  const review = await reviewFor(context, input.params.reviewNo, "change");
  if (review.state !== "open") {
    throw new Problem("conflict", { reason: "review-not-open" });
  }
  if (nextDueOn <= now.toISOString().slice(0, 10)) {
    throw new Problem("invalid-input", { field: "nextDueOn" });
  }
  const rows = await reviewedOf(context, review.review_no);
  const waiting = rows.filter((row) => row.decision === null || row.decision === "ask").length;
  if (waiting > 0) {
    throw new Problem("conflict", { reason: "review-undecided", accounts: waiting });
  }
  const hash = hashReview({ ...review, signed_by: actor.accountNo, signed_at: now, next_due_on: nextDueOn }, rows);
  await db.query("update access_reviews set state = 'signed', signed_by = $2, signed_at = $3, hash = $4, next_due_on = $5 where review_no = $1", [
    review.review_no,
    actor.accountNo,
    now,
    hash,
    nextDueOn,
  ]);
  const states = await statesOf(context);
  const takings = rows.filter((row) => row.decision === "take-away");
  journal.fact("reviewNo", review.review_no);
  journal.fact("hash", hash.toString("base64url"));
  journal.fact("accounts", rows.length);
  journal.fact("takenAway", takings.length);
  journal.fact("notCarriedOut", takings.filter((row) => !isCarriedOut(context, states.get(row.account_no), row)).length);
  journal.fact("nextDueOn", nextDueOn);
  return { hash: hash.toString("base64url") };
}
