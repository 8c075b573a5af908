import { queryOver, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { mostSignIns, type listSignIns as endpoint } from "#shared/incident-scope.ts";

/** From the ledger: it knows of sessions that are long gone. */
export async function listSignIns(context: Context, { params }: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { accountNo } = params;
  const { events } = await listEvents(queryOver(context.db), { types: ["session.started"], accountNo, limit: mostSignIns });
  const started = events.flatMap(({ sessionId, deviceId, at, address }) => (sessionId === null ? [] : [{ sessionId, deviceId, at, address }]));
  const named = await context.db.query<{ session_id: string; device: string }>(
    "select session_id::text as session_id, device from sessions where session_id = any($1::uuid[])",
    [started.map(({ sessionId }) => sessionId)],
  );
  const deviceOf = new Map(named.map((row) => [row.session_id, row.device]));
  context.journal.touched("account", accountNo);
  context.journal.fact("accountNo", accountNo);
  context.journal.fact("signIns", started.length);
  return {
    signIns: started.map(({ sessionId, deviceId, at, address }) => ({
      sessionId,
      deviceId: deviceId ?? null,
      at: at.toISOString(),
      address: address ?? null,
      device: deviceOf.get(sessionId) ?? null,
    })),
  };
}
