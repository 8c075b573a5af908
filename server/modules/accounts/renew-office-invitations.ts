import type { Context } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import { issueInvitation } from "./invitations.ts";
import { holdersOf, holdPolicy, offices } from "./policy-change.ts";

/**
 * New tokens for those who are invited to an office in which nobody works: the links of the set-up were lost or expired, and
 * nobody could consent to new ones. For the console alone, with an alarm. Event `office-invitation.renewed`.
 * @throws Problem conflict when every office has somebody who works in it
 */
export async function renewOfficeInvitations(context: Context): Promise<{ accountNo: number; roles: readonly string[]; token: string }[]> {
  if (context.actor.principal !== "console") throw new Error("only the console renews invitations to an office");
  const held = await holdPolicy(context, null);
  const empty = offices.filter(({ verbs }) => holdersOf(held, verbs, ["active"]).length === 0);
  const accountNos = [...new Set(empty.flatMap(({ verbs }) => holdersOf(held, verbs, ["invited"])))];
  if (accountNos.length === 0) throw new Problem("conflict", { reason: "offices-held" });
  context.journal.fact("alarm", true);
  context.journal.fact("accounts", accountNos);
  const renewed: { accountNo: number; roles: readonly string[]; token: string }[] = [];
  for (const accountNo of accountNos) {
    renewed.push({ accountNo, roles: held.policy.rolesOf.get(accountNo) ?? [], token: await issueInvitation(context, accountNo, "console") });
  }
  return renewed;
}
