import { fieldClasses } from "#shared/rights.ts";
import { levelOf, relationOf } from "#server/core/access/compile.ts";
import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { restoreCustomer as restoreEndpoint, trashCustomer as endpoint } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { customerFor, type CustomerRow } from "./customer-records.ts";
import { setCustomerState } from "./write-customer.ts";

export async function trashCustomer(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const row = await customerFor(context, input.params.customerNo, "change");
  demandWritable(context, row);
  if (row.version !== input.body.version || row.state !== "active") {
    throw new Problem("conflict", { version: row.version });
  }
  return { kind: "trashed", ...(await setCustomerState(context, row, "trashed")) };
}

export async function restoreCustomer(context: Context, input: Input<typeof restoreEndpoint>): Promise<Draft<ReplyOf<typeof restoreEndpoint>>> {
  const row = await customerFor(context, input.params.customerNo, "change");
  demandWritable(context, row);
  if (row.state !== "trashed") {
    throw new Problem("conflict", { version: row.version });
  }
  return { kind: "restored", ...(await setCustomerState(context, row, "active")) };
}

/** Whoever may delete must be able to write something of this very row. */
function demandWritable(context: Context, row: CustomerRow): void {
  const relation = relationOf(context.actor.rights, row.record);
  if (!fieldClasses.some((name) => levelOf(context.actor.rights, "customer", relation, name).level === "write")) {
    throw new Problem("not-permitted", { verb: "delete" });
  }
}
