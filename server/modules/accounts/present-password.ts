import type { Context, Input } from "#server/core/door/index.ts";
import type * as session from "#shared/session.ts";
import { foldMail, keyedToken } from "./keyed-token.ts";
import { beginAttempt, refuseAttempt } from "./login-attempts.ts";
import { newToken, tokenHash } from "./opaque-token.ts";
import { verifyPassword } from "./password-hash.ts";

const loginStepSeconds = 300;

/**
 * First step of a sign-in. An unknown address, a disabled account and a wrong password cost the same work and get the same
 * reply; the count of failures is kept for addresses without an account too.
 */
export async function presentPassword(context: Context, input: Input<typeof session.presentPassword>): Promise<{ kind: "needs-code" }> {
  const { db, journal, now } = context;
  const mailToken = await keyedToken(context, "mail", foldMail(input.body.mail));
  const [account] = await db.query<{ account_no: number; password_hash: string | null }>(
    "select account_no, password_hash from accounts where mail_token = $1 and state = 'active'",
    [mailToken],
  );
  journal.fact("step", "password");
  if (account !== undefined) journal.fact("accountNo", account.account_no);
  await beginAttempt(context, mailToken);
  const isRight = await verifyPassword(account?.password_hash ?? null, input.body.password);
  if (account === undefined || !isRight) return refuseAttempt(context, mailToken);

  const token = newToken();
  await db.query("delete from login_steps where expires_at <= $1", [now]);
  await db.query("insert into login_steps (token_hash, account_no, expires_at) values ($1, $2, $3)", [
    tokenHash(token),
    account.account_no,
    new Date(now.getTime() + loginStepSeconds * 1000),
  ]);
  input.cookies.set("login", token, loginStepSeconds);
  return { kind: "needs-code" };
}
