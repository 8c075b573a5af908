import type { Context } from "#server/core/door/index.ts";
import { beyondScope } from "./beyond-scope.ts";

/** So long a trashing counts against what one person may send to the trash alone. */
const windowMs = 86_400_000;

/**
 * How many customers the caller sent to the trash on their own word within 24 hours that still lie there, also those out of
 * sight by now, and those whom a running operation of theirs will send there. `lock`: until the end of the transaction nobody
 * else counts for this account, so that two trashings at the same moment are counted one after the other.
 */
export async function countTrashedAlone(context: Context, given: { lock?: boolean; besides?: number } = {}): Promise<number> {
  const { db, actor, now } = context;
  if (given.lock === true) {
    await db.query("select pg_advisory_xact_lock(hashtext('trash'), $1)", [actor.accountNo], "trash-lock");
  }
  const [row] = await beyondScope(context, () =>
    db.query<{ trashed: number }>(
      "select count(*)::integer as trashed from customers where trashed_by = $1 and trashed_at > $2 and state = 'trashed'",
      [actor.accountNo, new Date(now.getTime() - windowMs)],
      "trashed-alone",
    ),
  );
  const [under] = await db.query<{ waiting: number }>(
    `select count(*)::integer as waiting from bulk_operations o join bulk_members m using (operation_no)
      where o.account_no = $1 and o.kind = 'trash' and o.state = 'running' and o.request_no is null and m.outcome = 'waiting' and o.operation_no <> $2`,
    [actor.accountNo, given.besides ?? 0],
    "trashing-alone",
  );
  return (row?.trashed ?? 0) + (under?.waiting ?? 0);
}
