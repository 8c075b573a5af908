import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { listCauseKinds as kindsEndpoint, listScopes as listEndpoint, showScope as endpoint } from "#shared/incident-scope.ts";
import type { ScopeHouse } from "./run-scope.ts";
import { movesOf, scopeColumns, scopeFor, summaryOf, type ScopeRow } from "./scope-records.ts";

export function causeKinds(house: ScopeHouse): () => Promise<Draft<ReplyOf<typeof kindsEndpoint>>> {
  return async () => ({
    kinds: house.causes().map(({ kind, ja, en, takes, asksForKeys }) => ({ kind, ja, en, takes, asksForKeys: asksForKeys === true })),
  });
}

/** @throws Problem not-found */
export async function showScope(context: Context, { params }: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const summary = await summaryOf(context, await scopeFor(context, params.incidentNo, params.runNo), await movesOf(context, params.incidentNo));
  context.journal.fact("incidentNo", params.incidentNo);
  context.journal.fact("runNo", params.runNo);
  for (const key of ["confirmed", "possible", "excluded"] as const) context.journal.fact(key, summary[key]);
  return summary;
}

const mostRuns = 20;

export async function listScopes(context: Context, { params }: Input<typeof listEndpoint>): Promise<Draft<ReplyOf<typeof listEndpoint>>> {
  const rows = await context.db.query<ScopeRow>(`select ${scopeColumns} from incident_scopes where incident_no = $1 order by scope_no desc limit ${mostRuns}`, [
    params.incidentNo,
  ]);
  context.journal.fact("incidentNo", params.incidentNo);
  const moves = await movesOf(context, params.incidentNo);
  const runs = [];
  for (const row of rows) runs.push(await summaryOf(context, row, moves));
  return { runs };
}
