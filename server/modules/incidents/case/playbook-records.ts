import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { shippedPlaybooks, shippedTask } from "#shared/incident-playbooks.ts";
import type { Phase, PlaybookKey, setPlaybook as setEndpoint, showPlaybook as showEndpoint, TaskKind, TaskLink, TeamRole } from "#shared/incidents.ts";
import { Problem } from "#shared/problems.ts";
import { houseIncident, sealIncidentText, textOfIncident } from "./seal-incident-text.ts";

export interface StoredTask {
  readonly key: string;
  readonly phase: Phase;
  readonly kind: TaskKind;
  readonly role: TeamRole;
  readonly dueHours: number | null;
  readonly link: TaskLink | null;
  /** Of the house's own words; null: the product's. */
  readonly sealedTitle: Buffer | null;
}

async function ownTasks(context: Context, playbook: PlaybookKey): Promise<StoredTask[]> {
  const rows = await context.db.query<{
    task_key: string;
    phase: Phase;
    kind: TaskKind;
    owner_role: TeamRole;
    due_hours: number | null;
    link: TaskLink | null;
    sealed_title: Buffer | null;
  }>("select task_key, phase, kind, owner_role, due_hours, link, sealed_title from incident_playbook_tasks where playbook = $1 order by position", [playbook]);
  return rows.map((row) => ({
    key: row.task_key,
    phase: row.phase,
    kind: row.kind,
    role: row.owner_role,
    dueHours: row.due_hours,
    link: row.link,
    sealedTitle: row.sealed_title,
  }));
}

/** The tasks of a cause: the house's own list, else the shipped one. */
export async function tasksOf(context: Context, playbook: PlaybookKey): Promise<readonly StoredTask[]> {
  const own = await ownTasks(context, playbook);
  return own.length > 0 ? own : shippedPlaybooks[playbook].map(({ ja: _ja, en: _en, ...task }) => ({ ...task, sealedTitle: null }));
}

export async function showPlaybook(context: Context, input: Input<typeof showEndpoint>): Promise<Draft<ReplyOf<typeof showEndpoint>>> {
  const { playbook } = input.params;
  const own = await ownTasks(context, playbook);
  const tasks = own.length > 0 ? own : await tasksOf(context, playbook);
  return {
    isOwn: own.length > 0,
    tasks: tasks.map(({ sealedTitle, ...task }) => ({ ...task, title: textOfIncident(houseIncident, sealedTitle, "title") })),
  };
}

/** @throws Problem invalid-input {field: "key"}: twice the same, or a title missing where the product has no words for it */
export async function setPlaybook(context: Context, input: Input<typeof setEndpoint>): Promise<Record<never, never>> {
  const { db, journal } = context;
  const { playbook } = input.params;
  const { tasks } = input.body;
  if (new Set(tasks.map((task) => task.key)).size !== tasks.length) throw new Problem("invalid-input", { field: "key" });
  await db.query("select one from organisation for update");
  const former = new Map((await ownTasks(context, playbook)).map((task) => [task.key, task.sealedTitle]));
  const sealed = tasks.map((task) => {
    const title = task.title === undefined ? (former.get(task.key) ?? null) : sealIncidentText(context, houseIncident, { title: task.title });
    if (title === null && shippedTask(task.key) === undefined) throw new Problem("invalid-input", { field: "title" });
    return { ...task, title };
  });
  await db.query("delete from incident_playbook_tasks where playbook = $1", [playbook]);
  for (const [position, task] of sealed.entries()) {
    await db.query(
      `insert into incident_playbook_tasks (playbook, position, task_key, phase, kind, owner_role, due_hours, link, sealed_title)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [playbook, position, task.key, task.phase, task.kind, task.role, task.dueHours, task.link, task.title],
    );
  }
  journal.fact("playbook", playbook);
  journal.fact("tasks", tasks.length);
  return {};
}
