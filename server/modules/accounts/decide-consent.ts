import { CommittedRefusal, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as accounts from "#shared/accounts.ts";
import { actingAccount } from "./account-for.ts";
import { accountOf, change, type Change } from "./change.ts";
import { basisOf } from "./consent-basis.ts";
import { weigh } from "./consent-rules.ts";
import { demandSense, makeChange } from "./make-change.ts";
import { holdPolicy, holdersOf, type HeldPolicy } from "./policy-change.ts";

/**
 * The privacy officer grants or refuses. Never one's own request, never what benefits oneself: except where one person holds
 * both offices by the choice made at the set-up and nobody else could decide; that stands in the event with an alarm. The
 * tokens of invitations that the change came to are the officer's to hand over.
 * @throws Problem not-found, not-permitted {reason: "own-request"}, conflict (decided already, or the state is another one)
 */
export async function decideConsent(context: Context, input: Input<typeof accounts.decideConsent>): Promise<Draft<ReplyOf<typeof accounts.decideConsent>>> {
  const { db, journal, now } = context;
  const decider = actingAccount(context).accountNo;
  const held = await holdPolicy(context, "consent-rights");
  const { consentNo } = input.params;
  const [row] = await db.query<{ change: unknown; basis: Buffer; requested_by: number; state: string }>(
    "select change, basis, requested_by, state from consents where consent_no = $1 for update",
    [consentNo],
  );
  if (row === undefined) throw new Problem("not-found");
  if (row.state !== "pending") throw new Problem("conflict", { reason: "decided" });
  const asked = change.parse(row.change);
  journal.fact("consentNo", consentNo);
  journal.fact("decision", input.body.decision);
  journal.fact("requestedBy", row.requested_by);
  journal.fact("asked", asked);
  if (await isAlarming(context, held, { asked, requestedBy: row.requested_by, decider })) journal.fact("alarm", true);

  const settle = (state: "granted" | "refused" | "withdrawn"): Promise<unknown> =>
    db.query("update consents set state = $2, decided_by = $3, decided_at = $4 where consent_no = $1", [consentNo, state, decider, now]);
  if (input.body.decision === "refuse") {
    await settle("refused");
    return { kind: "refused", invitationToken: null, otherInvitations: [] };
  }
  if (!basisOf(held, asked).equals(row.basis)) {
    await settle("withdrawn");
    throw new CommittedRefusal(new Problem("conflict", { reason: "changed-since" }));
  }
  demandSense(held, asked);
  await settle("granted");
  const { invitationToken, otherInvitations } = await makeChange(context, held, asked, "officer");
  return { kind: "granted", invitationToken, otherInvitations: [...otherInvitations] };
}

/** False: an independent decision. True: one person in both offices. @throws Problem not-permitted */
async function isAlarming(context: Context, held: HeldPolicy, given: { asked: Change; requestedBy: number; decider: number }): Promise<boolean> {
  const parties = new Set([given.requestedBy, ...weigh(held.policy, given.asked).beneficiaries]);
  const accountNo = accountOf(given.asked);
  if (accountNo !== null) parties.add(accountNo);
  if (!parties.has(given.decider)) return false;
  const [organisation] = await context.db.query<{ combined_office: boolean }>("select combined_office from organisation");
  const others = holdersOf(held, ["consent-rights"], ["active"]).filter((officer) => !parties.has(officer));
  if (organisation?.combined_office === true && others.length === 0) return true;
  throw new Problem("not-permitted", { reason: "own-request" });
}
