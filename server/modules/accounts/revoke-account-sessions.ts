import type { Context, Input } from "#server/core/door/index.ts";
import type * as accounts from "#shared/accounts.ts";
import { accountFor } from "./account-for.ts";
import { endSessions } from "./sessions-of.ts";

export async function revokeAccountSessions(context: Context, input: Input<typeof accounts.revokeAccountSessions>): Promise<{ revoked: number }> {
  const { account_no: accountNo } = await accountFor(context, input.params.accountNo);
  context.journal.touched("account", accountNo);
  const revoked = await endSessions(context, accountNo);
  context.journal.fact("sessionsEnded", revoked);
  return { revoked };
}
