import type { Context, Input } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import type * as accounts from "#shared/accounts.ts";
import { accountFor } from "./account-for.ts";
import { noteAccountWritten } from "./account-records.ts";
import { voidInvitations } from "./invitations.ts";
import { holdPolicy, settlePolicy } from "./policy-change.ts";
import { noteAccountState } from "./policy-facts.ts";
import { endSessions } from "./sessions-of.ts";

/** @throws Problem not-found, conflict (it is disabled already), not-permitted (the last one in an office) */
export async function disableAccount(context: Context, input: Input<typeof accounts.disableAccount>): Promise<{ kind: "disabled" }> {
  const held = await holdPolicy(context, "manage-accounts");
  const { account_no: accountNo, state } = await accountFor(context, input.params.accountNo);
  if (state === "disabled") throw new Problem("conflict", { reason: "disabled" });
  await context.db.query("update accounts set state = 'disabled', version = version + 1 where account_no = $1", [accountNo]);
  context.journal.fact("sessionsEnded", await endSessions(context, accountNo));
  await voidInvitations(context, accountNo);
  const after = await settlePolicy(context, held, [accountNo]);
  noteAccountState(context, after, accountNo);
  await noteAccountWritten(context, accountNo);
  return { kind: "disabled" };
}
