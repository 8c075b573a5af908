import type { Context } from "#server/core/door/index.ts";

/** Ends the sessions of these accounts, and what stands between their passwords and codes. Returns how many sessions. */
export async function cutSessions({ db, now }: Pick<Context, "db" | "now">, accountNos: readonly number[], measureNo: number): Promise<number> {
  await db.query("delete from login_steps where account_no = any($1)", [accountNos]);
  const cut = await db.query(
    `update sessions set revoked_at = $2, cut_by_measure = $3
      where account_no = any($1) and revoked_at is null and expires_at > $2 returning session_id`,
    [accountNos, now, measureNo],
  );
  return cut.length;
}
