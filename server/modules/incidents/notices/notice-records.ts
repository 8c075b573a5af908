import type { Context } from "#server/core/door/index.ts";
import type { Notice, NoticeOutcome, NoticeState, NoticeWay } from "#shared/incident-notices.ts";
import { Problem } from "#shared/problems.ts";

export interface NoticeRow {
  readonly notice_no: number;
  readonly incident_no: number;
  readonly draft_no: number;
  readonly scope_no: number;
  readonly is_again: boolean;
  readonly has_possible: boolean;
  readonly mails_per_minute: number;
  readonly state: NoticeState;
  readonly made_by: number | null;
  readonly made_at: Date;
  /** Null until every way is found. */
  readonly people_hash: Buffer | null;
  readonly mail_hash: Buffer | null;
  readonly already: number;
  readonly suspended: number;
  readonly gone: number;
  readonly request_no: number | null;
  readonly approved_by: number | null;
  readonly started_by: number | null;
  readonly started_at: Date | null;
  readonly ended_at: Date | null;
  readonly problem: Notice["problem"];
  /** People whose way is still to be found. */
  readonly to_plan: number;
  readonly paper: Notice["paper"];
  readonly version: number;
  readonly is_drill: boolean;
}

const columns = `n.notice_no, n.incident_no, n.draft_no, n.scope_no, n.is_again, n.has_possible, n.mails_per_minute, n.state, n.made_by, n.made_at, n.people_hash,
  n.mail_hash, n.already, n.suspended, n.gone, n.request_no, n.approved_by, n.started_by, n.started_at, n.ended_at, n.problem, cardinality(n.to_plan) as to_plan, d.paper, d.version, i.is_drill`;
const joined = "incident_notices n join incident_drafts d using (draft_no) join incidents i on i.incident_no = n.incident_no";

type Reading = Pick<Context, "db">;

/** @throws Problem not-found */
export async function findNotice({ db }: Reading, noticeNo: number, isHeld = false): Promise<NoticeRow> {
  const [row] = await db.query<NoticeRow>(`select ${columns} from ${joined} where n.notice_no = $1${isHeld ? " for update of n" : ""}`, [noticeNo]);
  if (row === undefined) throw new Problem("not-found");
  return row;
}

/** Of an incident, newest first. */
export function noticesOf({ db }: Reading, incidentNo: number): Promise<NoticeRow[]> {
  return db.query<NoticeRow>(`select ${columns} from ${joined} where n.incident_no = $1 order by n.notice_no desc`, [incidentNo]);
}

/** What the event of every act on a notice says. */
export function noteNotice({ journal }: Pick<Context, "journal">, row: Pick<NoticeRow, "incident_no" | "notice_no" | "is_drill">): void {
  journal.fact("incidentNo", row.incident_no);
  journal.fact("noticeNo", row.notice_no);
  if (row.is_drill) journal.fact("isDrill", true);
  journal.touched("incident", row.incident_no);
}

export interface Counted {
  readonly notice_no: number;
  readonly way: NoticeWay;
  readonly outcome: NoticeOutcome;
  readonly people: number;
}

export function countsOf({ db }: Reading, noticeNos: readonly number[]): Promise<Counted[]> {
  return db.query<Counted>(
    "select notice_no, way, outcome, count(*)::integer as people from incident_notice_people where notice_no = any($1) group by notice_no, way, outcome order by notice_no, way, outcome",
    [noticeNos],
  );
}

/**
 * Each person of an incident once, by the newest notice that was approved and came to something: what stands to be told of how the
 * people were told.
 */
export async function totalsOf({ db }: Reading, incidentNo: number): Promise<{ way: NoticeWay; outcome: NoticeOutcome; people: number }[]> {
  return db.query(
    `select way, outcome, count(*)::integer as people from (
       select distinct on (p.customer_no) p.way, p.outcome from incident_notice_people p join incident_notices n using (notice_no)
        where n.incident_no = $1 and n.approved_at is not null and n.state <> 'withdrawn' and p.outcome <> 'moved' order by p.customer_no, n.notice_no desc) newest
      group by way, outcome order by way, outcome`,
    [incidentNo],
  );
}
