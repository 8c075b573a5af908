import { hasVerb } from "#server/core/access/compile.ts";
import { loadPolicy, rightsOf, type Policy } from "#server/core/access/policy.ts";
import type { Context } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import type { Verb } from "#shared/rights.ts";
import type { AccountState } from "./account-records.ts";
import { rebuildScopes } from "./rebuild-scopes.ts";

/** The policy together with the states of accounts, as they stand while nobody else can change them. */
export interface HeldPolicy {
  readonly policy: Policy;
  readonly states: ReadonlyMap<number, AccountState>;
}

/**
 * Begins a change of who may see what: from here to the end of the transaction nobody else makes one, on any node. What the
 * caller may do is asked again of the policy as it stands now.
 * @throws Problem not-signed-in, not-permitted when the caller was disabled or lost the verb meanwhile
 */
export async function holdPolicy(context: Context, verb: Verb | null): Promise<HeldPolicy> {
  const { db, actor } = context;
  await db.query("select one from organisation for update");
  const held = await readPolicy(context);
  if (actor.principal === "account") {
    if (held.states.get(actor.accountNo) !== "active") throw new Problem("not-signed-in");
    if (verb !== null && !hasVerb(rightsOf(held.policy, actor.accountNo), verb)) throw new Problem("not-permitted", { verb });
  }
  return held;
}

/**
 * Ends a change of who may see what, after its rows are written: a new policy version, scopes for row-level security, and
 * the new version in the event.
 * @throws Problem not-permitted {reason: "last-officer" | "last-administrator"} when nobody would be left in an office
 */
export async function settlePolicy(context: Context, before: HeldPolicy, changedAccounts?: readonly number[]): Promise<HeldPolicy> {
  const after = await settleRecovery(context, changedAccounts);
  demandOffices(before, after);
  return after;
}

/** As {@link settlePolicy}, for the one act that may leave an office empty for a while: inviting its only holder anew. */
export async function settleRecovery(context: Context, changedAccounts?: readonly number[]): Promise<HeldPolicy> {
  const { db, journal } = context;
  await db.query("update organisation set policy_version = policy_version + 1");
  const after = await readPolicy(context);
  await rebuildScopes(db, after.policy, changedAccounts);
  journal.fact("newPolicyVersion", after.policy.version);
  return after;
}

export async function readPolicy({ db }: Pick<Context, "db">): Promise<HeldPolicy> {
  const policy = await loadPolicy(db);
  const rows = await db.query<{ account_no: number; state: AccountState }>("select account_no, state from accounts");
  return { policy, states: new Map(rows.map((row) => [row.account_no, row.state])) };
}

/** What makes an office. */
export const offices: readonly { readonly reason: string; readonly verbs: readonly Verb[] }[] = [
  { reason: "last-administrator", verbs: ["manage-accounts"] },
  { reason: "last-administrator", verbs: ["manage-roles"] },
  { reason: "last-officer", verbs: ["consent-rights"] },
];

/** Accounts that hold every one of these verbs and are in one of these states. */
export function holdersOf({ policy, states }: HeldPolicy, verbs: readonly Verb[], among: readonly AccountState[]): number[] {
  return [...states].flatMap(([accountNo, state]) => {
    if (!among.includes(state)) return [];
    const rights = rightsOf(policy, accountNo);
    return verbs.every((verb) => hasVerb(rights, verb)) ? [accountNo] : [];
  });
}

/** An office that somebody works in keeps somebody who works in it; one to which somebody is invited keeps somebody. */
function demandOffices(before: HeldPolicy, after: HeldPolicy): void {
  for (const { reason, verbs } of offices) {
    for (const among of [["active"], ["active", "invited"]] as const) {
      if (holdersOf(before, verbs, among).length > 0 && holdersOf(after, verbs, among).length === 0) {
        throw new Problem("not-permitted", { reason });
      }
    }
  }
}
