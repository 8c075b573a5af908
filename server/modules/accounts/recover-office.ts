import { timingSafeEqual } from "node:crypto";
import type { Context } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import { noteAccountWritten, type AccountState } from "./account-records.ts";
import { holdersOf, holdPolicy, offices, settleRecovery } from "./policy-change.ts";
import { noteAccountState } from "./policy-facts.ts";
import { recoveryPublicKey } from "./recovery-public-key.ts";
import { renewFactors } from "./renew-factors.ts";

/** Somebody who holds an office, working in it or invited to it. No names: the terminal reads none. */
export interface OfficeHolder {
  readonly accountNo: number;
  readonly state: AccountState;
  readonly roles: readonly string[];
  readonly lastSeenAt: Date | null;
}

export type OfficeRecovery =
  | { readonly kind: "other-key" }
  | { readonly kind: "choose"; readonly holders: readonly OfficeHolder[] }
  | { readonly kind: "recovered"; readonly holder: OfficeHolder; readonly invitationToken: string };

/**
 * The way back for an administrator or privacy officer who lost phone and recovery codes when nobody else can reset them: the
 * printed recovery key, given by its public half (65 bytes), opens a new invitation of a chosen office holder; the former
 * factors and sessions are void. Without a choice (null), or when the chosen account holds no office or is disabled, it tells
 * who may be chosen. For the console alone, always with an alarm; another key comes to an event and nothing else. Event
 * `office.recovered`.
 * @throws Problem conflict before the set-up
 */
export async function recoverOffice(context: Context, given: { publicKey: Buffer; accountNo: number | null }): Promise<OfficeRecovery> {
  const { actor, journal } = context;
  if (actor.principal !== "console") throw new Error("only the console recovers an office");
  const held = await holdPolicy(context, null);
  const kept = await recoveryPublicKey(context);
  if (kept === undefined) throw new Problem("conflict", { reason: "not-set-up" });
  journal.fact("alarm", true);
  if (kept.length !== given.publicKey.length || !timingSafeEqual(kept, given.publicKey)) {
    journal.becomes("office.recovery-refused");
    return { kind: "other-key" };
  }
  const accountNos = [...new Set(offices.flatMap(({ verbs }) => holdersOf(held, verbs, ["active", "invited"])))];
  const holders = await readHolders(context, accountNos, held.policy.rolesOf);
  const holder = holders.find((each) => each.accountNo === given.accountNo);
  if (holder === undefined) {
    journal.becomes("office.recovery-asked");
    return { kind: "choose", holders };
  }
  const invitationToken = await renewFactors(context, holder.accountNo, "console");
  if (invitationToken === null) throw new Error("an office holder who is disabled");
  journal.fact("handedTo", "console");
  noteAccountState(context, await settleRecovery(context, [holder.accountNo]), holder.accountNo);
  await noteAccountWritten(context, holder.accountNo);
  return { kind: "recovered", holder, invitationToken };
}

async function readHolders({ db }: Context, accountNos: readonly number[], rolesOf: ReadonlyMap<number, readonly string[]>): Promise<OfficeHolder[]> {
  const rows = await db.query<{ account_no: number; state: AccountState; last_seen_at: Date | null }>(
    "select account_no, state, last_seen_at from accounts where account_no = any($1) order by account_no",
    [accountNos],
  );
  return rows.map((row) => ({ accountNo: row.account_no, state: row.state, roles: rolesOf.get(row.account_no) ?? [], lastSeenAt: row.last_seen_at }));
}
