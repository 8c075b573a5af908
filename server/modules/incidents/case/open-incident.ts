import type { Context, Input } from "#server/core/door/index.ts";
import type { IncidentCause, openIncident as endpoint, PlaybookKey } from "#shared/incidents.ts";
import { Problem } from "#shared/problems.ts";
import { runSoon } from "#server/platform/jobs/index.ts";
import { proveTask } from "../scope/prove-task.ts";
import { noteIncident } from "./incident-records.ts";
import { tasksOf } from "./playbook-records.ts";
import { sealIncidentText } from "./seal-incident-text.ts";

const hourMs = 3_600_000;
/** Clocks of people's machines are not ours. */
const mostAheadMs = 5 * 60_000;

export interface Opening {
  readonly playbook: PlaybookKey;
  readonly isDrill: boolean;
  readonly knownAt: Date;
  readonly what: string;
  readonly cause: IncidentCause | null;
}

/**
 * Opens an incident: its tasks are those of the playbook as it stands now, their clocks run from the moment of knowing.
 * @throws Problem invalid-input {field: "knownAt"} for a moment that has not come, card-number
 */
export async function openAsIncident(context: Context, opening: Opening): Promise<{ incidentNo: number }> {
  const { db, now, actor, journal } = context;
  if (opening.knownAt.getTime() > now.getTime() + mostAheadMs) {
    throw new Problem("invalid-input", { field: "knownAt" });
  }
  const [given] = await db.query<{ no: number }>("select nextval(pg_get_serial_sequence('incidents', 'incident_no'))::int4 as no");
  const incidentNo = given?.no as number;
  await db.query(
    `insert into incidents (incident_no, is_drill, playbook, known_at, opened_at, opened_by, cause, sealed_texts)
     overriding system value values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      incidentNo,
      opening.isDrill,
      opening.playbook,
      opening.knownAt,
      now,
      actor.accountNo,
      opening.cause === null ? null : JSON.stringify(opening.cause),
      sealIncidentText(context, incidentNo, { what: opening.what }),
    ],
  );
  // Whatever came into the ledger since the last time: whoever asks for people soon does not wait for it.
  await runSoon({ query: (text, values) => db.query(text, values) }, proveTask);
  const tasks = await tasksOf(context, opening.playbook);
  await db.query(
    `insert into incident_tasks (incident_no, task_key, phase, kind, owner_role, due_at, link, title_subject, sealed_title)
     select $1, t.key, t.phase, t.kind, t.role, t.due_at, t.link, t.title_subject, decode(t.title, 'base64')
       from rows from (jsonb_to_recordset($2::jsonb)
              as (key text, phase smallint, kind text, role text, due_at timestamptz, link text, title_subject integer, title text))
            with ordinality as t (key, phase, kind, role, due_at, link, title_subject, title, at)
      order by t.at`,
    [
      incidentNo,
      JSON.stringify(
        tasks.map((task) => ({
          key: task.key,
          phase: task.phase,
          kind: task.kind,
          role: task.role,
          due_at: task.dueHours === null ? null : new Date(opening.knownAt.getTime() + task.dueHours * hourMs).toISOString(),
          link: task.link,
          title_subject: task.sealedTitle === null ? null : 0,
          title: task.sealedTitle?.toString("base64") ?? null,
        })),
      ),
    ],
  );
  noteIncident(context, { incident_no: incidentNo, is_drill: opening.isDrill });
  journal.fact("playbook", opening.playbook);
  journal.fact("knownAt", opening.knownAt.toISOString());
  if (opening.cause !== null) journal.fact("cause", opening.cause);
  return { incidentNo };
}

/** Opens an incident from the page, a report of a colleague, or an alert. @throws Problem not-found, conflict {reason: "decided"} */
export async function openIncident(context: Context, input: Input<typeof endpoint>): Promise<{ incidentNo: number }> {
  const { playbook, isDrill, knownAt, what, cause, reportNo, alertNo } = input.body;
  const opened = await openAsIncident(context, { playbook, isDrill, knownAt: new Date(knownAt), what, cause: cause ?? null });
  if (reportNo !== undefined) await linkSignal(context, "report", reportNo, opened.incidentNo);
  if (alertNo !== undefined) await linkSignal(context, "alert", alertNo, opened.incidentNo);
  return opened;
}

async function linkSignal(context: Context, kind: "report" | "alert", no: number, incidentNo: number): Promise<void> {
  const { db, actor, now, journal } = context;
  const [row] = await db.query<{ state: string }>(`select state from incident_${kind}s where ${kind}_no = $1 for update`, [no]);
  if (row === undefined) throw new Problem("not-found");
  if (row.state === "opened") throw new Problem("conflict", { reason: "decided", state: row.state });
  await db.query(`update incident_${kind}s set state = 'opened', incident_no = $2, handled_by = $3, handled_at = $4 where ${kind}_no = $1`, [
    no,
    incidentNo,
    actor.accountNo,
    now,
  ]);
  journal.fact(`${kind}No`, no);
}
