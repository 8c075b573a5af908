import type { Context } from "#server/core/door/index.ts";

/** A person who is erased stands in no list any more; how many there were remains. */
export async function eraseListRows(context: Context, customerNo: number): Promise<void> {
  await context.db.query(
    "with gone as (delete from list_members where customer_no = $1 returning list_no) update lists set erased = erased + 1 where list_no in (select list_no from gone)",
    [customerNo],
  );
}
