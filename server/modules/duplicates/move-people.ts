import { randomUUID } from "node:crypto";
import { actAs, type Context, type Storehouse } from "#server/core/door/index.ts";
import { moveToCompanies } from "#server/modules/customers/index.ts";
import type { Job } from "#server/platform/jobs/index.ts";

export const movePeopleTask = "duplicates.move-people";

const peopleAtOnce = 300;

/**
 * The people of merged companies go to the company that is kept, those of every department; or back again, once the merge was
 * taken back. Each step looks at the merge anew, so it bears being ended, begun again, and turned round on its way.
 */
export async function movePeople(storehouse: Storehouse, job: Pick<Job, "signal" | "payload">): Promise<void> {
  const mergeNo = job.payload["mergeNo"] as number;
  for (let moved = peopleAtOnce; moved > 0;) {
    job.signal.throwIfAborted();
    moved = await actAs(storehouse, "system", "company.people-moved", randomUUID(), (context) => moveNext(context, mergeNo));
  }
}

async function moveNext(context: Context, mergeNo: number): Promise<number> {
  context.journal.fact("mergeNo", mergeNo);
  const [merge] = await context.db.query<{ winner_no: number; is_undone: boolean; losers: number[] }>(
    `select winner_no, undone_at is not null as is_undone, array(select loser_no from merge_losers l where l.merge_no = m.merge_no) as losers
       from merges m where merge_no = $1 for share`,
    [mergeNo],
  );
  if (merge === undefined) {
    return 0;
  }
  if (merge.is_undone) {
    const people = await context.db.query<{ customer_no: number; former_company_no: number }>(
      "select customer_no, former_company_no from merge_people where merge_no = $1 order by customer_no limit $2",
      [mergeNo, peopleAtOnce],
    );
    await moveToCompanies(context, new Map(people.map((row) => [row.customer_no, { from: merge.winner_no, to: row.former_company_no }])));
    await context.db.query("delete from merge_people where merge_no = $1 and customer_no = any($2)", [mergeNo, people.map((row) => row.customer_no)]);
    return people.length;
  }
  const people = await context.db.query<{ customer_no: number; company_no: number }>(
    "select customer_no, company_no from customers where company_no = any($1) order by customer_no limit $2",
    [merge.losers, peopleAtOnce],
  );
  const from = new Map(people.map((row) => [row.customer_no, row.company_no]));
  const moved = await moveToCompanies(context, new Map([...from].map(([no, company]) => [no, { from: company, to: merge.winner_no }])));
  await context.db.query(
    "insert into merge_people (merge_no, customer_no, former_company_no) select $1, no, company from unnest($2::integer[], $3::integer[]) as t (no, company) on conflict do nothing",
    [mergeNo, moved, moved.map((no) => from.get(no))],
  );
  return people.length;
}
