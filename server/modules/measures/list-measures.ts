import { hasVerb } from "#server/core/access/compile.ts";
import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { changeMeasurePolicy, listMeasures as endpoint } from "#shared/measures.ts";
import { measureColumns, reasonOf, stateAt, untilOf, type MeasureRow } from "./measure-records.ts";

const most = 100;
type Reply = ReplyOf<typeof endpoint>;

export async function listMeasures(context: Context, input: Input<typeof endpoint>): Promise<Draft<Reply>> {
  const rows = await context.db.query<MeasureRow>(
    `select ${measureColumns} from measures where $1::integer is null or incident_no = $1 or (ended_at is null and not is_drill)
      order by ended_at is not null, measure_no desc limit $2`,
    [input.query.incidentNo ?? null, most],
  );
  const [policy] = await context.db.query<{ most: number }>("select most_frozen_alone as most from organisation");
  return { measures: rows.map((row) => shownMeasure(context, row)), mostFrozenAlone: policy?.most ?? 0 };
}

function shownMeasure({ now, actor }: Context, row: MeasureRow): Draft<Reply["measures"][number]> {
  const { state, how } = stateAt(row, now);
  return {
    measureNo: row.measure_no,
    kind: row.kind,
    target: row.target,
    accountNo: row.account_no,
    roleKey: row.role_key,
    departmentNo: row.department_no,
    incidentNo: row.incident_no,
    isDrill: row.is_drill,
    state,
    reason: reasonOf(row),
    takenBy: row.taken_by,
    takenAt: row.taken_at.toISOString(),
    endsAt: row.ends_at?.toISOString() ?? null,
    confirmBy: row.confirmed_at === null ? (row.confirm_by?.toISOString() ?? null) : null,
    requestNo: row.request_no,
    confirmedBy: row.confirmed_by,
    confirmedAt: row.confirmed_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? (state === "ended" ? (untilOf(row)?.toISOString() ?? null) : null),
    endedBy: row.ended_by,
    endedHow: how,
    accounts: row.accounts_meant,
    sessionsCut: row.sessions_cut,
    mayLift: state !== "ended" && state !== "done" && hasVerb(actor.rights, "take-measures"),
  };
}

export async function changePolicy(context: Context, input: Input<typeof changeMeasurePolicy>): Promise<Draft<ReplyOf<typeof changeMeasurePolicy>>> {
  const { mostFrozenAlone } = input.body;
  await context.db.query("update organisation set most_frozen_alone = $1", [mostFrozenAlone]);
  context.journal.fact("mostFrozenAlone", mostFrozenAlone);
  return { mostFrozenAlone };
}
