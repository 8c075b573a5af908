import type { Context } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import { beyondScope } from "./beyond-scope.ts";
import { listCustomers } from "./customer-records.ts";

/**
 * Whoever judges a request sees everybody whom it is about. Who was erased meanwhile is nobody's to see; of whom is there,
 * every single one must be the decider's to see.
 * @throws Problem not-permitted {reason: "not-all-visible"}
 */
export async function demandAllInSight(context: Context, numbers: readonly number[]): Promise<void> {
  const seen = await listCustomers(context, numbers, new Set());
  const there = await beyondScope(context, () => context.db.query("select from customers where customer_no = any($1)", [numbers]));
  if (seen.length === 0 || seen.length < there.length) {
    throw new Problem("not-permitted", { reason: "not-all-visible" });
  }
}
