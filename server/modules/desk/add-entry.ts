import type { Context, Input } from "#server/core/door/index.ts";
import { hashOfText } from "#server/modules/incidents/index.ts";
import type { addEntry as endpoint } from "#shared/desk.ts";
import { Problem } from "#shared/problems.ts";
import { caseFor, isOfficer, noteDesk, sealDeskText } from "./desk-records.ts";

/** What becomes of a case by an entry, as SQL of its row. */
const becomes: Readonly<Record<string, string>> = {
  note: "",
  harm: "has_harm = true",
  papers: "has_papers = true",
  escalation: "escalated_at = coalesce(escalated_at, $2)",
  "escalation-settled": "escalated_at = null",
  "call-back": "call_back_at = $3",
  "call-back-done": "call_back_at = null",
  "call-back-missed": "call_back_at = call_back_at",
  closed: "state = 'closed', call_back_at = null",
  reopened: "state = 'open'",
};

const mostAheadMs = 60 * 86_400_000;

/**
 * Writes into the history of a case; nothing of it is changed afterwards.
 * @throws Problem not-found, card-number, invalid-input {field: "dueAt" | "harmOn"}, not-permitted (settling what was handed up),
 *   not-ready {reason: "no-call-back"}
 */
export async function addEntry(context: Context, { params, body }: Input<typeof endpoint>): Promise<{ entryNo: number }> {
  const { db, journal, actor, now } = context;
  const { row, desk } = await caseFor(context, params.caseNo);
  if (body.kind === "escalation-settled" && !isOfficer(context)) throw new Problem("not-permitted", { verb: "handle-incidents" });
  if ((body.kind === "call-back-done" || body.kind === "call-back-missed") && row.call_back_at === null) {
    throw new Problem("not-ready", { reason: "no-call-back" });
  }
  const dueAt = body.kind === "call-back" ? new Date(body.dueAt) : null;
  if (dueAt !== null && (dueAt < now || dueAt.getTime() > now.getTime() + mostAheadMs)) throw new Problem("invalid-input", { field: "dueAt" });
  const harm = body.kind === "harm" ? body : undefined;
  if (harm?.harmOn !== null && harm !== undefined && new Date(`${harm.harmOn}T00:00:00+09:00`) > now) throw new Problem("invalid-input", { field: "harmOn" });
  const sealed = sealDeskText(context, row.incident_no, body.text);
  const [made] = await db.query<{ entry_no: number }>(
    `insert into desk_entries (case_no, kind, at, written_by, sealed_text, harm_kind, harm_on, harm_amount, due_at, papers)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning entry_no`,
    [
      row.case_no,
      body.kind,
      now,
      actor.accountNo,
      sealed,
      harm?.harmKind ?? null,
      harm?.harmOn ?? null,
      harm?.harmAmount ?? null,
      dueAt,
      body.kind === "papers" ? body.papers : null,
    ],
  );
  const change = becomes[body.kind] ?? "";
  if (change !== "") {
    await db.query(`update desk_cases set ${change} where case_no = $1 and $2::timestamptz is not null and ($3::timestamptz is null or true)`, [
      row.case_no,
      now,
      dueAt,
    ]);
  }
  noteDesk(context, desk, row.case_no);
  if (row.person_no !== null) journal.touched("customer", row.person_no);
  journal.fact("kind", body.kind);
  if (harm !== undefined) {
    journal.fact("harmKind", harm.harmKind);
    journal.fact("harmAmount", harm.harmAmount);
  }
  if (dueAt !== null) journal.fact("dueAt", dueAt.toISOString());
  if (sealed !== null) journal.fact("hash", hashOfText(sealed));
  return { entryNo: made?.entry_no ?? 0 };
}
