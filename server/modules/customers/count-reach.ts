import type { Context } from "#server/core/door/index.ts";
import type { Reach } from "#server/modules/accounts/index.ts";

/** How many active customers a reach holds. */
export async function countReach(context: Context, reach: Reach): Promise<number> {
  const [row] = await context.db.query<{ customers: number }>("select count_customers_reached($1, $2, $3) as customers", [
    reach.all,
    reach.cells,
    reach.owners,
  ]);
  return row?.customers ?? 0;
}
