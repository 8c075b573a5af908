import { fieldClasses } from "#shared/rights.ts";
import { hasVerb, levelOf, relationOf } from "#server/core/access/compile.ts";
import { recordFieldsOf } from "#server/core/access/policy.ts";
import { SealedValues, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type { showCustomer as endpoint } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { customerFor } from "./customer-records.ts";
import { trashTerms } from "./trash-rules.ts";

/** One customer with every field, as the caller's rights show them. */
export async function showCustomer(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const row = await customerFor(context, input.params.customerNo);
  const { rights } = context.actor;
  const relation = relationOf(rights, row.record);
  const mayWrite = fieldClasses.some((name) => levelOf(rights, "customer", relation, name).level === "write");
  const term = row.state === "trashed" ? (await trashTerms(context, "customer", [row.customerNo])).get(row.customerNo) : undefined;
  context.journal.touched("customer", row.customerNo);
  return {
    customerNo: row.customerNo,
    version: row.version,
    state: row.state,
    mergedInto: row.mergedInto,
    trashDaysLeft: term ?? null,
    ownerNo: row.ownerNo,
    cellNo: row.cellNo,
    companyNo: row.companyNo,
    createdAt: row.createdAt.toISOString(),
    isSuspended: row.isSuspended,
    updatedAt: row.updatedAt.toISOString(),
    values: new SealedValues(
      row.record,
      recordFieldsOf(context.policy, "customer").map((field) => field.key),
    ),
    may: {
      write: mayWrite && row.state !== "merged",
      delete: mayWrite && row.state !== "merged" && hasVerb(rights, "delete"),
      reveal: hasVerb(rights, "reveal"),
      seeLedger: hasVerb(rights, "read-exposures"),
    },
  };
}
