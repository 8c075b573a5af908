import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { changePersonPolicy as changeEndpoint, showPersonPolicy as endpoint } from "#shared/person-requests.ts";

/** Days in which a request is answered, and after how many years without activity disposal is proposed (null: never). */
export async function personPolicy(context: Context): Promise<ReplyOf<typeof endpoint>> {
  const [row] = await context.db.query<{ answer_days: number; retention_years: number | null }>("select answer_days, retention_years from person_policy");
  return { answerDays: row?.answer_days ?? 14, retentionYears: row?.retention_years ?? null };
}

export async function changePersonPolicy(context: Context, input: Input<typeof changeEndpoint>): Promise<Draft<ReplyOf<typeof changeEndpoint>>> {
  const { answerDays, retentionYears } = input.body;
  await context.db.query("update person_policy set answer_days = $1, retention_years = $2", [answerDays, retentionYears]);
  context.journal.fact("answerDays", answerDays);
  context.journal.fact("retentionYears", retentionYears);
  return { kind: "saved" };
}
