import { sealText, type Context, type Input } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import type { decideOfficer as officerEndpoint, decideReviewed as endpoint } from "#shared/reviews.ts";
import { reviewedOf, reviewFor } from "./review-records.ts";
import { demandNotOneself, onlyOfficer } from "./who-decides.ts";

type Decided = Pick<Input<typeof endpoint>, "params" | "body">;

/**
 * Decides about accounts of an open review, anew where that was done before.
 * @throws Problem not-found; conflict {reason: "review-not-open"}; not-permitted {reason: "own-account"}; invalid-input: another account, or a
 *   role it did not hold
 */
export async function decideReviewed(context: Context, input: Input<typeof endpoint>): Promise<{ decided: number }> {
  await demandNotOneself(context, input.body.accountNos);
  return decide(context, input);
}

/**
 * About the only privacy officer, by whoever manages accounts. @throws Problem not-found where another officer can; as {@link decideReviewed}
 */
export async function decideOfficer(context: Context, { params, body }: Input<typeof officerEndpoint>): Promise<{ decided: number }> {
  const accountNo = await onlyOfficer(context);
  if (accountNo === undefined) throw new Problem("not-found");
  await demandNotOneself(context, [accountNo]);
  context.journal.fact("byAdministrator", true);
  return decide(context, { params, body: { ...body, accountNos: [accountNo] } });
}

async function decide(context: Context, input: Decided): Promise<{ decided: number }> {
  const { db, actor, journal, now } = context;
  const { decision, takes, reason } = input.body;
  const review = await reviewFor(context, input.params.reviewNo, "change");
  if (review.state !== "open") {
    throw new Problem("conflict", { reason: "review-not-open" });
  }
  const accountNos = [...new Set(input.body.accountNos)];
  const rows = new Map((await reviewedOf(context, review.review_no)).map((row) => [row.account_no, row]));
  if (accountNos.some((no) => !rows.has(no))) {
    throw new Problem("invalid-input", { field: "accountNos" });
  }
  if (decision === "take-away") {
    const held = rows.get(accountNos[0] as number)?.found.roles.map(({ role }) => role) ?? [];
    const isSomething = takes !== undefined && (takes.account || takes.roles.length > 0);
    if (accountNos.length !== 1 || !isSomething || takes.roles.some((role) => !held.includes(role))) {
      throw new Problem("invalid-input", { field: "takes" });
    }
  } else if (takes !== undefined) {
    throw new Problem("invalid-input", { field: "takes" });
  }
  for (const accountNo of accountNos) {
    const sealed = reason === "" ? null : sealText(context.door.vault, { kind: "account", no: accountNo }, "internal", 1, { reviewReason: reason });
    await db.query(
      `update access_review_accounts set decision = $3, takes = $4, decided_by = $5, decided_at = $6, sealed_reason = $7
        where review_no = $1 and account_no = $2`,
      [review.review_no, accountNo, decision, takes === undefined ? null : JSON.stringify(takes), actor.accountNo, now, sealed],
    );
    journal.touched("account", accountNo);
  }
  journal.fact("reviewNo", review.review_no);
  journal.fact("decision", decision);
  journal.fact("accounts", accountNos.length);
  if (takes !== undefined) {
    journal.fact("takes", takes);
  }
  return { decided: accountNos.length };
}
