import { type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { findIncident, movesOf, noteIncident, scopeColumns, summaryOf, type ScopeRow } from "#server/modules/incidents/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { custodyPdf, listEvidence as endpoint } from "#shared/evidence.ts";
import { custodyOut, holdsOf, itemOut, itemsWithCustody, snapshotColumns, snapshotOut, type SnapshotRow } from "./evidence-records.ts";

/** @throws Problem not-found */
export async function listEvidence(context: Context, { params }: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const incident = await findIncident(context, params.incidentNo);
  const { incident_no: incidentNo } = incident;
  const items = await itemsWithCustody(context, incidentNo);
  const snapshots = await context.db.query<SnapshotRow>(`select ${snapshotColumns} from evidence_snapshots where incident_no = $1 order by snapshot_no desc`, [
    incidentNo,
  ]);
  const [run] = await context.db.query<ScopeRow>(`select ${scopeColumns} from incident_scopes where incident_no = $1 order by scope_no desc limit 1`, [
    incidentNo,
  ]);
  const summary = run === undefined ? undefined : await summaryOf(context, run, await movesOf(context, incidentNo));
  noteIncident(context, incident);
  return {
    snapshots: snapshots.map(snapshotOut),
    items: items.map(({ item, custody }) => itemOut(item, custody)),
    holds: await holdsOf(context, incidentNo),
    run: summary === undefined ? null : { runNo: summary.runNo, confirmed: summary.confirmed, possible: summary.possible, isVerified: summary.isVerified },
  };
}

/** 証拠保全記録: every item with what happened to it. @throws Problem not-found */
export async function custodyRecord(context: Context, { params }: Input<typeof custodyPdf>): Promise<Draft<ReplyOf<typeof custodyPdf>>> {
  const incident = await findIncident(context, params.incidentNo);
  const { incident_no: incidentNo } = incident;
  const items = await itemsWithCustody(context, incidentNo);
  const [organisation] = await context.db.query<{ name: string }>("select name from organisation");
  noteIncident(context, incident);
  context.journal.fact("items", items.length);
  return {
    organisation: organisation?.name ?? "",
    at: context.now.toISOString(),
    incidentNo,
    isDrill: incident.is_drill,
    items: items.map(({ item, custody }) => ({ ...itemOut(item, custody), custody: custody.map((row) => custodyOut(incidentNo, row)) })),
    holds: await holdsOf(context, incidentNo),
  };
}
