import { SealedText, type Context, type Handle } from "#server/core/door/index.ts";
import type { endings, MeasureKind, measureStates, measureTargets } from "#shared/measures.ts";
import { Problem } from "#shared/problems.ts";

export interface MeasureRow {
  readonly measure_no: number;
  readonly kind: MeasureKind;
  readonly target: (typeof measureTargets)[number];
  readonly account_no: number | null;
  readonly role_key: string | null;
  readonly department_no: number | null;
  readonly incident_no: number | null;
  readonly is_drill: boolean;
  readonly taken_by: number | null;
  readonly taken_at: Date;
  readonly began_at: Date | null;
  readonly ends_at: Date | null;
  readonly confirm_by: Date | null;
  readonly request_no: number | null;
  readonly confirmed_by: number | null;
  readonly confirmed_at: Date | null;
  readonly ended_at: Date | null;
  readonly ended_by: number | null;
  readonly ended_how: (typeof endings)[number] | null;
  readonly accounts_meant: number;
  readonly sessions_cut: number;
  readonly query_no: string;
  readonly sealed_reason: Buffer;
  readonly message_ja: string | null;
  readonly message_en: string | null;
  readonly call_back: string | null;
}

export const measureColumns = `measure_no, kind, target, account_no, role_key, department_no, incident_no, is_drill, taken_by, taken_at, began_at,
  ends_at, confirm_by, request_no, confirmed_by, confirmed_at, ended_at, ended_by, ended_how, accounts_meant, sessions_cut, query_no,
  sealed_reason, message_ja, message_en, call_back`;

/** When it stops being in force if nobody does anything; null: never. */
export function untilOf(row: Pick<MeasureRow, "ends_at" | "confirm_by" | "confirmed_at">): Date | null {
  const fallsBack = row.confirmed_at === null ? row.confirm_by : null;
  if (row.ends_at === null || fallsBack === null) {
    return row.ends_at ?? fallsBack;
  }
  return row.ends_at < fallsBack ? row.ends_at : fallsBack;
}

/** What it is at a moment: times pass without anybody's writing it down. */
export function stateAt(row: MeasureRow, now: Date): { state: (typeof measureStates)[number]; how: MeasureRow["ended_how"] } {
  if (row.ended_how === "done") {
    return { state: "done", how: "done" };
  }
  if (row.ended_how !== null) {
    return { state: "ended", how: row.ended_how };
  }
  if (row.began_at === null) {
    return { state: "waiting", how: null };
  }
  const until = untilOf(row);
  if (until !== null && until <= now) {
    return { state: "ended", how: endingOf(row) };
  }
  return { state: row.confirm_by !== null && row.confirmed_at === null ? "provisional" : "standing", how: null };
}

/** How a measure ends whose time has come. */
export function endingOf(row: Pick<MeasureRow, "ends_at" | "confirm_by" | "confirmed_at">): "over" | "unconfirmed" {
  return row.ends_at !== null && untilOf(row)?.getTime() === row.ends_at.getTime() ? "over" : "unconfirmed";
}

/** The reason: for whoever may take measures. */
export function reasonOf(row: MeasureRow): Handle {
  return new SealedText({ kind: "query", no: Number(row.query_no) }, row.sealed_reason, "reason", { authorNo: row.taken_by ?? 0, orVerb: "take-measures" });
}

/** From here to the end of the transaction nobody else changes what is in force. */
export async function holdMeasures({ db }: Pick<Context, "db">): Promise<void> {
  await db.query("select one from organisation for update");
}

/** @throws Problem not-found */
export async function measureFor(context: Context, measureNo: number): Promise<MeasureRow> {
  const [row] = await context.db.query<MeasureRow>(`select ${measureColumns} from measures where measure_no = $1 for update`, [measureNo]);
  if (row === undefined) {
    throw new Problem("not-found");
  }
  return row;
}

/** What the event of any act on a measure says. */
export function noteMeasure({ journal }: Pick<Context, "journal">, row: MeasureRow): void {
  journal.fact("measureNo", row.measure_no);
  journal.fact("kind", row.kind);
  journal.fact("target", row.target);
  if (row.account_no !== null) {
    journal.fact("accountNo", row.account_no);
    journal.touched("account", row.account_no);
  }
  if (row.role_key !== null) {
    journal.fact("roleKey", row.role_key);
  }
  if (row.department_no !== null) {
    journal.fact("departmentNo", row.department_no);
  }
  if (row.incident_no !== null) {
    journal.fact("incidentNo", row.incident_no);
  }
  journal.fact("isDrill", row.is_drill);
  journal.fact("accounts", row.accounts_meant);
  if (row.ends_at !== null) {
    journal.fact("endsAt", row.ends_at.toISOString());
  }
}
