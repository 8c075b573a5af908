import type { Context, Input } from "#server/core/door/index.ts";
import type { changeIncident as endpoint } from "#shared/incidents.ts";
import { Problem } from "#shared/problems.ts";
import { countUnproven } from "../afterwards/preventions.ts";
import { countUndecided } from "../match/match-records.ts";
import { findIncident, noteIncident } from "./incident-records.ts";
import { hashOfText, sealIncidentText } from "./seal-incident-text.ts";

const hourMs = 3_600_000;

/**
 * Changes the head of an incident. A corrected moment of knowing moves the clocks of the tasks with it.
 * @throws Problem not-found, conflict {version}, conflict {reason: "incident-closed"}, not-ready {reason: "rows-undecided" | "preventions-open"}, invalid-input, card-number
 */
export async function changeIncident(context: Context, input: Input<typeof endpoint>): Promise<{ version: number }> {
  const { db, journal, now } = context;
  const { version, knownAt, what, phase, isClosed } = input.body;
  const row = await findIncident(context, input.params.incidentNo, true);
  if (row.version !== version) throw new Problem("conflict", { version: row.version });
  if (row.closed_at !== null && isClosed !== false) throw new Problem("conflict", { reason: "incident-closed" });
  // Nobody knows yet whom these rows mean: the scope is not closed before.
  if (isClosed === true && (await countUndecided(context, row.incident_no)) > 0) throw new Problem("not-ready", { reason: "rows-undecided" });
  // Until it is shown that it cannot happen again it is followed up: phase 6, and not closed.
  if (isClosed === true && (await countUnproven(context, row.incident_no)) > 0) throw new Problem("not-ready", { reason: "preventions-open" });
  noteIncident(context, row);
  if (isClosed !== undefined) journal.becomes(isClosed ? "incident.closed" : "incident.reopened");
  else if (phase !== undefined) journal.becomes("incident.moved");
  if (phase !== undefined) {
    journal.fact("phase", phase);
    journal.fact("formerPhase", row.phase);
  }
  const known = knownAt === undefined ? row.known_at : new Date(knownAt);
  const movedMs = known.getTime() - row.known_at.getTime();
  if (movedMs !== 0) {
    if (known.getTime() > now.getTime() + hourMs / 12) throw new Problem("invalid-input", { field: "knownAt" });
    journal.fact("knownAt", known.toISOString());
    journal.fact("formerKnownAt", row.known_at.toISOString());
    await db.query(
      "update incident_tasks set due_at = due_at + $2 * interval '1 millisecond' where incident_no = $1 and due_at is not null and task_key is not null",
      [row.incident_no, movedMs],
    );
  }
  const texts = what === undefined ? row.sealed_texts : sealIncidentText(context, row.incident_no, { what });
  if (what !== undefined) journal.fact("hash", hashOfText(texts));
  await db.query("update incidents set known_at = $2, phase = $3, closed_at = $4, sealed_texts = $5, version = version + 1 where incident_no = $1", [
    row.incident_no,
    known,
    phase ?? row.phase,
    isClosed === undefined ? row.closed_at : isClosed ? now : null,
    texts,
  ]);
  return { version: row.version + 1 };
}
