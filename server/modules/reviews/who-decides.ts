import { hasVerb } from "#server/core/access/compile.ts";
import { rightsOf } from "#server/core/access/policy.ts";
import type { Context } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import type { Verb } from "#shared/rights.ts";

type Reading = Pick<Context, "db" | "policy">;

async function activeWith({ db, policy }: Reading, verb: Verb): Promise<number[]> {
  const rows = await db.query<{ account_no: number }>("select account_no from accounts where state = 'active' order by account_no");
  return rows.map((row) => row.account_no).filter((no) => hasVerb(rightsOf(policy, no), verb));
}

/** The account of the only privacy officer at work; undefined where there are more, or none. */
export async function onlyOfficer(context: Reading): Promise<number | undefined> {
  const [officer, ...others] = await activeWith(context, "consent-rights");
  return others.length === 0 ? officer : undefined;
}

/** Whether somebody else than the caller could decide about the caller. */
export async function isSomebodyElse(context: Reading & Pick<Context, "actor">): Promise<boolean> {
  const able = [...(await activeWith(context, "consent-rights")), ...(await activeWith(context, "manage-accounts"))];
  return able.some((no) => no !== context.actor.accountNo);
}

/**
 * Nobody decides about themselves: another officer does, and where there is none, whoever manages accounts. Where there is nobody else at
 * all, one's own decision stands, and the ledger says that it is one.
 * @throws Problem not-permitted {reason: "own-account"}
 */
export async function demandNotOneself(context: Pick<Context, "db" | "policy" | "actor" | "journal">, accountNos: readonly number[]): Promise<void> {
  const own = context.actor.accountNo;
  if (own === null || !accountNos.includes(own)) return;
  if (await isSomebodyElse(context)) throw new Problem("not-permitted", { reason: "own-account" });
  context.journal.fact("ownAccount", true);
}
