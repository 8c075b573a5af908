import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import type { listStars as listEndpoint, putStars as putEndpoint } from "#shared/working-list.ts";
import { listCustomers } from "../customer-records.ts";

const mostStars = 500;

/** Numbers of the customers that the caller starred and still sees, the newest star first. */
export async function listStars(context: Context): Promise<Draft<ReplyOf<typeof listEndpoint>>> {
  const rows = await context.db.query<{ customer_no: number }>(
    "select customer_no from starred_customers join customers using (customer_no) order by starred_at desc, customer_no",
  );
  return { customerNos: rows.map((row) => row.customer_no) };
}

/** @throws Problem not-found: one of them is not there, or outside what the caller sees; invalid-input: too many stars */
export async function putStars(context: Context, input: Input<typeof putEndpoint>): Promise<Draft<ReplyOf<typeof putEndpoint>>> {
  const { isStarred } = input.body;
  const accountNo = context.actor.accountNo;
  const numbers = [...new Set(input.body.customerNos)];
  if (isStarred) {
    const seen = await listCustomers(context, numbers, new Set());
    if (seen.length < numbers.length) {
      throw new Problem("not-found");
    }
    await context.db.query(
      "insert into starred_customers (account_no, customer_no, starred_at) select $1, no, $3 from unnest($2::integer[]) no on conflict do nothing",
      [accountNo, numbers, context.now],
    );
    for (const no of numbers) {
      context.journal.touched("customer", no);
    }
  } else {
    await context.db.query("delete from starred_customers where account_no = $1 and customer_no = any($2)", [accountNo, numbers]);
  }
  context.journal.fact("starred", isStarred);
  const left = await listStars(context);
  if (isStarred && left.customerNos.length > mostStars) {
    throw new Problem("invalid-input", { reason: "too-many-stars" });
  }
  return left;
}
