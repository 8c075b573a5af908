import type { Context, Draft } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as session from "#shared/session.ts";
import { actingAccount } from "./account-for.ts";
import { sessionsOf } from "./sessions-of.ts";

export async function listSessions(context: Context): Promise<Draft<ReplyOf<typeof session.listSessions>>> {
  return { sessions: await sessionsOf(context, actingAccount(context).accountNo) };
}
