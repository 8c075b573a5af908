import type { Context, Input } from "#server/core/door/index.ts";
import type * as session from "#shared/session.ts";
import { actingAccount } from "./account-for.ts";

/** Ends the session at once on every node: each request looks it up anew. */
export async function signOut(context: Context, input: Input<typeof session.signOut>): Promise<{ kind: "signed-out" }> {
  const { sessionId } = actingAccount(context);
  await context.db.query("update sessions set revoked_at = $2 where session_id = $1 and revoked_at is null", [sessionId, context.now]);
  input.cookies.clear("session");
  return { kind: "signed-out" };
}
