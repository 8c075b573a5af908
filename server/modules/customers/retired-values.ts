import { SealedValues, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type { retiredValues as endpoint } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { customerFor } from "./customer-records.ts";

/** The values of fields out of use, asked for by themselves: who opens a person's page does not see them. */
export async function retiredValues(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const row = await customerFor(context, input.params.customerNo);
  const fields = context.policy.fields.filter((field) => field.kind === "customer" && field.place === "record" && field.isArchived);
  context.journal.touched("customer", row.customerNo);
  return {
    values: new SealedValues(
      row.record,
      fields.map((field) => field.key),
    ),
  };
}
