import { randomUUID } from "node:crypto";
import { actAs, type Context, type Input, type Storehouse } from "#server/core/door/index.ts";
import { findOpenIncident, stateFacts } from "#server/modules/incidents/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { stateDeskCounts as endpoint } from "#shared/desk.ts";
import { Problem } from "#shared/problems.ts";
import { findDesk, noteDesk } from "./desk-records.ts";

export interface DayCount {
  readonly day: string;
  readonly inquiries: number;
  readonly harm: number;
}

/** Cases, and cases with harm, by the day in Japan on which they came. */
export async function countByDay({ db }: Pick<Context, "db">, incidentNo: number): Promise<DayCount[]> {
  return db.query<DayCount & object>(
    `select (opened_at at time zone 'Asia/Tokyo')::date::text as day, count(*)::integer as inquiries, (count(*) filter (where has_harm))::integer as harm
       from desk_cases where incident_no = $1 group by 1 order by 1`,
    [incidentNo],
  );
}

export function totalOf(days: readonly DayCount[]): { inquiries: number; harm: number } {
  return { inquiries: days.reduce((sum, one) => sum + one.inquiries, 0), harm: days.reduce((sum, one) => sum + one.harm, 0) };
}

/** The source of the facts: where they come from, and day by day. Numbers alone. */
export function sourceOf(days: readonly DayCount[]): string {
  const told = days.slice(-14).map(({ day, inquiries, harm }) => `${Number(day.slice(5, 7))}/${Number(day.slice(8))} ${inquiries}件(被害${harm}件)`);
  return `窓口の記録${told.length === 0 ? "" : `。日別: ${told.join("、")}`}`;
}

/** States the counts as facts of the incident, where they are others than those that were stated last. */
export async function stateCounts(context: Context, incidentNo: number, isForced: boolean): Promise<{ inquiries: number; harm: number } | undefined> {
  const { db, now, journal } = context;
  const desk = await findDesk(context, incidentNo);
  if (desk === undefined) throw new Problem("not-found");
  await findOpenIncident(context, incidentNo);
  const days = await countByDay(context, incidentNo);
  const total = totalOf(days);
  const isSame = desk.counted?.inquiries === total.inquiries && desk.counted.harm === total.harm;
  if (isSame && !isForced) return undefined;
  const source = sourceOf(days);
  await stateFacts(context, incidentNo, [
    { key: "inquiries.total", value: String(total.inquiries), certainty: "confirmed", source },
    { key: "inquiries.harm", value: String(total.harm), certainty: "confirmed", source },
  ]);
  await db.query("update desks set counted = $2, counted_at = $3 where incident_no = $1", [incidentNo, JSON.stringify(total), now]);
  noteDesk(context, desk);
  journal.fact("inquiries", total.inquiries);
  journal.fact("harm", total.harm);
  return total;
}

/** @throws Problem not-found, conflict {reason: "incident-closed"} */
export async function stateDeskCounts(context: Context, { params }: Input<typeof endpoint>): Promise<ReplyOf<typeof endpoint>> {
  return (await stateCounts(context, params.incidentNo, true)) ?? { inquiries: 0, harm: 0 };
}

/** What changed since flows into the facts by itself, so that a draft made in the meantime has it. */
export async function countOpenDesks(storehouse: Storehouse): Promise<void> {
  const { rows } = await storehouse.pool.query<{ incident_no: number }>(
    `select d.incident_no from desks d join incidents i using (incident_no)
      where i.closed_at is null and d.closed_at is null
        and (coalesce((d.counted->>'inquiries')::integer, 0), coalesce((d.counted->>'harm')::integer, 0))
            <> (select count(*), count(*) filter (where has_harm) from desk_cases c where c.incident_no = d.incident_no)`,
  );
  for (const { incident_no: incidentNo } of rows) {
    await actAs(storehouse, "system", "desk.counted", randomUUID(), (context) => stateCounts(context, incidentNo, false));
  }
}
