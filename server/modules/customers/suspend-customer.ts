import { rowHash, type Context } from "#server/core/door/index.ts";
import { fieldClasses } from "#shared/rights.ts";
import type { CustomerRow } from "./customer-records.ts";

/**
 * Suspends the use of a locked customer, or lifts it (利用停止). From the commit on the door masks the values and refuses every
 * use of them (core/door/release.ts); the row stays, and stays searchable for whoever must find it.
 */
export async function setCustomerSuspended(context: Context, row: CustomerRow, isSuspended: boolean): Promise<{ version: number }> {
  const version = row.version + 1;
  await context.db.query("update customers set use_suspended_at = $2, version = $3, updated_at = $4 where customer_no = $1", [
    row.customerNo,
    isSuspended ? context.now : null,
    version,
    context.now,
  ]);
  const { customerNo, state, ownerNo, cellNo, companyNo, mergedInto } = row;
  const blobs = fieldClasses.map((_, index) => row.record.blobs[index] ?? null);
  context.journal.wrote(
    "customer",
    customerNo,
    rowHash({ kind: "customer", no: customerNo, version, state, ownerNo, cellNo, companyNo, isSuspended, mergedInto, blobs }),
  );
  return { version };
}

/** Since when the use of a customer is suspended; null when it is not. */
export async function suspendedSince(context: Context, customerNo: number): Promise<Date | null> {
  const [row] = await context.db.query<{ use_suspended_at: Date | null }>("select use_suspended_at from customers where customer_no = $1", [customerNo]);
  return row?.use_suspended_at ?? null;
}
