import { randomUUID } from "node:crypto";
import { actAs, queryOver, type Context, type Input, type Route, type Storehouse } from "#server/core/door/index.ts";
import { addJob, type Job } from "#server/platform/jobs/index.ts";
import { Problem } from "#shared/problems.ts";
import type { AccountFound, openReview as endpoint } from "#shared/reviews.ts";
import { findRoles, findUnused } from "./find-unused.ts";
import { placesNow } from "./places-now.ts";
import { reviewFor } from "./review-records.ts";
import { countSeen, tellingTypes, usesByAccount } from "./uses-by-account.ts";

export const gatherTask = "reviews.gather";
const dayMs = 86_400_000;

/**
 * Opens a review; what there is to decide is gathered by a job.
 * @throws Problem conflict {reason: "review-under-way", reviewNo}: one at a time
 */
export async function openReview(context: Context, input: Input<typeof endpoint>): Promise<{ reviewNo: number }> {
  const { db, actor, journal, now } = context;
  await db.query("select one from organisation for update");
  const [open] = await db.query<{ review_no: number }>("select review_no from access_reviews where state <> 'signed'");
  if (open !== undefined) {
    throw new Problem("conflict", { reason: "review-under-way", reviewNo: open.review_no });
  }
  const [row] = await db.query<{ review_no: number }>("insert into access_reviews (opened_by, opened_at, days) values ($1, $2, $3) returning review_no", [
    actor.accountNo,
    now,
    input.body.days,
  ]);
  const reviewNo = row?.review_no as number;
  await addJob(db, gatherTask, { reviewNo }, { key: `review ${reviewNo}` });
  journal.fact("reviewNo", reviewNo);
  journal.fact("days", input.body.days);
  return { reviewNo };
}

/** What the gathering needs of the rest of the product: the routes say which events tell the use of which verb. */
export interface ReviewHouse {
  readonly routes: () => readonly Route[];
}

interface AccountRow {
  readonly account_no: number;
  readonly state: AccountFound["state"];
  readonly last_seen_at: Date | null;
}

/** Gathers what every account that is not disabled reaches and used. Run again it finds the review open, and does nothing. */
export async function gatherReview(storehouse: Storehouse, job: Job, house: ReviewHouse): Promise<void> {
  const reviewNo = Number(job.payload["reviewNo"]);
  const begun = await storehouse.door.snapshot(async (query) => {
    const { rows: reviews } = await query.query("select opened_at, days from access_reviews where review_no = $1 and state = 'gathering'", [reviewNo]);
    if (reviews[0] === undefined) {
      return undefined;
    }
    const since = new Date((reviews[0]["opened_at"] as Date).getTime() - Number(reviews[0]["days"]) * dayMs);
    const { rows } = await query.query(
      "select least((select min(first_at) from ledger_archives), (select min(at) from (select at from ledger_events order by event_no limit 1000) e)) as first_at",
    );
    const first = (rows[0]?.["first_at"] as Date | null) ?? since;
    const { rows: accounts } = await query.query("select account_no from accounts where state <> 'disabled' order by account_no");
    return {
      since,
      observedFrom: first > since ? first : since,
      uses: await usesByAccount(query, since),
      accountNos: accounts.map((row) => row["account_no"] as number),
    };
  });
  if (begun === undefined) {
    return;
  }
  const seen = new Map<number, number>();
  for (const accountNo of begun.accountNos) {
    job.signal.throwIfAborted();
    seen.set(accountNo, await countSeen(storehouse.pool, accountNo, begun.since));
  }
  const telling = tellingTypes(house.routes());
  await actAs(storehouse, "system", "review.gathered", randomUUID(), async (context) => {
    const { db, policy, journal } = context;
    journal.fact("reviewNo", reviewNo);
    if ((await reviewFor(context, reviewNo, "change")).state !== "gathering") {
      return;
    }
    const rows = await db.query<AccountRow>("select account_no, state, last_seen_at from accounts where state <> 'disabled' order by account_no");
    const places = await placesNow(queryOver(db));
    const found = new Map(
      rows.map((row) => [
        row.account_no,
        findUnused(
          policy,
          places,
          telling,
          {
            accountNo: row.account_no,
            state: row.state,
            lastSeenAt: row.last_seen_at,
            seen: seen.get(row.account_no) ?? 0,
            types: begun.uses.get(row.account_no) ?? new Map<string, Date>(),
          },
          begun.since,
        ),
      ]),
    );
    await db.query(
      `insert into access_review_accounts (review_no, account_no, found)
       select $1, f.account_no, f.found from jsonb_to_recordset($2::jsonb) as f (account_no integer, found jsonb)`,
      [reviewNo, JSON.stringify([...found].map(([accountNo, one]) => ({ account_no: accountNo, found: one })))],
    );
    await db.query("update access_reviews set state = 'open', observed_from = $2, policy_version = $3, roles = $4 where review_no = $1", [
      reviewNo,
      begun.observedFrom,
      policy.version,
      JSON.stringify(findRoles(policy, places, found)),
    ]);
    journal.fact("accounts", found.size);
    journal.fact("gatheredPolicyVersion", policy.version);
  });
}
