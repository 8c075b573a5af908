import { queryOver, type Context } from "#server/core/door/index.ts";
import type { Query } from "#server/core/ledger/index.ts";
import { personsOf } from "#server/modules/customers/index.ts";

/** What this module holds of a person: pairs, and what the winner of a merge was. That there was a merge stays, as numbers. */
export async function eraseMerged(context: Context, customerNo: number): Promise<void> {
  await context.db.query("delete from duplicate_queue where kind = 'customer' and no = $1", [customerNo]);
  await context.db.query("delete from duplicate_pairs where kind = 'customer' and (first_no = $1 or second_no = $1)", [customerNo]);
  await context.db.query(
    "update merges set sealed_open = null, sealed_internal = null, sealed_personal = null, sealed_sensitive = null where kind = 'customer' and winner_no = $1",
    [customerNo],
  );
}

/**
 * All numbers of a person: the one that is kept and those merged into it, also when the rows are gone already (an erasure that
 * a crash cut off between rows and keys). For the house itself.
 */
export async function numbersOfPerson(query: Query, customerNo: number): Promise<number[]> {
  const { rows } = await query.query(
    `with recursive person (no) as (
       select $1::integer
       union
       select l.loser_no from person p join merges m on m.kind = 'customer' and m.winner_no = p.no and m.undone_at is null join merge_losers l using (merge_no)
     ) select no from person order by no`,
    [customerNo],
  );
  return rows.map((row) => Number(row["no"]));
}

/** All numbers of the persons for whom these numbers stand: what an erasure of any of them is about. */
export async function everyNumberOf(context: Pick<Context, "db">, numbers: readonly number[]): Promise<number[]> {
  const query = queryOver(context.db);
  const every = new Set<number>();
  for (const person of new Set((await personsOf(query, numbers)).values())) {
    for (const no of await numbersOfPerson(query, person)) {
      every.add(no);
    }
  }
  return [...every].toSorted((a, b) => a - b);
}
