import type { Context, Draft } from "#server/core/door/index.ts";
import type { IncidentCause, IncidentHead, Phase, PlaybookKey } from "#shared/incidents.ts";
import { Problem } from "#shared/problems.ts";
import { textOfIncident } from "./seal-incident-text.ts";

export { textOfIncident } from "./seal-incident-text.ts";

export interface IncidentRow {
  readonly incident_no: number;
  readonly is_drill: boolean;
  readonly playbook: PlaybookKey;
  readonly phase: Phase;
  readonly known_at: Date;
  readonly opened_at: Date;
  readonly opened_by: number | null;
  readonly closed_at: Date | null;
  readonly version: number;
  readonly cause: IncidentCause | null;
  readonly sealed_texts: Buffer;
}

export const incidentColumns = "incident_no, is_drill, playbook, phase, known_at, opened_at, opened_by, closed_at, version, cause, sealed_texts";

/** An incident by number; held until the end of the transaction where it is to be changed. @throws Problem not-found */
export async function findIncident(context: Pick<Context, "db">, incidentNo: number, isHeld = false): Promise<IncidentRow> {
  const [row] = await context.db.query<IncidentRow>(`select ${incidentColumns} from incidents where incident_no = $1${isHeld ? " for update" : ""}`, [
    incidentNo,
  ]);
  if (row === undefined) throw new Problem("not-found");
  return row;
}

/** An incident that is to be worked on. @throws Problem not-found, conflict {reason: "incident-closed"} */
export async function findOpenIncident(context: Pick<Context, "db">, incidentNo: number): Promise<IncidentRow> {
  const row = await findIncident(context, incidentNo, true);
  if (row.closed_at !== null) throw new Problem("conflict", { reason: "incident-closed" });
  return row;
}

/** What the event of every act on an incident says. */
export function noteIncident(context: Pick<Context, "journal">, row: Pick<IncidentRow, "incident_no" | "is_drill">): void {
  context.journal.fact("incidentNo", row.incident_no);
  if (row.is_drill) context.journal.fact("isDrill", true);
  context.journal.touched("incident", row.incident_no);
}

export function headOf(row: IncidentRow): Draft<IncidentHead> {
  return {
    incidentNo: row.incident_no,
    isDrill: row.is_drill,
    playbook: row.playbook,
    phase: row.phase,
    knownAt: row.known_at.toISOString(),
    openedAt: row.opened_at.toISOString(),
    openedBy: row.opened_by,
    closedAt: row.closed_at?.toISOString() ?? null,
    version: row.version,
    what: textOfIncident(row.incident_no, row.sealed_texts, "what"),
  };
}
