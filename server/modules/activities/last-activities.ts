import type { Context } from "#server/core/door/index.ts";

/** When something was last noted or bought, of those of the customers of whom anything is: what a term of keeping counts from. */
export async function lastActivities(context: Context, customerNos: readonly number[]): Promise<Map<number, Date>> {
  const rows = await context.db.query<{ no: number; at: Date }>(
    `select no, max(at) as at from (
       select customer_no as no, greatest(happened_at, updated_at) as at from contact_notes where customer_no = any($1)
       union all
       select customer_no, greatest(bought_on::timestamptz, updated_at) from purchases where customer_no = any($1)) a
      group by no`,
    [customerNos],
  );
  return new Map(rows.map((row) => [row.no, row.at]));
}
