import { type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { findIncident, movesOf, noteIncident, scopeColumns, summaryOf, type ScopeRow } from "#server/modules/incidents/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { custodyPdf, listEvidence as endpoint } from "#shared/evidence.ts";
import { custodyOf, custodyOut, holdsOf, itemOut, itemsOf, snapshotColumns, snapshotOut, type CustodyRow, type SnapshotRow } from "./evidence-records.ts";

/** @throws Problem not-found */
export async function listEvidence(context: Context, { params }: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const incident = await findIncident(context, params.incidentNo);
  const { incident_no: incidentNo } = incident;
  const items = await itemsOf(context, incidentNo);
  const custody = byItem(
    await custodyOf(
      context,
      items.map((item) => item.item_no),
    ),
  );
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
    items: items.map((item) => itemOut(item, custody.get(item.item_no) ?? [])),
    holds: await holdsOf(context, incidentNo),
    run: summary === undefined ? null : { runNo: summary.runNo, confirmed: summary.confirmed, possible: summary.possible, isVerified: summary.isVerified },
  };
}

function byItem(rows: readonly CustodyRow[]): Map<number, CustodyRow[]> {
  return Map.groupBy(rows, (row) => row.item_no);
}

/** 証拠保全記録: every item with what happened to it. @throws Problem not-found */
export async function custodyRecord(context: Context, { params }: Input<typeof custodyPdf>): Promise<Draft<ReplyOf<typeof custodyPdf>>> {
  const incident = await findIncident(context, params.incidentNo);
  const { incident_no: incidentNo } = incident;
  const items = await itemsOf(context, incidentNo);
  const custody = byItem(
    await custodyOf(
      context,
      items.map((item) => item.item_no),
    ),
  );
  const [organisation] = await context.db.query<{ name: string }>("select name from organisation");
  noteIncident(context, incident);
  context.journal.fact("items", items.length);
  return {
    organisation: organisation?.name ?? "",
    at: context.now.toISOString(),
    incidentNo,
    isDrill: incident.is_drill,
    items: items.map((item) => {
      const rows = custody.get(item.item_no) ?? [];
      return { ...itemOut(item, rows), custody: rows.map((row) => custodyOut(incidentNo, row)) };
    }),
    holds: await holdsOf(context, incidentNo),
  };
}
