import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as accounts from "#shared/accounts.ts";
import { accountFor } from "./account-for.ts";
import { makeOrRequest } from "./make-change.ts";
import { holdPolicy } from "./policy-change.ts";

/** For a reader of personal values the token of the new invitation goes to the privacy officer, who consents. */
export async function resetFactor(context: Context, input: Input<typeof accounts.resetFactor>): Promise<Draft<ReplyOf<typeof accounts.resetFactor>>> {
  const held = await holdPolicy(context, "manage-accounts");
  const { account_no: accountNo } = await accountFor(context, input.params.accountNo);
  const outcome = await makeOrRequest(context, held, { what: "reset-factor", accountNo });
  return outcome.kind === "done" ? { kind: "done", invitationToken: outcome.invitationToken ?? "" } : outcome;
}
