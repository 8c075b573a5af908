import type { Context, Draft, Handle, Input } from "#server/core/door/index.ts";
import { factTexts, findIncident, gatherGround, paperInForce, presetStaffing, staffing } from "#server/modules/incidents/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { DeskOperator, showDesk as endpoint } from "#shared/desk.ts";
import { countByDay, totalOf } from "./counts.ts";
import { deskPolicyOf, findDesk, noteDesk } from "./desk-records.ts";

interface OperatorRow {
  readonly account_no: number;
  readonly ends_at: Date | null;
  readonly state: string;
  readonly because: "failed" | "persons" | null;
  readonly found: number | null;
  readonly stopped_at: Date | null;
  readonly cases: number;
  readonly failed_today: number;
}

const factKeys = ["name", "phone", "mail", "hours", "page"] as const;
const papers = ["desk-script", "faq"] as const;

/** @throws Problem not-found */
export async function showDesk(context: Context, { params }: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { db, now } = context;
  const incident = await findIncident(context, params.incidentNo);
  const desk = await findDesk(context, incident.incident_no);
  const ground = await gatherGround(context, incident);
  const factNos = factKeys.flatMap((key) => ground.facts.get(`desk.${key}`)?.factNo ?? []);
  const texts = await textsOf(context, factNos);
  const textOf = (key: (typeof factKeys)[number]): Handle => {
    const fact = ground.facts.get(`desk.${key}`);
    return fact === undefined ? null : (texts.get(fact.factNo) ?? null);
  };
  const operators = await db.query<OperatorRow>(
    `select o.account_no, o.ends_at, a.state, s.because, s.found, s.stopped_at,
            (select count(*) from desk_cases c where c.incident_no = o.incident_no and c.opened_by = o.account_no)::integer as cases,
            (select count(*) from desk_checks k where k.operator_no = o.account_no and k.outcome = 'failed' and k.at > $2)::integer as failed_today
       from (select incident_no, account_no, ends_at from desk_operators where incident_no = $1
             union all select distinct on (t.account_no) t.incident_no, t.account_no, null::timestamptz from desk_stops t
              where t.incident_no = $1 and t.released_at is null
                and not exists (select from desk_operators p where p.incident_no = $1 and p.account_no = t.account_no)) o
       join accounts a using (account_no)
       left join desk_stops s on s.account_no = o.account_no and s.released_at is null
      order by coalesce(o.ends_at <= $3, false), o.account_no`,
    [incident.incident_no, new Date(now.getTime() - 86_400_000), now],
  );
  const former = await db.query<{ account_no: number }>(
    `select a.account_no from accounts a
      where a.state <> 'disabled' and a.account_no <> all($1)
        and (select array_agg(r.role_key) from account_roles r where r.account_no = a.account_no) = array['desk-operator'] order by 1 limit 50`,
    [operators.map((one) => one.account_no)],
  );
  const [waiting] = await db.query<{ escalated: number; call_backs: number; open: number }>(
    `select (count(*) filter (where escalated_at is not null))::integer as escalated, (count(*) filter (where call_back_at is not null))::integer as call_backs,
            (count(*) filter (where state = 'open'))::integer as open
       from desk_cases where incident_no = $1`,
    [incident.incident_no],
  );
  const inForce = [];
  for (const paper of papers) {
    const found = await paperInForce(context, incident.incident_no, paper, "handle-incidents");
    if (found !== null) inForce.push({ paper, version: found.version, approvedAt: found.approvedAt, approvedBy: found.approvedBy });
  }
  const days = await countByDay(context, incident.incident_no);
  const persons = ground.judgement.persons?.atMost ?? null;
  const size = staffing(persons ?? 0, presetStaffing);
  noteDesk(context, { incident_no: incident.incident_no, is_drill: incident.is_drill });
  return {
    state: desk === undefined ? "none" : desk.closed_at === null ? "open" : "closed",
    openedAt: desk?.opened_at.toISOString() ?? null,
    closedAt: desk?.closed_at?.toISOString() ?? null,
    facts: { name: textOf("name"), phone: textOf("phone"), mail: textOf("mail"), hours: textOf("hours"), page: textOf("page") },
    operators: operators.map((row): Draft<DeskOperator> => ({
      accountNo: row.account_no,
      endsAt: row.ends_at?.toISOString() ?? null,
      isEnrolled: row.state === "active",
      isOver: row.ends_at !== null && row.ends_at <= now,
      stop: row.because === null || row.stopped_at === null ? null : { because: row.because, at: row.stopped_at.toISOString(), found: row.found ?? 0 },
      cases: row.cases,
      failedToday: row.failed_today,
    })),
    former: former.map((row) => row.account_no),
    policy: await deskPolicyOf(context),
    papers: inForce,
    counts: { ...totalOf(days), days: [...days], statedAt: desk?.counted_at?.toISOString() ?? null },
    waiting: { escalated: waiting?.escalated ?? 0, callBacks: waiting?.call_backs ?? 0, open: waiting?.open ?? 0 },
    staffing: { persons, calls: size.calls, peakCalls: size.peakCalls, agents: size.agents, staff: size.staff },
    isScopeVerified: ground.scope?.isVerified === true,
  };
}

/** What was typed of facts, which may be those of an incident before: by number of the version. */
async function textsOf(context: Context, factNos: readonly number[]): Promise<ReadonlyMap<number, Handle>> {
  const rows = await context.db.query<{ incident_no: number; numbers: number[] }>(
    "select incident_no, array_agg(fact_no) as numbers from incident_facts where fact_no = any($1) group by 1",
    [factNos],
  );
  const texts = new Map<number, Handle>();
  for (const { incident_no: incidentNo, numbers } of rows) {
    for (const [factNo, text] of await factTexts(context, incidentNo, numbers)) texts.set(factNo, text);
  }
  return texts;
}
