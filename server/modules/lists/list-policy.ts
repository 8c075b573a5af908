import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { changeListPolicy as changeEndpoint, showListPolicy as endpoint } from "#shared/lists.ts";
import type { ReplyOf } from "#shared/endpoint.ts";

type Limits = ReplyOf<typeof endpoint>;

export async function limitsOf(context: Context): Promise<Limits> {
  const [row] = await context.db.query<Limits>('select list_free_persons as "freePersons", list_days as days from organisation');
  return row ?? { freePersons: 0, days: 1 };
}

export async function showListPolicy(context: Context): Promise<Draft<Limits>> {
  return limitsOf(context);
}

export async function changeListPolicy(context: Context, input: Input<typeof changeEndpoint>): Promise<Draft<Limits>> {
  const former = await limitsOf(context);
  const { freePersons, days } = input.body;
  await context.db.query("update organisation set list_free_persons = $1, list_days = $2", [freePersons, days]);
  context.journal.fact("before", { ...former });
  context.journal.fact("after", { freePersons, days });
  return { freePersons, days };
}
