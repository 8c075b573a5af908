import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type {
  beginCase as beginEndpoint,
  DeskCaseHead,
  DeskCheck,
  DeskEntry,
  listCases as listEndpoint,
  listDesks as desksEndpoint,
  showCase as showEndpoint,
} from "#shared/desk.ts";
import { caseColumns, caseFor, deskFor, deskText, isOfficer, noteDesk, type CaseRow } from "./desk-records.ts";
import { itemNames } from "./find-person.ts";

const page = 50;

export async function listDesks(context: Context): Promise<ReplyOf<typeof desksEndpoint>> {
  const rows = await context.db.query<{ incident_no: number; is_drill: boolean; ends_at: Date | null; is_stopped: boolean; open: number }>(
    `select d.incident_no, i.is_drill, o.ends_at,
            exists (select from desk_stops s where s.account_no = $1 and s.released_at is null) as is_stopped,
            (select count(*) from desk_cases c where c.incident_no = d.incident_no and c.opened_by = $1 and c.state = 'open')::integer as open
       from desks d join incidents i using (incident_no) left join desk_operators o on o.incident_no = d.incident_no and o.account_no = $1
      where d.closed_at is null and ($3 or o.ends_at > $2) order by d.incident_no`,
    [context.actor.accountNo, context.now, isOfficer(context)],
  );
  return {
    desks: rows.map((row) => ({
      incidentNo: row.incident_no,
      isDrill: row.is_drill,
      endsAt: row.ends_at?.toISOString() ?? null,
      isStopped: row.is_stopped,
      open: row.open,
    })),
  };
}

export async function beginCase(context: Context, { params, body }: Input<typeof beginEndpoint>): Promise<{ caseNo: number }> {
  const desk = await deskFor(context, params.incidentNo);
  const [row] = await context.db.query<{ case_no: number }>(
    "insert into desk_cases (incident_no, channel, caller, opened_by, opened_at) values ($1, $2, $3, $4, $5) returning case_no",
    [desk.incident_no, body.channel, body.caller, context.actor.accountNo, context.now],
  );
  const caseNo = row?.case_no as number;
  noteDesk(context, desk, caseNo);
  context.journal.fact("channel", body.channel);
  context.journal.fact("caller", body.caller);
  return { caseNo };
}

function headOf(row: CaseRow): DeskCaseHead {
  return {
    caseNo: row.case_no,
    incidentNo: row.incident_no,
    channel: row.channel,
    caller: row.caller,
    openedAt: row.opened_at.toISOString(),
    openedBy: row.opened_by,
    state: row.state,
    isIdentified: row.person_no !== null,
    answer: row.answer,
    isEscalated: row.escalated_at !== null,
    callBackAt: row.call_back_at?.toISOString() ?? null,
    hasHarm: row.has_harm,
  };
}

/** Operators list their own and those who wait to be called back; whoever handles incidents lists all. */
export async function listCases(context: Context, { params, query }: Input<typeof listEndpoint>): Promise<ReplyOf<typeof listEndpoint>> {
  const desk = await deskFor(context, params.incidentNo);
  const isAll = isOfficer(context);
  const conditions = {
    own: "opened_by = $2",
    "call-backs": "call_back_at is not null",
    escalated: isAll ? "escalated_at is not null" : "opened_by = $2 and escalated_at is not null",
    all: isAll ? "true" : "opened_by = $2",
  };
  const order = query.queue === "call-backs" ? "call_back_at, case_no" : "case_no desc";
  const rows = await context.db.query<CaseRow>(
    `select ${caseColumns} from desk_cases
      where incident_no = $1 and $2::integer is not null and ${conditions[query.queue]} and ($3::integer is null or case_no < $3) order by ${order} limit ${page + 1}`,
    [desk.incident_no, context.actor.accountNo, query.before ?? null],
  );
  noteDesk(context, desk);
  context.journal.fact("queue", query.queue);
  const shown = rows.slice(0, page);
  context.journal.fact("cases", shown.length);
  return { cases: shown.map(headOf), nextBefore: rows.length > page && query.queue !== "call-backs" ? (shown.at(-1)?.case_no ?? null) : null };
}

interface EntryRow {
  readonly entry_no: number;
  readonly kind: DeskEntry["kind"];
  readonly at: Date;
  readonly written_by: number | null;
  readonly sealed_text: Buffer | null;
  readonly harm_kind: DeskEntry["harmKind"];
  readonly harm_on: string | null;
  readonly harm_amount: DeskEntry["harmAmount"];
  readonly due_at: Date | null;
  readonly papers: DeskEntry["papers"];
}

interface CheckRow {
  readonly check_no: number;
  readonly at: Date;
  readonly operator_no: number;
  readonly way: DeskCheck["way"];
  readonly kinds: DeskCheck["kinds"];
  readonly outcome: DeskCheck["outcome"];
  readonly answer: DeskCheck["answer"];
  readonly items: readonly string[];
}

export async function showCase(context: Context, { params }: Input<typeof showEndpoint>): Promise<Draft<ReplyOf<typeof showEndpoint>>> {
  const { db, journal } = context;
  const { row, desk } = await caseFor(context, params.caseNo, false);
  const entries = await db.query<EntryRow>(
    `select entry_no, kind, at, written_by, sealed_text, harm_kind, harm_on::text, harm_amount, due_at, papers from desk_entries
      where case_no = $1 order by entry_no`,
    [row.case_no],
  );
  const checks = await db.query<CheckRow>(
    "select check_no, at, operator_no, way, kinds, outcome, answer, items from desk_checks where case_no = $1 order by check_no",
    [row.case_no],
  );
  noteDesk(context, desk, row.case_no);
  const customerNo = isOfficer(context) ? row.person_no : null;
  if (customerNo !== null) journal.touched("customer", customerNo);
  return {
    head: headOf(row),
    customerNo,
    entries: entries.map((one) => ({
      entryNo: one.entry_no,
      kind: one.kind,
      at: one.at.toISOString(),
      by: one.written_by,
      text: deskText(row.incident_no, one.sealed_text),
      harmKind: one.harm_kind,
      harmOn: one.harm_on,
      harmAmount: one.harm_amount,
      dueAt: one.due_at?.toISOString() ?? null,
      papers: one.papers,
    })),
    checks: checks.map((one) => ({
      checkNo: one.check_no,
      at: one.at.toISOString(),
      by: one.operator_no,
      way: one.way,
      kinds: [...one.kinds],
      outcome: one.outcome,
      answer: one.answer,
      items: itemNames(context, one.items),
    })),
    hasPapers: row.has_papers,
  };
}
