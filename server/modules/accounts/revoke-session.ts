import type { Context, Input } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import type * as session from "#shared/session.ts";
import { actingAccount } from "./account-for.ts";

/** @throws Problem not-found for a session that is another's, ended or unknown */
export async function revokeSession(context: Context, input: Input<typeof session.revokeSession>): Promise<{ kind: "revoked" }> {
  const own = actingAccount(context);
  const { sessionId } = input.params;
  const revoked = await context.db.query(
    "update sessions set revoked_at = $3 where session_id = $1 and account_no = $2 and revoked_at is null returning session_id",
    [sessionId, own.accountNo, context.now],
  );
  if (revoked.length === 0) throw new Problem("not-found");
  context.journal.fact("sessionId", sessionId);
  if (sessionId === own.sessionId) input.cookies.clear("session");
  return { kind: "revoked" };
}
