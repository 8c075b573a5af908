import { randomUUID } from "node:crypto";
import { actAs, examineAlike, likenessKeys, likenessTokens, type Context, type SealedRecord, type Storehouse } from "#server/core/door/index.ts";
import { findCompanyCandidates, findCustomerCandidates, readForMerge } from "#server/modules/customers/index.ts";
import type { Job } from "#server/platform/jobs/index.ts";
import type { MergeKind } from "#shared/duplicates.ts";

export const findTask = "duplicates.find";

/** Rows compared at a time. They are held against changes meanwhile: some 100 ms. */
const rowsAtOnce: Readonly<Record<MergeKind, number>> = { customer: 100, company: 50 };
const mostCandidates = 10_000;
const tableOf: Readonly<Record<MergeKind, string>> = { customer: "customers", company: "companies" };

/**
 * Compares every row that was written since with those that share a value with it, and notes the pairs that may be one. Bears
 * being ended and begun again anywhere: a row leaves the queue with its pairs.
 */
export async function findPairs(storehouse: Storehouse, job: Pick<Job, "signal">): Promise<void> {
  for (const kind of ["customer", "company"] as const) {
    for (;;) {
      job.signal.throwIfAborted();
      const waiting = await storehouse.pool.query("select from duplicate_queue where kind = $1 limit 1", [kind]);
      if (waiting.rowCount === 0) {
        break;
      }
      await actAs(storehouse, "system", "duplicates.searched", randomUUID(), (context) => findNext(context, kind));
    }
  }
}

async function findNext(context: Context, kind: MergeKind): Promise<void> {
  const queued = await context.db.query<{ no: number }>("select no from duplicate_queue where kind = $1 order by no limit $2", [kind, rowsAtOnce[kind]]);
  const numbers = queued.map(({ no }) => no);
  // Whoever changes one of these right now is waited for, before the rows leave the queue: the change would be passed over.
  await context.db.query(`select from ${tableOf[kind]} where ${kind}_no = any($1) order by ${kind}_no for share`, [numbers]);
  await context.db.query("delete from duplicate_queue where kind = $1 and no = any($2)", [kind, numbers]);
  const subjects = (await readForMerge(context, kind, numbers)).filter((row) => row.state === "active").map((row) => row.record);
  const pairs = examineAlike(context, kind, subjects, await candidatesOf(context, kind, subjects));
  await context.db.query(
    `delete from duplicate_pairs where kind = $1 and state = 'open' and (first_no = any($2) or second_no = any($2))
        and (first_no, second_no) not in (select * from unnest($3::integer[], $4::integer[]))`,
    [kind, numbers, pairs.map(({ first }) => first), pairs.map(({ second }) => second)],
  );
  await context.db.query(
    `insert into duplicate_pairs (kind, first_no, second_no, score, reasons, found_at)
     select $1, f, s, score, string_to_array(reasons, ','), $6 from unnest($2::integer[], $3::integer[], $4::integer[], $5::text[]) as t (f, s, score, reasons)
     on conflict (kind, first_no, second_no) do update set score = excluded.score, reasons = excluded.reasons where duplicate_pairs.state = 'open'`,
    [
      kind,
      pairs.map(({ first }) => first),
      pairs.map(({ second }) => second),
      pairs.map(({ score }) => score),
      pairs.map(({ codes }) => codes.join(",")),
      context.now,
    ],
  );
  context.journal.fact("examined", numbers.length);
  context.journal.fact("found", pairs.length);
}

async function candidatesOf(context: Context, kind: MergeKind, subjects: readonly SealedRecord[]): Promise<SealedRecord[]> {
  const { tokens, beginnings } = likenessTokens(context, kind, subjects);
  return kind === "customer"
    ? (await findCustomerCandidates(context, tokens, { keys: likenessKeys(kind), most: mostCandidates })).map((row) => row.record)
    : findCompanyCandidates(context, tokens, beginnings);
}
