import { rightsOf } from "#server/core/access/policy.ts";
import { isHandler, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { previewMeasure as endpoint } from "#shared/measures.ts";
import { accountsMeant, countConfirmers, demandTarget, needsSecond, refusalOf } from "./meant.ts";

/** @throws Problem invalid-input, not-found */
export async function previewMeasure(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const act = input.body;
  await demandTarget(context, act);
  const meant = await accountsMeant(context, act);
  const isTwoPersons = await needsSecond(context, act, meant);
  const others = act.target === "service" ? await accountsMeant(context, { ...act, kind: "cut-sessions", target: "everybody" }) : meant;
  const inside = act.kind === "stop" ? others.filter((accountNo) => !isHandler({ rights: rightsOf(context.policy, accountNo) })) : others;
  const [open] = await context.db.query<{ sessions: number; accounts: number }>(
    `select count(*)::integer as sessions, count(distinct account_no)::integer as accounts
       from sessions where account_no = any($1) and revoked_at is null and expires_at > $2 and last_seen_at + make_interval(secs => idle_seconds) > $2`,
    [inside, context.now],
  );
  return {
    accounts: inside.length,
    signedIn: open?.accounts ?? 0,
    sessions: open?.sessions ?? 0,
    needsSecond: isTwoPersons,
    confirmers: isTwoPersons ? await countConfirmers(context, meant) : 0,
    refusal: await refusalOf(context, act, meant, isTwoPersons),
  };
}
