import { randomUUID } from "node:crypto";
import type { Context } from "#server/core/door/index.ts";
import { newToken, tokenHash } from "./opaque-token.ts";

/** OWASP ASVS 5.0 V7.3: a session ends after 30 minutes of nothing and after 12 hours whatever happens. */
const idleSeconds = 30 * 60;
export const longestSessionSeconds = 12 * 60 * 60;

/** Begins a session; only its hash is stored. Returns the token. */
export async function openSession(context: Context, given: { accountNo: number; address: string; device: string }): Promise<string> {
  const { db, journal, now } = context;
  const token = newToken();
  const sessionId = randomUUID();
  await db.query(
    `insert into sessions (session_id, token_hash, account_no, started_at, last_seen_at, idle_seconds, expires_at, address, device)
     values ($1, $2, $3, $4, $4, $5, $6, $7, $8)`,
    [sessionId, tokenHash(token), given.accountNo, now, idleSeconds, new Date(now.getTime() + longestSessionSeconds * 1000), given.address, given.device],
  );
  await db.query("update accounts set last_seen_at = $2 where account_no = $1", [given.accountNo, now]);
  journal.fact("accountNo", given.accountNo);
  journal.fact("sessionId", sessionId);
  journal.actsAs(given.accountNo, sessionId);
  return token;
}

/**
 * A session without any factor, for replaying the work of the sample company. Returns the token of the cookie. Event
 * `session.started`.
 */
export async function startSession(context: Context, given: { accountNo: number; address: string; device: string }): Promise<string> {
  if (context.actor.principal !== "system") throw new Error("only the product itself begins a session without factors");
  return openSession(context, given);
}
