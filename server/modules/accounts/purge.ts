import type { Context } from "#server/core/door/index.ts";
import { mostFailures } from "./login-attempts.ts";

const dayMs = 86_400_000;
/** How long an ended session can still be looked into. */
const endedSessionDays = 30;
/**
 * How long failed sign-ins are counted as consecutive. Long, because it lets somebody guess anew; and the same for addresses
 * with and without an account, because the delay that goes with the count would tell them apart.
 */
const failureDays = 365;

/**
 * Removes what has had its term: sessions that ended 30 days ago, invitations that are used, void or expired, sign-ins that
 * stopped between password and code, and failures that nothing followed for a year. A lock-out that only a reset opens stays,
 * and so do consents: they are evidence. Notes how many of each.
 */
export async function purge({ db, journal, now }: Context): Promise<void> {
  const daysAgo = (days: number): Date => new Date(now.getTime() - days * dayMs);
  const steps = [
    [
      "sessions",
      `delete from sessions where least(revoked_at, expires_at, last_seen_at + make_interval(secs => idle_seconds)) < $1`,
      [daysAgo(endedSessionDays)],
    ],
    ["invitations", "delete from invitations where used_at is not null or expires_at <= $1", [now]],
    ["loginSteps", "delete from login_steps where expires_at <= $1", [now]],
    ["loginFailures", "delete from login_failures where last_failed_at < $1 and failed_attempts < $2", [daysAgo(failureDays), mostFailures]],
  ] as const;
  for (const [name, text, values] of steps) {
    const [removed] = await db.query<{ count: number }>(`with removed as (${text} returning 1) select count(*)::integer as count from removed`, values);
    journal.fact(name, removed?.count ?? 0);
  }
}
