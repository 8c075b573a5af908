import type { Context } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import { beyondScope } from "../beyond-scope.ts";

/** The persons whom somebody took out without asking in another way than by printing: known to a module above. */
export type TakenOtherwise = (context: Context) => Promise<readonly number[]>;

/** As for lists: many small prints are one large one. */
const windowMs = 86_400_000;

/** The different persons whose address the caller printed without asking within 24 hours, also those out of sight by now. */
export async function printedFreely(context: Context): Promise<number[]> {
  const rows = await beyondScope(context, () =>
    context.db.query<{ no: number }>("select customer_no as no from free_prints where account_no = $1 and printed_at > $2 order by no", [
      context.actor.accountNo,
      new Date(context.now.getTime() - windowMs),
    ]),
  );
  return rows.map(({ no }) => no);
}

/** Nobody else counts what this account takes out until the end of the transaction: two at the same moment are counted one after the other. */
async function lockTaken(context: Context): Promise<void> {
  await context.db.query("select pg_advisory_xact_lock(hashtext('lists'), $1)", [context.actor.accountNo], "taken-lock");
}

/**
 * Counts persons against what the caller may take out without asking: the policy of lists, and one number for both.
 * @throws Problem not-permitted {reason: "print-limit", limit} when they are too many
 */
export async function countPrint(context: Context, persons: readonly number[], takenOtherwise: TakenOtherwise): Promise<void> {
  await lockTaken(context);
  const [policy] = await context.db.query<{ limit: number }>('select list_free_persons as "limit" from organisation');
  const limit = policy?.limit ?? 0;
  const taken = new Set([...(await takenOtherwise(context)), ...(await printedFreely(context)), ...persons]);
  if (taken.size > limit) {
    throw new Problem("not-permitted", { reason: "print-limit", limit });
  }
  await context.db.query(
    `insert into free_prints (account_no, customer_no, printed_at) select $1, unnest($2::integer[]), $3
     on conflict (account_no, customer_no) do update set printed_at = excluded.printed_at`,
    [context.actor.accountNo, persons, context.now],
  );
}
