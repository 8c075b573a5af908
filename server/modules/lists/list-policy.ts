import type { Context, Draft, Input } from "#server/core/door/index.ts";
import { beyondScope, listCustomers, printedFreely } from "#server/modules/customers/index.ts";
import type { changeListPolicy as changeEndpoint, showListPolicy as endpoint } from "#shared/lists.ts";
import type { ReplyOf } from "#shared/endpoint.ts";

type Limits = ReplyOf<typeof changeEndpoint>;

/** The limit counts the persons of so long, so that many small lists are one large one. */
export const windowMs = 86_400_000;

export async function limitsOf(context: Context): Promise<Limits> {
  const [row] = await context.db.query<Limits>('select list_free_persons as "freePersons", list_days as days from organisation');
  return row ?? { freePersons: 0, days: 1 };
}

export async function showListPolicy(context: Context): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const taken = await takenFreely(context);
  const inSight = await listCustomers(context, taken, new Set());
  return { ...(await limitsOf(context)), taken: taken.length, takenNos: inSight.map((row) => row.customerNo) };
}

/** The different persons whom the caller took out or printed without asking within {@link windowMs}, also those who are out of sight by now. */
export async function takenFreely(context: Context): Promise<number[]> {
  const taken = new Set([...(await listedFreely(context)), ...(await printedFreely(context))]);
  return [...taken].toSorted((a, b) => a - b);
}

/** Those of them who stand in lists. */
export async function listedFreely(context: Context): Promise<number[]> {
  const rows = await beyondScope(context, () =>
    context.db.query<{ no: number }>(
      `select distinct m.customer_no as no from lists l join list_members m using (list_no)
        where l.owner_no = $1 and l.request_no is null and l.made_at > $2 order by no`,
      [context.actor.accountNo, new Date(context.now.getTime() - windowMs)],
    ),
  );
  return rows.map(({ no }) => no);
}

export async function changeListPolicy(context: Context, input: Input<typeof changeEndpoint>): Promise<Draft<Limits>> {
  const former = await limitsOf(context);
  const { freePersons, days } = input.body;
  await context.db.query("update organisation set list_free_persons = $1, list_days = $2", [freePersons, days]);
  context.journal.fact("before", { ...former });
  context.journal.fact("after", { freePersons, days });
  return { freePersons, days };
}
