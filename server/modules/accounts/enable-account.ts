import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as accounts from "#shared/accounts.ts";
import { accountFor } from "./account-for.ts";
import { makeOrRequest } from "./make-change.ts";
import { holdPolicy } from "./policy-change.ts";

export async function enableAccount(context: Context, input: Input<typeof accounts.enableAccount>): Promise<Draft<ReplyOf<typeof accounts.enableAccount>>> {
  const held = await holdPolicy(context, "manage-accounts");
  const { account_no: accountNo } = await accountFor(context, input.params.accountNo);
  return makeOrRequest(context, held, { what: "enable-account", accountNo });
}
