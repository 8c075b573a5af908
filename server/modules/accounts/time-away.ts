import type { Context } from "#server/core/door/index.ts";

/** Between the end of the caller's last session and the beginning of this one; `from` is null at the first visit. */
export async function timeAway({ db, actor, now }: Context): Promise<{ from: Date | null; until: Date }> {
  const [row] = await db.query<{ left: Date | null; came: Date | null }>(
    `select max(last_seen_at) filter (where session_id <> $2) as left, min(started_at) filter (where session_id = $2) as came
       from sessions where account_no = $1`,
    [actor.accountNo, actor.sessionId],
    "time-away",
  );
  return { from: row?.left ?? null, until: row?.came ?? now };
}
