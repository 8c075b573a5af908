import type { Context, Input } from "#server/core/door/index.ts";
import type * as session from "#shared/session.ts";
import { accountColumns, accountRecord, noteAccountWritten, type AccountRow } from "./account-records.ts";
import { actingAccount } from "./account-for.ts";
import { choosePassword, formerKept } from "./choose-password.ts";
import { beginAttempt, refuseAttempt } from "./login-attempts.ts";
import { verifyPassword } from "./password-hash.ts";
import { endSessions } from "./sessions-of.ts";

/**
 * Changes one's own password. A wrong current one counts like a failed sign-in, so that a borrowed session is no way to
 * guess it. Every other session ends.
 */
export async function changePassword(context: Context, input: Input<typeof session.changePassword>): Promise<{ kind: "changed" }> {
  const { db, journal } = context;
  const { accountNo, sessionId } = actingAccount(context);
  const [row] = await db.query<AccountRow & { former_password_hashes: string[] }>(
    `select ${accountColumns}, former_password_hashes from accounts where account_no = $1`,
    [accountNo],
  );
  if (row === undefined) throw new Error("a session without its account");
  journal.fact("accountNo", accountNo);
  journal.fact("step", "password-change");
  await beginAttempt(context, row.mail_token);
  if (!(await verifyPassword(row.password_hash, input.body.current))) return refuseAttempt(context, row.mail_token);
  const former = [row.password_hash, ...row.former_password_hashes].flatMap((hash) => hash ?? []);
  const chosen = await choosePassword(context, { password: input.body.next, record: accountRecord(row), former });
  await db.query("update accounts set password_hash = $2, former_password_hashes = $3, version = version + 1 where account_no = $1", [
    accountNo,
    chosen,
    former.slice(0, formerKept),
  ]);
  journal.fact("sessionsEnded", await endSessions(context, accountNo, sessionId));
  await noteAccountWritten(context, accountNo);
  return { kind: "changed" };
}
