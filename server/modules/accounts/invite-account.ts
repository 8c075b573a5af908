import type { Context, Input } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import type * as accounts from "#shared/accounts.ts";
import { addAccount } from "./add-account.ts";
import { noteAccountWritten } from "./account-records.ts";
import { harmlessRoles, weigh } from "./consent-rules.ts";
import { issueInvitation } from "./invitations.ts";
import { holdPolicy, settlePolicy } from "./policy-change.ts";
import { noteAccountState } from "./policy-facts.ts";
import { requestConsent } from "./request-consent.ts";

/**
 * Invites a member of staff with the roles that reach nothing personal; the others wait for the privacy officer, and then the
 * invitation does, too: its token is the officer's to hand over, or the administrator could enrol in that person's place.
 */
export async function inviteAccount(
  context: Context,
  input: Input<typeof accounts.inviteAccount>,
): Promise<{ accountNo: number; invitationToken: string | null; awaitsConsentFor: string[] }> {
  const held = await holdPolicy(context, "manage-accounts");
  const { name, mail, departmentNo } = input.body;
  const roles = [...new Set(input.body.roles)];
  if (!roles.every((key) => held.policy.roles.has(key))) throw new Problem("invalid-input", { field: "roles" });
  if (departmentNo !== null && !held.policy.departments.has(departmentNo)) throw new Problem("invalid-input", { field: "departmentNo" });

  const atOnce = harmlessRoles(held.policy, roles);
  const accountNo = await addAccount(context, { name, mail, departmentNo, roles: atOnce });
  const awaitsConsentFor = roles.filter((key) => !atOnce.includes(key));
  const invitationToken = awaitsConsentFor.length > 0 ? null : await issueInvitation(context, accountNo, "administrator");
  context.journal.fact("handedTo", invitationToken === null ? null : "administrator");
  const after = await settlePolicy(context, held, [accountNo]);
  if (awaitsConsentFor.length > 0) {
    const asked = { what: "account-roles", accountNo, roles } as const;
    if (!weigh(after.policy, { ...asked }).needsConsent) throw new Error("roles were held back that need no consent");
    await requestConsent(context, after, { ...asked });
    context.journal.becomes("account.invited");
  }
  noteAccountState(context, after, accountNo);
  await noteAccountWritten(context, accountNo);
  return { accountNo, invitationToken, awaitsConsentFor };
}
