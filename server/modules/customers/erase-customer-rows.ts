import { type Context } from "#server/core/door/index.ts";

/**
 * What this module holds of a person: the row with its blobs, and its tokens. The row's end stands in the ledger as a write
 * of nothing, so that the sweep knows it was meant.
 */
export async function eraseCustomerRows(context: Context, customerNo: number): Promise<void> {
  await context.db.query("delete from bulk_members where customer_no = $1", [customerNo]);
  await context.db.query("delete from customer_search where customer_no = $1", [customerNo]);
  await context.db.query("delete from customers where customer_no = $1", [customerNo]);
  context.journal.wrote("customer", customerNo, null);
}
