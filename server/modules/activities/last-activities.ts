import { queryOver, type Context } from "#server/core/door/index.ts";
import { numbersMergedInto } from "#server/modules/customers/index.ts";

/**
 * When something was last noted or bought, of those of the customers of whom anything is, rows merged into them included: what
 * a term of keeping counts from.
 */
export async function lastActivities(context: Context, customerNos: readonly number[]): Promise<Map<number, Date>> {
  const kept = await numbersMergedInto(queryOver(context.db), "customer", customerNos);
  const rows = await context.db.query<{ no: number; at: Date }>(
    `select no, max(at) as at from (
       select customer_no as no, greatest(happened_at, updated_at) as at from contact_notes where customer_no = any($1)
       union all
       select customer_no, greatest(bought_on::timestamptz, updated_at) from purchases where customer_no = any($1)) a
      group by no`,
    [[...kept.keys()]],
  );
  const last = new Map<number, Date>();
  for (const { no, at } of rows) {
    const person = kept.get(no) ?? no;
    const former = last.get(person);
    last.set(person, former === undefined || former < at ? at : former);
  }
  return last;
}
