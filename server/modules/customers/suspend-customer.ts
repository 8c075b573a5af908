import { queryOver, rowHash, type Context } from "#server/core/door/index.ts";
import { fieldClasses } from "#shared/rights.ts";
import { beyondScope } from "./beyond-scope.ts";
import type { CustomerRow } from "./customer-records.ts";
import { lockHashedRows } from "./list-hashed-rows.ts";
import { keptFor, numbersMergedInto } from "./merged-customers.ts";

/**
 * Suspends the use of a person, or lifts it (利用停止): of a locked customer and of all rows that are one with it by a merge.
 * From the commit on the door masks the values and refuses every use of them (core/door/release.ts); the rows stay, and stay
 * searchable for whoever must find them.
 */
export async function setCustomerSuspended(context: Context, row: CustomerRow, isSuspended: boolean): Promise<{ version: number }> {
  // A merge is taken back by the versions that it wrote: a row that stands for another keeps its own.
  const version = row.state === "merged" ? row.version : row.version + 1;
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
  await setOthersSuspended(context, customerNo, isSuspended);
  return { version };
}

/** The person is one, whoever sees which of the rows. */
async function setOthersSuspended(context: Context, customerNo: number, isSuspended: boolean): Promise<void> {
  const query = queryOver(context.db);
  await beyondScope(context, async () => {
    const kept = (await keptFor(query, "customer", [customerNo])).get(customerNo) ?? customerNo;
    const numbers = [...(await numbersMergedInto(query, "customer", [kept])).keys()].filter((no) => no !== customerNo);
    const others = numbers.length === 0 ? [] : (await lockHashedRows(query, "customer", numbers, true)).filter((other) => other.isSuspended !== isSuspended);
    if (others.length === 0) {
      return;
    }
    await context.db.query("update customers set use_suspended_at = $2 where customer_no = any($1)", [
      others.map((other) => other.no),
      isSuspended ? context.now : null,
    ]);
    for (const other of others) {
      context.journal.wrote("customer", other.no, rowHash({ ...other, isSuspended }));
    }
  });
}

/** Since when the use of a customer is suspended; null when it is not. */
export async function suspendedSince(context: Context, customerNo: number): Promise<Date | null> {
  const [row] = await context.db.query<{ use_suspended_at: Date | null }>("select use_suspended_at from customers where customer_no = $1", [customerNo]);
  return row?.use_suspended_at ?? null;
}
