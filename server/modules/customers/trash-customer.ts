import { fieldClasses } from "#shared/rights.ts";
import { levelOf, relationOf } from "#server/core/access/compile.ts";
import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { restoreCustomer as restoreEndpoint, trashCustomer as endpoint } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { customerFor, type CustomerRow } from "./customer-records.ts";
import { trashRules } from "./trash-rules.ts";
import { countTrashedAlone } from "./trashed-alone.ts";
import { setCustomerState } from "./write-customer.ts";

/**
 * Sends one customer to the trash. Whoever sent as many there within a day as one person may alone asks a second one, as for
 * many at once.
 * @throws Problem not-found; conflict; not-permitted {reason: "trash-limit", limit}
 */
export async function trashCustomer(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { alone } = await trashRules(context);
  // Before the row is locked, as in an operation of many: so nobody waits in a circle.
  const trashed = await countTrashedAlone(context, { lock: true });
  const row = await customerFor(context, input.params.customerNo, "change");
  demandWritable(context, row);
  if (row.version !== input.body.version || row.state !== "active") {
    throw new Problem("conflict", { version: row.version });
  }
  if (trashed >= alone) {
    throw new Problem("not-permitted", { reason: "trash-limit", limit: alone });
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
