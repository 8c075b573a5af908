import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as contract from "#shared/incidents.ts";
import { Problem } from "#shared/problems.ts";
import { findIncident, findOpenIncident, noteIncident } from "./incident-records.ts";
import { actsOf } from "./milestones.ts";
import { hashOfText, sealIncidentText, textOfIncident } from "./seal-incident-text.ts";

const mostNotes = 500;
const mostAheadMs = 5 * 60_000;

interface NoteRow {
  readonly note_no: number;
  readonly happened_at: Date;
  readonly written_by: number | null;
  readonly written_at: Date;
  readonly sealed_text: Buffer;
}

/** What happened: notes of people, and acts as the ledger has them. */
export async function showTimeline(
  context: Context,
  input: Input<typeof contract.incidentTimeline>,
  actTypes: readonly string[],
): Promise<Draft<ReplyOf<typeof contract.incidentTimeline>>> {
  const incident = await findIncident(context, input.params.incidentNo);
  const no = incident.incident_no;
  const notes = await context.db.query<NoteRow>(
    `select note_no, happened_at, written_by, written_at, sealed_text from incident_notes where incident_no = $1
      order by happened_at desc, note_no desc limit ${mostNotes}`,
    [no],
  );
  const acts = await actsOf(context, incident, actTypes);
  noteIncident(context, incident);
  return {
    notes: notes.map((note) => ({
      noteNo: note.note_no,
      happenedAt: note.happened_at.toISOString(),
      by: note.written_by,
      writtenAt: note.written_at.toISOString(),
      text: textOfIncident(no, note.sealed_text, "text"),
    })),
    acts: acts.map((event) => ({
      eventNo: event.eventNo,
      at: event.at.toISOString(),
      type: event.type,
      by: event.accountNo,
      outcome: event.outcome,
      facts: Object.fromEntries(Object.entries(event.facts).filter((one): one is [string, string | number | boolean] => isPlain(one[1]))),
    })),
  };
}

function isPlain(fact: unknown): fact is string | number | boolean {
  return typeof fact === "string" || typeof fact === "number" || typeof fact === "boolean";
}

/** @throws Problem not-found, invalid-input {field: "happenedAt"}, card-number, conflict {reason: "incident-closed"} */
export async function noteOnIncident(context: Context, input: Input<typeof contract.noteOnIncident>): Promise<{ noteNo: number }> {
  const { db, now, actor, journal } = context;
  const happenedAt = new Date(input.body.happenedAt);
  if (happenedAt.getTime() > now.getTime() + mostAheadMs) throw new Problem("invalid-input", { field: "happenedAt" });
  const incident = await findOpenIncident(context, input.params.incidentNo);
  const sealed = sealIncidentText(context, incident.incident_no, { text: input.body.text });
  const [row] = await db.query<{ note_no: number }>(
    "insert into incident_notes (incident_no, happened_at, written_by, written_at, sealed_text) values ($1, $2, $3, $4, $5) returning note_no",
    [incident.incident_no, happenedAt, actor.accountNo, now, sealed],
  );
  const noteNo = row?.note_no as number;
  noteIncident(context, incident);
  journal.fact("noteNo", noteNo);
  journal.fact("happenedAt", happenedAt.toISOString());
  journal.fact("hash", hashOfText(sealed));
  return { noteNo };
}
