import type { Context, Input } from "#server/core/door/index.ts";
import type * as contract from "#shared/incidents.ts";
import { Problem } from "#shared/problems.ts";
import { findOpenIncident, noteIncident } from "./incident-records.ts";
import { hashOfText, sealIncidentText } from "./seal-incident-text.ts";
import { taskColumns, type TaskRow } from "./show-incident.ts";

/** @throws Problem invalid-input {field: "accountNo"}: there is no such active account */
async function demandActive(context: Context, accountNos: readonly number[]): Promise<void> {
  const rows = await context.db.query("select from accounts where account_no = any($1) and state = 'active'", [accountNos]);
  if (rows.length !== new Set(accountNos).size) throw new Problem("invalid-input", { field: "accountNo" });
}

export async function addTask(context: Context, input: Input<typeof contract.addIncidentTask>): Promise<{ taskNo: number }> {
  const { title, phase, role, dueAt } = input.body;
  const incident = await findOpenIncident(context, input.params.incidentNo);
  const no = incident.incident_no;
  const [row] = await context.db.query<{ task_no: number }>(
    `insert into incident_tasks (incident_no, phase, kind, owner_role, due_at, title_subject, sealed_title)
     values ($1, $2, 'step', $3, $4, $1, $5) returning task_no`,
    [no, phase, role, dueAt, sealIncidentText(context, no, { title })],
  );
  const taskNo = row?.task_no as number;
  noteIncident(context, incident);
  context.journal.fact("taskNo", taskNo);
  context.journal.fact("phase", phase);
  return { taskNo };
}

/**
 * Ticks a task, skips it, gives it to somebody, or notes on it.
 * @throws Problem not-found, conflict {version}, invalid-input {field: "note"}: skipped without a reason
 */
export async function changeTask(context: Context, input: Input<typeof contract.changeIncidentTask>): Promise<{ version: number }> {
  const { db, journal, actor, now } = context;
  const { version, state, assignedTo, note } = input.body;
  const incident = await findOpenIncident(context, input.params.incidentNo);
  const [row] = await db.query<TaskRow>(`select ${taskColumns} from incident_tasks where incident_no = $1 and task_no = $2 for update`, [
    incident.incident_no,
    input.params.taskNo,
  ]);
  if (row === undefined) throw new Problem("not-found");
  if (row.version !== version) throw new Problem("conflict", { version: row.version });
  if (state === "skipped" && (note === undefined || note === "")) throw new Problem("invalid-input", { field: "note" });
  if (assignedTo !== undefined && assignedTo !== null) await demandActive(context, [assignedTo]);
  const sealedNote = note === undefined ? row.sealed_note : note === "" ? null : sealIncidentText(context, incident.incident_no, { note });
  await db.query(
    `update incident_tasks set state = $2, assigned_to = $3, sealed_note = $4, changed_by = $5, changed_at = $6, version = version + 1 where task_no = $1`,
    [row.task_no, state ?? row.state, assignedTo === undefined ? row.assigned_to : assignedTo, sealedNote, actor.accountNo, now],
  );
  noteIncident(context, incident);
  journal.fact("taskNo", row.task_no);
  if (row.task_key !== null) journal.fact("task", row.task_key);
  if (state !== undefined) journal.fact("state", state);
  if (assignedTo !== undefined) {
    journal.fact("assignedTo", assignedTo);
    if (assignedTo !== null) journal.touched("account", assignedTo);
  }
  if (note !== undefined && sealedNote !== null) journal.fact("hash", hashOfText(sealedNote));
  return { version: row.version + 1 };
}

export async function setTeam(context: Context, input: Input<typeof contract.setIncidentTeam>): Promise<Record<never, never>> {
  const { db, journal, now } = context;
  const { role, accountNos } = input.body;
  const incident = await findOpenIncident(context, input.params.incidentNo);
  await demandActive(context, accountNos);
  await db.query("delete from incident_team where incident_no = $1 and role = $2 and account_no <> all($3)", [incident.incident_no, role, accountNos]);
  await db.query(
    "insert into incident_team (incident_no, role, account_no, assigned_at) select $1, $2, no, $4 from unnest($3::integer[]) as no on conflict do nothing",
    [incident.incident_no, role, accountNos, now],
  );
  noteIncident(context, incident);
  journal.fact("role", role);
  journal.fact("accounts", accountNos);
  for (const no of accountNos) journal.touched("account", no);
  return {};
}
