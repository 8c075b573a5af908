import type { output } from "zod";
import type { Context } from "#server/core/door/index.ts";
import type { sessionOut } from "#shared/session.ts";

interface SessionRow {
  session_id: string;
  started_at: Date;
  last_seen_at: Date;
  expires_at: Date;
  address: string;
  device: string;
}

/** The sessions of an account that would still be let in now, newest first. */
export async function sessionsOf({ db, now, actor }: Context, accountNo: number): Promise<output<typeof sessionOut>[]> {
  const rows = await db.query<SessionRow>(
    `select session_id, started_at, last_seen_at, expires_at, address, device from sessions
      where account_no = $1 and revoked_at is null and expires_at > $2 and last_seen_at + make_interval(secs => idle_seconds) > $2
      order by started_at desc`,
    [accountNo, now],
  );
  return rows.map((row) => ({
    sessionId: row.session_id,
    startedAt: row.started_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    address: row.address,
    device: row.device,
    isCurrent: row.session_id === actor.sessionId,
  }));
}

/** Ends the sessions of an account at once, but for one, and what stands between its password and code. Returns how many. */
export async function endSessions({ db, now }: Context, accountNo: number, keptSessionId: string | null = null): Promise<number> {
  await db.query("delete from login_steps where account_no = $1", [accountNo]);
  const ended = await db.query(
    `update sessions set revoked_at = $2
      where account_no = $1 and revoked_at is null and expires_at > $2 and session_id is distinct from $3::uuid returning session_id`,
    [accountNo, now, keptSessionId],
  );
  return ended.length;
}
