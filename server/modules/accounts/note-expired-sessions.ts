import { randomUUID } from "node:crypto";
import { actAs, type Storehouse } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";

interface Ended {
  session_id: string;
  account_no: number;
  idle_end: Date;
  expires_at: Date;
}

const mostAtOnce = 200;

/** Records each session that ran out since the last look, one event a session, with the moment at which it did. */
export async function noteExpiredSessions(storehouse: Storehouse, signal: AbortSignal): Promise<void> {
  for (let ended = await nextEnded(storehouse); ended.length > 0; ended = await nextEnded(storehouse)) {
    for (const session of ended) {
      signal.throwIfAborted();
      await noteExpired(storehouse, session);
    }
  }
}

async function nextEnded(storehouse: Storehouse): Promise<Ended[]> {
  const { rows } = await storehouse.pool.query<Ended>(
    `select session_id, account_no, last_seen_at + make_interval(secs => idle_seconds) as idle_end, expires_at from sessions
      where revoked_at is null and not end_noted and least(expires_at, last_seen_at + make_interval(secs => idle_seconds)) <= $1
      order by expires_at limit ${mostAtOnce}`,
    [storehouse.clock()],
  );
  return rows;
}

async function noteExpired(storehouse: Storehouse, ended: Ended): Promise<void> {
  await actAs(storehouse, "system", "session.expired", randomUUID(), async ({ db, journal }) => {
    const noted = await db.query("update sessions set end_noted = true where session_id = $1 and not end_noted returning session_id", [ended.session_id]);
    // Another node came first, or the session was ended by hand in this moment.
    if (noted.length === 0) throw new Problem("conflict");
    const isIdle = ended.idle_end < ended.expires_at;
    journal.fact("accountNo", ended.account_no);
    journal.fact("sessionId", ended.session_id);
    journal.fact("because", isIdle ? "left-alone" : "longest-time");
    journal.fact("endedAt", (isIdle ? ended.idle_end : ended.expires_at).toISOString());
    journal.touched("account", ended.account_no);
  });
}
