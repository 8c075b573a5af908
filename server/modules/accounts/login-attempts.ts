import { CommittedRefusal, type Context } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";

/** Seconds for which a mail address is locked after its n-th consecutive failure (n from 1). */
const lockSeconds = [0, 0, 5, 15, 60, 180, 300, 900] as const;
const longestLockSeconds = 1800;
/** NIST SP 800-63B-4 3.2.2: after that only a reset of the factors opens the account again. */
export const mostFailures = 100;
/** Addresses without an account that are remembered; an account's own counter is never dropped. */
const mostRemembered = 20_000;

function lockSecondsAfter(failures: number): number {
  return lockSeconds[failures - 1] ?? longestLockSeconds;
}

/**
 * Before a password or code is looked at. Attempts on one address go one after the other (a second one at the same time is
 * refused), so that no number of parallel guesses escapes the count. Works alike for addresses without an account.
 * @throws Problem try-later, too-many-requests
 */
export async function beginAttempt(context: Context, mailToken: Buffer): Promise<void> {
  const { db } = context;
  const [lock] = await db.query<{ is_free: boolean }>("select pg_try_advisory_xact_lock($1::bigint) as is_free", [mailToken.readBigInt64BE(0).toString()]);
  if (lock?.is_free !== true) throw new Problem("too-many-requests");
  // Read in a statement of its own: its snapshot must be younger than the lock.
  const [row] = await db.query<{ failed_attempts: number; locked_until: Date }>(
    "select failed_attempts, locked_until from login_failures where mail_token = $1",
    [mailToken],
  );
  const isExhausted = (row?.failed_attempts ?? 0) >= mostFailures;
  const leftMs = isExhausted ? longestLockSeconds * 1000 : (row?.locked_until.getTime() ?? 0) - context.now.getTime();
  if (leftMs > 0) {
    context.journal.becomes("session.refused");
    context.journal.fact("locked", true);
    throw new Problem("try-later", { retryAfterSeconds: Math.ceil(leftMs / 1000) });
  }
}

/** Counts a failure; what it wrote stands although the caller is refused. @throws CommittedRefusal wrong-credentials */
export async function refuseAttempt(context: Context, mailToken: Buffer): Promise<never> {
  const { db, now } = context;
  const [counted] = await db.query<{ failed_attempts: number }>(
    `insert into login_failures as f (mail_token, failed_attempts, locked_until, last_failed_at) values ($1, 1, $2, $2)
     on conflict (mail_token) do update set failed_attempts = f.failed_attempts + 1, last_failed_at = $2
     returning failed_attempts`,
    [mailToken, now],
  );
  const failures = counted?.failed_attempts ?? 1;
  await db.query("update login_failures set locked_until = $2 where mail_token = $1", [mailToken, new Date(now.getTime() + lockSecondsAfter(failures) * 1000)]);
  await db.query(
    `delete from login_failures f
      where f.mail_token in (select mail_token from login_failures order by last_failed_at desc offset $1 limit 100)
        and not exists (select from accounts a where a.mail_token = f.mail_token)`,
    [mostRemembered],
  );
  context.journal.becomes("session.refused");
  context.journal.fact("failures", failures);
  throw new CommittedRefusal(new Problem("wrong-credentials"));
}

/** After both factors, or a reset of them. */
export async function forgetFailures(context: Context, mailToken: Buffer): Promise<void> {
  await context.db.query("delete from login_failures where mail_token = $1", [mailToken]);
}
