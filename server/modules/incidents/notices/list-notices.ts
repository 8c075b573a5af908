import type { Context, Draft, Input } from "#server/core/door/index.ts";
import { nameRecords } from "#server/modules/customers/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import {
  noticePapers,
  type listNoticePeople as peopleEndpoint,
  type listNotices as endpoint,
  type NoticeOutcome,
  type NoticeWay,
} from "#shared/incident-notices.ts";
import { findIncident, noteIncident } from "../case/incident-records.ts";
import { draftsOf } from "../drafts/draft-records.ts";
import { movesOf, scopeColumns, summaryOf, type ScopeRow } from "../scope/scope-records.ts";
import { letterNumber } from "./letter-number.ts";
import { mailSettingsOf } from "./mail-settings.ts";
import { countsOf, findNotice, noteNotice, noticesOf, totalsOf } from "./notice-records.ts";

export async function listNotices(context: Context, { params }: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const incident = await findIncident(context, params.incidentNo);
  const rows = await noticesOf(context, incident.incident_no);
  const nos = rows.map((row) => row.notice_no);
  const counts = await countsOf(context, nos);
  const parts = await context.db.query<{ notice_no: number; part_no: number; letters: number; printed_at: Date | null; posted_on: string | null }>(
    `select notice_no, part_no, count(*)::integer as letters, max(at) filter (where outcome <> 'planned') as printed_at, max(posted_on)::text as posted_on
       from incident_notice_people where notice_no = any($1) and part_no is not null and outcome <> 'moved' group by notice_no, part_no order by notice_no, part_no`,
    [nos],
  );
  const drafts = await draftsOf(context, incident.incident_no);
  const settings = await mailSettingsOf(context);
  noteIncident(context, incident);
  return {
    notices: rows.map((row) => ({
      noticeNo: row.notice_no,
      state: row.state,
      paper: row.paper,
      draftNo: row.draft_no,
      version: row.version,
      runNo: row.scope_no,
      isAgain: row.is_again,
      hasPossible: row.has_possible,
      mailsPerMinute: row.mails_per_minute,
      madeAt: row.made_at.toISOString(),
      madeBy: row.made_by,
      requestNo: row.request_no,
      approvedBy: row.approved_by,
      startedAt: row.started_at?.toISOString() ?? null,
      endedAt: row.ended_at?.toISOString() ?? null,
      problem: row.problem,
      already: row.already,
      suspended: row.suspended,
      gone: row.gone,
      toPlan: row.to_plan,
      counts: counts.filter((one) => one.notice_no === row.notice_no),
      parts: parts
        .filter((one) => one.notice_no === row.notice_no)
        .map((one) => ({ partNo: one.part_no, letters: one.letters, printedAt: one.printed_at?.toISOString() ?? null, postedOn: one.posted_on })),
    })),
    papers: noticePapers.flatMap((paper) => {
      const approved = drafts.find((row) => row.paper === paper && row.state === "approved");
      return approved === undefined ? [] : [{ paper, draftNo: approved.draft_no, version: approved.version }];
    }),
    scope: await scopeNow(context, incident.incident_no),
    mail: settings === undefined ? null : { host: settings.host, from: settings.from },
    totals: await totalsOf(context, incident.incident_no),
  };
}

async function scopeNow(context: Context, incidentNo: number): Promise<ReplyOf<typeof endpoint>["scope"]> {
  const [row] = await context.db.query<ScopeRow>(`select ${scopeColumns} from incident_scopes where incident_no = $1 order by scope_no desc limit 1`, [
    incidentNo,
  ]);
  if (row === undefined) return null;
  const { confirmed, possible } = await summaryOf(context, row, await movesOf(context, incidentNo));
  return { runNo: row.scope_no, isPending: row.verification === "pending", isVerified: row.verification === "holds", confirmed, possible };
}

interface PersonRow {
  readonly person_no: number;
  readonly customer_no: number;
  readonly way: NoticeWay;
  readonly outcome: NoticeOutcome;
  readonly status: string | null;
  readonly at: Date;
}

/** @throws Problem not-found */
export async function listNoticePeople(context: Context, { params, body }: Input<typeof peopleEndpoint>): Promise<Draft<ReplyOf<typeof peopleEndpoint>>> {
  const notice = await findNotice(context, params.noticeNo);
  const asked = [notice.notice_no, body.way ?? null, body.outcome ?? null];
  const where = "notice_no = $1 and ($2::text is null or way = $2) and ($3::text is null or outcome = $3)";
  const [counted] = await context.db.query<{ total: number }>(`select count(*)::integer as total from incident_notice_people where ${where}`, asked);
  const rows = await context.db.query<PersonRow>(
    `select person_no, customer_no, way, outcome, status, at from incident_notice_people where ${where} order by person_no offset $4 limit $5`,
    [...asked, body.offset, body.limit],
  );
  const { customers } = await nameRecords(context, { customers: rows.map((row) => row.customer_no), companies: [] });
  const names = new Map(customers.map(({ no, name }) => [no, name]));
  noteNotice(context, notice);
  context.journal.fact("people", rows.length);
  for (const row of rows) context.journal.touched("customer", row.customer_no);
  return {
    total: counted?.total ?? 0,
    people: rows.map((row) => ({
      personNo: row.person_no,
      customerNo: row.customer_no,
      name: names.get(row.customer_no) ?? null,
      way: row.way,
      outcome: row.outcome,
      status: row.status,
      letterNumber: row.way === "letter" ? letterNumber(row.person_no) : null,
      at: row.at.toISOString(),
    })),
  };
}
