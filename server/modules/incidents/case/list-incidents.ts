import type { Context, Draft } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as contract from "#shared/incidents.ts";
import { headOf, incidentColumns, type IncidentRow } from "./incident-records.ts";

const mostListed = 200;

export async function listIncidents(context: Context): Promise<Draft<ReplyOf<typeof contract.listIncidents>>> {
  const rows = await context.db.query<IncidentRow>(
    `select ${incidentColumns} from incidents order by closed_at is not null, incident_no desc limit ${mostListed}`,
  );
  return { incidents: rows.map(headOf) };
}

export async function openIncidents(context: Context): Promise<ReplyOf<typeof contract.openIncidents>> {
  const rows = await context.db.query<Pick<IncidentRow, "incident_no" | "is_drill" | "playbook" | "phase" | "known_at">>(
    "select incident_no, is_drill, playbook, phase, known_at from incidents where closed_at is null order by is_drill, incident_no",
  );
  const [signals] = await context.db.query<{ waiting: number }>(
    `select (select count(*) from incident_reports where state = 'new')::integer + (select count(*) from incident_alerts where state = 'new')::integer as waiting`,
  );
  return {
    incidents: rows.map((row) => ({
      incidentNo: row.incident_no,
      isDrill: row.is_drill,
      playbook: row.playbook,
      phase: row.phase,
      knownAt: row.known_at.toISOString(),
    })),
    waiting: signals?.waiting ?? 0,
  };
}
