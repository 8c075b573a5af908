import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { listReviews as listEndpoint, listTakings as takingsEndpoint, showReview as showEndpoint } from "#shared/reviews.ts";
import { headOf, isCarriedOut, statesOf, wholeReview, type ReviewedRow, type ReviewRow } from "./review-records.ts";
import { isSomebodyElse, onlyOfficer } from "./who-decides.ts";

export async function listReviews(context: Context): Promise<Draft<ReplyOf<typeof listEndpoint>>> {
  const rows = await context.db.query<ReviewRow & { accounts: number; decided: number; taken_away: number }>(
    `select r.review_no, r.state, r.opened_by, r.opened_at, r.signed_by, r.signed_at, r.next_due_on::text as next_due_on,
            count(a.account_no)::integer as accounts, count(a.decision)::integer as decided,
            (count(*) filter (where a.decision = 'take-away'))::integer as taken_away
       from access_reviews r left join access_review_accounts a using (review_no) group by r.review_no order by r.review_no desc limit 200`,
  );
  return { reviews: rows.map((row) => headOf(row, { accounts: row.accounts, decided: row.decided, takenAway: row.taken_away })) };
}

/** @throws Problem not-found */
export function showReview(context: Context, input: Input<typeof showEndpoint>): Promise<Draft<ReplyOf<typeof showEndpoint>>> {
  return wholeReview(context, input.params.reviewNo);
}

/** What was decided to be taken away and still stands: of each account by its newest review. */
export async function listTakings(context: Context): Promise<Draft<ReplyOf<typeof takingsEndpoint>>> {
  const rows = await context.db.query<Pick<ReviewedRow, "account_no" | "decision" | "takes"> & { review_no: number }>(
    "select distinct on (account_no) account_no, review_no, decision, takes from access_review_accounts where decision is not null order by account_no, review_no desc",
  );
  const states = await statesOf(context);
  return {
    officer: await officerToDecide(context),
    takings: rows.flatMap((row) =>
      row.decision !== "take-away" || row.takes === null || isCarriedOut(context, states.get(row.account_no), row)
        ? []
        : [{ reviewNo: row.review_no, accountNo: row.account_no, takes: row.takes, roles: [...(context.policy.rolesOf.get(row.account_no) ?? [])] }],
    ),
  };
}

async function officerToDecide(context: Context): Promise<Draft<ReplyOf<typeof takingsEndpoint>>["officer"]> {
  const accountNo = await onlyOfficer(context);
  if (accountNo === undefined || (accountNo === context.actor.accountNo && (await isSomebodyElse(context)))) return null;
  const [row] = await context.db.query<Pick<ReviewedRow, "account_no" | "found" | "decision"> & { review_no: number }>(
    `select a.review_no, a.account_no, a.found, a.decision from access_review_accounts a join access_reviews r using (review_no)
      where r.state = 'open' and a.account_no = $1`,
    [accountNo],
  );
  return row === undefined ? null : { reviewNo: row.review_no, accountNo, found: row.found, decision: row.decision };
}
