import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { LessonKind, listLessons as listEndpoint, writeLesson as writeEndpoint } from "#shared/incident-afterwards.ts";
import { Problem } from "#shared/problems.ts";
import { findIncident, noteIncident } from "../case/incident-records.ts";
import { hashOfText, sealIncidentText, textOfIncident } from "../case/seal-incident-text.ts";

interface LessonRow {
  readonly lesson_no: number;
  readonly version: number;
  readonly kind: LessonKind;
  readonly account_no: number | null;
  readonly sealed_text: Buffer | null;
  readonly written_by: number | null;
  readonly written_at: Date;
}

export async function listLessons(context: Context, input: Input<typeof listEndpoint>): Promise<Draft<ReplyOf<typeof listEndpoint>>> {
  const incident = await findIncident(context, input.params.incidentNo);
  const rows = await context.db.query<LessonRow>(
    `select lesson_no, version, kind, account_no, sealed_text, written_by, written_at from incident_lessons
      where incident_no = $1 order by lesson_no, version desc`,
    [incident.incident_no],
  );
  noteIncident(context, incident);
  return {
    lessons: rows.map((row) => ({
      lessonNo: row.lesson_no,
      version: row.version,
      kind: row.kind,
      accountNo: row.account_no,
      text: textOfIncident(incident.incident_no, row.sealed_text, "text"),
      isWithdrawn: row.sealed_text === null,
      by: row.written_by,
      at: row.written_at.toISOString(),
    })),
  };
}

/**
 * Writes a version; former ones stay. A closed incident is learned from as well.
 * @throws Problem not-found, conflict {version}; invalid-input {field: "text"} for taking back what is not there, {field: "accountNo"}; card-number
 */
export async function writeLesson(context: Context, { params, body }: Input<typeof writeEndpoint>): Promise<ReplyOf<typeof writeEndpoint>> {
  const { db, actor, now, journal } = context;
  const incident = await findIncident(context, params.incidentNo, true);
  const no = incident.incident_no;
  const former = body.of === undefined ? undefined : await formerVersion(context, no, body.of);
  if (former === undefined && body.text === null) throw new Problem("invalid-input", { field: "text" });
  const kind = former?.kind ?? body.kind;
  const accountNo = kind === "discipline" ? (body.accountNo ?? former?.account_no ?? null) : null;
  if (accountNo !== null && (await db.query("select from accounts where account_no = $1", [accountNo])).length === 0) {
    throw new Problem("invalid-input", { field: "accountNo" });
  }
  const sealed = body.text === null ? null : sealIncidentText(context, no, { text: body.text });
  const version = (former?.version ?? 0) + 1;
  const [row] = await db.query<{ lesson_no: number }>(
    `insert into incident_lessons (lesson_no, version, incident_no, kind, account_no, sealed_text, written_by, written_at)
     values (coalesce($1, nextval('incident_lesson_numbers')::integer), $2, $3, $4, $5, $6, $7, $8) returning lesson_no`,
    [former?.lesson_no ?? null, version, no, kind, accountNo, sealed, actor.accountNo, now],
  );
  const lessonNo = row?.lesson_no as number;
  noteIncident(context, incident);
  journal.fact("lessonNo", lessonNo);
  journal.fact("version", version);
  journal.fact("kind", kind);
  if (accountNo !== null) {
    journal.fact("accountNo", accountNo);
    journal.touched("account", accountNo);
  }
  journal.fact("hash", sealed === null ? null : hashOfText(sealed));
  return { lessonNo, version };
}

async function formerVersion({ db }: Context, incidentNo: number, of: { readonly lessonNo: number; readonly version: number }): Promise<LessonRow> {
  const [row] = await db.query<LessonRow>(
    `select lesson_no, version, kind, account_no, sealed_text, written_by, written_at from incident_lessons
      where incident_no = $1 and lesson_no = $2 order by version desc limit 1`,
    [incidentNo, of.lessonNo],
  );
  if (row === undefined) throw new Problem("not-found");
  if (row.version !== of.version) throw new Problem("conflict", { version: row.version });
  return row;
}

/** How many lessons and disciplinary records stand, for the summary. */
export async function countLessons({ db }: Pick<Context, "db">, incidentNo: number): Promise<Readonly<Record<LessonKind, number>>> {
  const rows = await db.query<{ kind: LessonKind; stand: number }>(
    `select kind, count(*)::integer as stand from (
       select distinct on (lesson_no) kind, sealed_text from incident_lessons where incident_no = $1 order by lesson_no, version desc
     ) last where sealed_text is not null group by kind`,
    [incidentNo],
  );
  const of = (kind: LessonKind): number => rows.find((row) => row.kind === kind)?.stand ?? 0;
  return { lesson: of("lesson"), discipline: of("discipline") };
}
