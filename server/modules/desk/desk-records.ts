import { hasVerb } from "#server/core/access/compile.ts";
import { SealedText, type Context, type Handle } from "#server/core/door/index.ts";
import { sealIncidentText } from "#server/modules/incidents/index.ts";
import type { callers, Channel, caseStates, DeskAnswer, DeskPolicy } from "#shared/desk.ts";
import { Problem } from "#shared/problems.ts";

export interface DeskRow {
  readonly incident_no: number;
  readonly is_drill: boolean;
  readonly opened_at: Date;
  readonly closed_at: Date | null;
  readonly counted: { readonly inquiries: number; readonly harm: number } | null;
  readonly counted_at: Date | null;
}

const deskColumns = "d.incident_no, i.is_drill, d.opened_at, d.closed_at, d.counted, d.counted_at";

export async function findDesk({ db }: Pick<Context, "db">, incidentNo: number): Promise<DeskRow | undefined> {
  const [row] = await db.query<DeskRow>(`select ${deskColumns} from desks d join incidents i using (incident_no) where d.incident_no = $1`, [incidentNo]);
  return row;
}

/** Whether somebody handles the incident, and does not only answer callers. */
export function isOfficer({ actor }: Pick<Context, "actor">): boolean {
  return hasVerb(actor.rights, "handle-incidents");
}

/**
 * An open desk at which the caller serves: as an operator in their term, or because they handle incidents.
 * @throws Problem not-found, for everybody else and for a desk that is none or closed
 */
export async function deskFor(context: Context, incidentNo: number): Promise<DeskRow> {
  const row = await findDesk(context, incidentNo);
  if (row === undefined || row.closed_at !== null) throw new Problem("not-found");
  if (!isOfficer(context)) {
    const serves = await context.db.query("select from desk_operators where incident_no = $1 and account_no = $2 and ends_at > $3", [
      incidentNo,
      context.actor.accountNo,
      context.now,
    ]);
    if (serves.length === 0) throw new Problem("not-found");
  }
  return row;
}

export interface CaseRow {
  readonly case_no: number;
  readonly incident_no: number;
  readonly channel: Channel;
  readonly caller: (typeof callers)[number];
  readonly opened_by: number | null;
  readonly opened_at: Date;
  readonly state: (typeof caseStates)[number];
  readonly person_no: number | null;
  readonly answer: DeskAnswer | null;
  readonly escalated_at: Date | null;
  readonly call_back_at: Date | null;
  readonly has_harm: boolean;
  readonly has_papers: boolean;
}

export const caseColumns =
  "case_no, incident_no, channel, caller, opened_by, opened_at, state, person_no, answer, escalated_at, call_back_at, has_harm, has_papers";

/**
 * A case of a desk at which the caller serves: an operator's own, or one that waits to be called back. Held until the end of the
 * transaction unless it is only looked at. @throws Problem not-found
 */
export async function caseFor(context: Context, caseNo: number, isHeld = true): Promise<{ row: CaseRow; desk: DeskRow }> {
  const [row] = await context.db.query<CaseRow>(`select ${caseColumns} from desk_cases where case_no = $1${isHeld ? " for update" : ""}`, [caseNo]);
  if (row === undefined) throw new Problem("not-found");
  const desk = await deskFor(context, row.incident_no);
  if (!isOfficer(context) && row.opened_by !== context.actor.accountNo && row.call_back_at === null) throw new Problem("not-found");
  return { row, desk };
}

/** What the event of every act at a desk says. */
export function noteDesk({ journal }: Pick<Context, "journal">, desk: Pick<DeskRow, "incident_no" | "is_drill">, caseNo?: number): void {
  journal.fact("incidentNo", desk.incident_no);
  if (desk.is_drill) journal.fact("isDrill", true);
  if (caseNo !== undefined) journal.fact("caseNo", caseNo);
  journal.touched("incident", desk.incident_no);
}

export async function deskPolicyOf({ db }: Pick<Context, "db">): Promise<DeskPolicy> {
  const [row] = await db.query<{ most_failed: number; most_persons: number; most_failed_of_person: number }>(
    "select most_failed, most_persons, most_failed_of_person from desk_policy",
  );
  if (row === undefined) throw new Error("the desk has no policy");
  return { mostFailed: row.most_failed, mostPersons: row.most_persons, mostFailedOfPerson: row.most_failed_of_person };
}

/** @throws Problem card-number */
export function sealDeskText(context: Context, incidentNo: number, text: string): Buffer | null {
  return text === "" ? null : sealIncidentText(context, incidentNo, { text });
}

/** A text of the desk, for whoever answers callers. */
export function deskText(incidentNo: number, blob: Buffer | null): Handle {
  return blob === null ? null : new SealedText({ kind: "incident", no: incidentNo }, blob, "text", { authorNo: null, orVerb: "answer-callers" });
}
