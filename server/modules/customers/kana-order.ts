import type { Context } from "#server/core/door/index.ts";
import { examineOrder } from "#server/core/door/index.ts";
import { classesOf, listCustomers } from "./customer-records.ts";

/**
 * Orders more numbers than a page's worth by a field, opening them in parts. The caller was found to read the field in
 * full on every row of the list.
 */
export async function orderedNumbers(context: Context, key: string, numbers: readonly number[], descending: boolean): Promise<number[]> {
  const classes = classesOf(context, [key]);
  const records = [];
  for (let at = 0; at < numbers.length; at += 5_000) {
    records.push(...(await listCustomers(context, numbers.slice(at, at + 5_000), classes)).map((row) => row.record));
  }
  return examineOrder(context, records, key, descending);
}
