import type { Query } from "#server/core/ledger/index.ts";
import { tableOf, type HashedKind } from "./list-hashed-rows.ts";

/**
 * The numbers of all customers that were merged into this one, directly or through another: their history, notes and exposures
 * are this person's. Ascending, without the number itself.
 */
export async function customersMergedInto(query: Query, customerNo: number): Promise<number[]> {
  return [...(await numbersMergedInto(query, "customer", [customerNo])).keys()].filter((no) => no !== customerNo);
}

/**
 * These numbers with all that were merged into them, directly or through another: number → which of `numbers` it stands for
 * now. Ascending.
 */
export async function numbersMergedInto(query: Query, kind: HashedKind, numbers: readonly number[]): Promise<Map<number, number>> {
  if (numbers.length === 0) {
    return new Map();
  }
  const { rows } = await query.query(
    `with recursive merged (no, kept) as (
       select no, no from unnest($1::integer[]) as t (no)
       union
       select c.${kind}_no, m.kept from ${tableOf[kind]} c join merged m on c.merged_into = m.no
     ) select no, kept from merged order by no`,
    [`{${numbers.join(",")}}`],
  );
  return new Map(rows.map((row) => [Number(row["no"]), Number(row["kept"])]));
}

/** Whom numbers of customers stand for after merges: as {@link keptFor}. For counting persons: events name the numbers of their time. */
export function personsOf(query: Query, numbers: readonly number[]): Promise<Map<number, number>> {
  return keptFor(query, "customer", numbers);
}

/**
 * What numbers stand for after merges: number → number of the record that is kept. A number that was never merged, or whose row
 * is gone, stands for itself.
 */
export async function keptFor(query: Query, kind: HashedKind, numbers: readonly number[]): Promise<Map<number, number>> {
  const kept = new Map(numbers.map((no) => [no, no]));
  if (numbers.length === 0) {
    return kept;
  }
  const [table, no] = [tableOf[kind], `${kind}_no`];
  const { rows } = await query.query(
    `with recursive walk (no, kept) as (
       select ${no}, merged_into from ${table} where ${no} = any($1::integer[]) and merged_into is not null
       union
       select w.no, c.merged_into from walk w join ${table} c on c.${no} = w.kept where c.merged_into is not null
     ) select w.no, w.kept from walk w left join ${table} c on c.${no} = w.kept where c.merged_into is null`,
    [`{${numbers.join(",")}}`],
  );
  for (const row of rows) {
    kept.set(Number(row["no"]), Number(row["kept"]));
  }
  return kept;
}
