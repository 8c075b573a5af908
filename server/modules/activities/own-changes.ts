import { canRead, levelOf, own } from "#server/core/access/compile.ts";
import type { Context, Draft } from "#server/core/door/index.ts";
import { timeAway } from "#server/modules/accounts/index.ts";
import type { ownChanges as endpoint } from "#shared/activities.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { attachedField, noteField } from "./note-records.ts";
import { purchaseField } from "./purchase-records.ts";

const firstLookMs = 7 * 86_400_000;

/**
 * What came to one's own customers while one was away (at the first visit: in the last seven days): how many are new to the
 * house, how many hold other values now, how many notes and purchases were written, where one may read these. Numbers alone.
 */
export async function ownChanges(context: Context): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { from, until } = await timeAway(context);
  const since = from ?? new Date(context.now.getTime() - firstLookMs);
  const [row] = await context.db.query<{ fresh: number; changed: number; notes: number; purchases: number }>(
    `with own as materialized (select customer_no, created_at, updated_at from customers where owner_no = $1 and state = 'active')
     select (select count(*)::integer from own where created_at > $2 and created_at <= $3) as fresh,
            (select count(*)::integer from own where updated_at > $2 and updated_at <= $3 and created_at <= $2) as changed,
            (select count(*)::integer from own join contact_notes n using (customer_no)
              where n.state = 'active' and n.created_at > $2 and n.created_at <= $3 and n.author_no is distinct from $1) as notes,
            (select count(*)::integer from own join purchases p using (customer_no)
              where p.state = 'active' and p.created_at > $2 and p.created_at <= $3 and p.author_no is distinct from $1) as purchases`,
    [context.actor.accountNo ?? 0, since, until],
    "own-changes",
  );
  const reads = (key: string): boolean => canRead(levelOf(context.actor.rights, "customer", own, attachedField(context, "customer", key).class));
  return {
    since: since.toISOString(),
    added: row?.fresh ?? 0,
    changed: row?.changed ?? 0,
    notes: reads(noteField) ? (row?.notes ?? 0) : 0,
    purchases: reads(purchaseField) ? (row?.purchases ?? 0) : 0,
  };
}
