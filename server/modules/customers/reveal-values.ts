import { recordFieldOf } from "#server/core/access/policy.ts";
import { inFull, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type { revealValues as endpoint } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { customerFor } from "./customer-records.ts";

/** How long the screen shows a revealed value. */
const shownSeconds = 60;

/** Reveals masked values for a stated purpose. */
export async function revealValues(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const row = await customerFor(context, input.params.customerNo);
  for (const key of input.body.fields) {
    if (recordFieldOf(context.policy, "customer", key) === undefined) {
      throw new Problem("invalid-input", { field: "fields" });
    }
  }
  context.journal.purpose(input.body.purpose);
  context.journal.touched("customer", row.customerNo);
  return { values: Object.fromEntries(input.body.fields.map((key) => [key, inFull(row.record, key, "reveal")])), seconds: shownSeconds };
}
