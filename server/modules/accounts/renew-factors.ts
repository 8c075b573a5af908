import type { Context } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import type { AccountState } from "./account-records.ts";
import { formerKept } from "./choose-password.ts";
import { issueInvitation, voidInvitations, type HandedTo } from "./invitations.ts";
import { forgetFailures } from "./login-attempts.ts";
import { endSessions } from "./sessions-of.ts";

/**
 * Password, second factor, recovery codes, sessions, lock-out and earlier invitations of an account go; a new invitation
 * comes, whose token is returned. A disabled account stays disabled and gets none (null). The policy is to be settled
 * afterwards.
 * @throws Problem not-found
 */
export async function renewFactors(context: Context, accountNo: number, handedTo: HandedTo): Promise<string | null> {
  const { db } = context;
  const [row] = await db.query<{ state: AccountState; mail_token: Buffer; password_hash: string | null; former_password_hashes: string[] }>(
    "select state, mail_token, password_hash, former_password_hashes from accounts where account_no = $1",
    [accountNo],
  );
  if (row === undefined) throw new Problem("not-found");
  const former = [row.password_hash, ...row.former_password_hashes].flatMap((hash) => hash ?? []).slice(0, formerKept);
  await db.query(
    `update accounts set state = case state when 'disabled' then state else 'invited' end, password_hash = null, totp_sealed = null,
            factors_handed_to = null, former_password_hashes = $2, version = version + 1
      where account_no = $1`,
    [accountNo, former],
  );
  await db.query("delete from recovery_codes where account_no = $1", [accountNo]);
  await endSessions(context, accountNo);
  await forgetFailures(context, row.mail_token);
  await voidInvitations(context, accountNo);
  return row.state === "disabled" ? null : issueInvitation(context, accountNo, handedTo);
}
