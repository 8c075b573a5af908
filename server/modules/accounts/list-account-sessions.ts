import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as accounts from "#shared/accounts.ts";
import { accountFor } from "./account-for.ts";
import { sessionsOf } from "./sessions-of.ts";

export async function listAccountSessions(
  context: Context,
  input: Input<typeof accounts.listAccountSessions>,
): Promise<Draft<ReplyOf<typeof accounts.listAccountSessions>>> {
  const { account_no: accountNo } = await accountFor(context, input.params.accountNo);
  context.journal.touched("account", accountNo);
  return { sessions: await sessionsOf(context, accountNo) };
}
