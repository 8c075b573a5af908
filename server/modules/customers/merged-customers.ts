import type { Query } from "#server/core/ledger/index.ts";

/**
 * The numbers of all customers that were merged into this one, directly or through another: their history, notes and exposures
 * are this person's. Ascending, without the number itself.
 */
export async function customersMergedInto(query: Query, customerNo: number): Promise<number[]> {
  const { rows } = await query.query(
    `with recursive merged (no) as (
       select customer_no from customers where merged_into = $1
       union
       select c.customer_no from customers c join merged m on c.merged_into = m.no
     ) select no from merged order by no`,
    [customerNo],
  );
  return rows.map((row) => Number(row["no"]));
}

/**
 * Whom numbers stand for after merges: number → number of the person who is kept. A number that was never merged, or whose row
 * is gone, stands for itself. For counting persons: events name the numbers of their time.
 */
export async function personsOf(query: Query, numbers: readonly number[]): Promise<Map<number, number>> {
  const persons = new Map(numbers.map((no) => [no, no]));
  if (numbers.length === 0) {
    return persons;
  }
  const { rows } = await query.query(
    `with recursive walk (no, person) as (
       select customer_no, merged_into from customers where customer_no = any($1::integer[]) and merged_into is not null
       union
       select w.no, c.merged_into from walk w join customers c on c.customer_no = w.person where c.merged_into is not null
     ) select w.no, w.person from walk w left join customers c on c.customer_no = w.person where c.merged_into is null`,
    [`{${numbers.join(",")}}`],
  );
  for (const row of rows) {
    persons.set(Number(row["no"]), Number(row["person"]));
  }
  return persons;
}
