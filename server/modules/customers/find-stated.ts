import { statedFields, type Context, type SealedRecord } from "#server/core/door/index.ts";
import { beyondScope } from "./beyond-scope.ts";
import { classesOf, columnsFor, rowOf, type StoredCustomer } from "./customer-records.ts";

/** What so many carry is no sign of anybody. */
const mostCandidates = 5_000;

/**
 * Customers anywhere, in whatever state, that carry one of the tokens: for the door to compare with what a caller states of themselves
 * (`examineStated`), and for nothing else. Nobody reads them by this; of whom it turns out to be, the desk learns the number.
 */
export async function findStated(context: Context, tokens: readonly number[]): Promise<SealedRecord[]> {
  const held = classesOf(context, [...statedFields]);
  const rows = await beyondScope(context, () =>
    context.db.query<StoredCustomer>(
      `select ${columnsFor(held)} from customers where customer_no = any(array(select distinct find_customers_by_tokens($1) limit ${mostCandidates}))`,
      [tokens],
    ),
  );
  return rows.map((row) => rowOf(row).record);
}
