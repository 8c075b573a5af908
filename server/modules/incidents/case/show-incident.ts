import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { IncidentTask, Phase, showIncident as endpoint, TaskKind, TaskLink, TaskState, TeamRole } from "#shared/incidents.ts";
import { firstHanded } from "../drafts/hand-over.ts";
import { terms } from "../law/terms.ts";
import { findIncident, headOf, noteIncident } from "./incident-records.ts";
import { milestonesOf } from "./milestones.ts";
import { textOfIncident } from "./seal-incident-text.ts";

export interface TaskRow {
  readonly task_no: number;
  readonly incident_no: number;
  readonly task_key: string | null;
  readonly phase: Phase;
  readonly kind: TaskKind;
  readonly owner_role: TeamRole;
  readonly due_at: Date | null;
  readonly link: TaskLink | null;
  readonly assigned_to: number | null;
  readonly state: TaskState;
  readonly changed_by: number | null;
  readonly changed_at: Date | null;
  readonly version: number;
  readonly title_subject: number | null;
  readonly sealed_title: Buffer | null;
  readonly sealed_note: Buffer | null;
}

export const taskColumns =
  "task_no, incident_no, task_key, phase, kind, owner_role, due_at, link, assigned_to, state, changed_by, changed_at, version, title_subject, sealed_title, sealed_note";

function taskOf(row: TaskRow): Draft<IncidentTask> {
  return {
    taskNo: row.task_no,
    key: row.task_key,
    title: textOfIncident(row.title_subject ?? 0, row.sealed_title, "title"),
    phase: row.phase,
    kind: row.kind,
    role: row.owner_role,
    dueAt: row.due_at?.toISOString() ?? null,
    link: row.link,
    assignedTo: row.assigned_to,
    state: row.state,
    changedBy: row.changed_by,
    changedAt: row.changed_at?.toISOString() ?? null,
    version: row.version,
    note: textOfIncident(row.incident_no, row.sealed_note, "note"),
  };
}

/** One incident, whole but for its facts and what happened. */
export async function showIncident(context: Context, input: Input<typeof endpoint>, actTypes: readonly string[]): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const row = await findIncident(context, input.params.incidentNo);
  const no = row.incident_no;
  const { db } = context;
  const tasks = await db.query<TaskRow>(`select ${taskColumns} from incident_tasks where incident_no = $1 order by phase, task_no`, [no]);
  const team = await db.query<{ role: TeamRole; account_no: number }>(
    "select role, account_no from incident_team where incident_no = $1 order by assigned_at",
    [no],
  );
  const reports = await db.query<{ no: number }>("select report_no as no from incident_reports where incident_no = $1 order by 1", [no]);
  const alerts = await db.query<{ no: number }>("select alert_no as no from incident_alerts where incident_no = $1 order by 1", [no]);
  noteIncident(context, row);
  const handed = await firstHanded(context, no);
  const short = terms(row.known_at, []);
  const long = terms(row.known_at, [{ no: 3, applies: "yes" }]);
  return {
    incident: headOf(row),
    cause: row.cause,
    reportNos: reports.map((one) => one.no),
    alertNos: alerts.map((one) => one.no),
    terms: {
      knownOn: short.knownOn,
      early: short.preliminary.early,
      late: short.preliminary.late,
      final30: short.final.due,
      final60: long.final.due,
      isToBeChecked: short.isToBeChecked,
      preliminaryHanded: handed.get("preliminary")?.at ?? null,
      finalHanded: handed.get("final")?.at ?? null,
    },
    tasks: tasks.map(taskOf),
    team: team.map((one) => ({ role: one.role, accountNo: one.account_no })),
    ...(await milestonesOf(context, row, actTypes)),
  };
}
