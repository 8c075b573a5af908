import { isAtDeskAlone } from "#server/core/access/compile.ts";
import { rightsOf } from "#server/core/access/policy.ts";
import type { Context } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import { addAccount } from "./add-account.ts";
import { noteAccountWritten, type AccountState } from "./account-records.ts";
import { issueInvitation } from "./invitations.ts";
import { holdPolicy, settlePolicy } from "./policy-change.ts";
import { noteAccountStates } from "./policy-facts.ts";
import { endSessions } from "./sessions-of.ts";

const deskRole = "desk-operator";

/** Who is to serve at a desk until then: people without an account, and accounts that do nothing else. */
export interface Term {
  readonly invite: readonly { readonly name: string; readonly mail: string }[];
  readonly accountNos: readonly number[];
  readonly until: Date;
}

/**
 * Accounts that can do nothing but answer callers, until a day. Whoever handles incidents invites them: the role reads nothing, so
 * that nobody becomes a reader by it. An account with any other right gets no term here.
 * @throws Problem not-ready {reason: "desk-role"} where the organisation gave the role more; invalid-input {field}, conflict {field: "mail"}
 */
export async function inviteForTerm(
  context: Context,
  { invite, accountNos, until }: Term,
): Promise<{ accountNo: number; name: string; invitationToken: string }[]> {
  const held = await holdPolicy(context, "handle-incidents");
  const added: { accountNo: number; name: string; invitationToken: string }[] = [];
  for (const { name, mail } of invite) {
    const accountNo = await addAccount(context, { name, mail, departmentNo: null, roles: held.policy.roles.has(deskRole) ? [deskRole] : [] });
    await context.db.query("update accounts set served_until = $2 where account_no = $1", [accountNo, until]);
    added.push({ accountNo, name, invitationToken: await issueInvitation(context, accountNo, "officer") });
  }
  if (added.length > 0) {
    const numbers = added.map(({ accountNo }) => accountNo);
    const after = await settlePolicy(context, held, numbers);
    if (!numbers.every((accountNo) => isAtDeskAlone(rightsOf(after.policy, accountNo)))) throw new Problem("not-ready", { reason: "desk-role" });
    noteAccountStates(context, after, numbers);
    for (const accountNo of numbers) await noteAccountWritten(context, accountNo);
    context.journal.fact("newInvitations", numbers);
    context.journal.fact("handedTo", "officer");
  }
  for (const accountNo of accountNos) await setTerm(context, accountNo, until);
  return added;
}

/**
 * The term of an account that answers callers and does nothing else. Over already: its sessions end at once.
 * @throws Problem invalid-input {field: "accountNos"} for any other account
 */
async function setTerm(context: Context, accountNo: number, until: Date): Promise<void> {
  if (!(await followTerm(context, accountNo, until))) throw new Problem("invalid-input", { field: "accountNos" });
}

/** The same where an account still does nothing else; false, and nothing done, where it does by now, or is disabled. */
export async function followTerm(context: Context, accountNo: number, until: Date): Promise<boolean> {
  const [row] = await context.db.query<{ state: AccountState }>("select state from accounts where account_no = $1 for no key update", [accountNo]);
  if (row === undefined || row.state === "disabled" || !isAtDeskAlone(rightsOf(context.policy, accountNo))) return false;
  await context.db.query("update accounts set served_until = $2 where account_no = $1", [accountNo, until]);
  if (until <= context.now) await endSessions(context, accountNo);
  context.journal.touched("account", accountNo);
  return true;
}
