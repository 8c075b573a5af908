import type { Context } from "#server/core/door/index.ts";
import type { ApprovalKind, ApprovalRequest } from "#server/modules/approvals/index.ts";
import { Problem } from "#shared/problems.ts";
import { endMeasure } from "./lift-measure.ts";
import { accountsMeant, refusalOf, type Act } from "./meant.ts";
import { endingOf, holdMeasures, measureColumns, measureFor, noteMeasure, stateAt, untilOf, type MeasureRow } from "./measure-records.ts";
import { putInForce } from "./put-in-force.ts";
import { beginMeasure } from "./take-measure.ts";

/** The second person's word on a measure. One that has ended does not come into force again by it. */
export const measureApproval: ApprovalKind = {
  kind: "measure",
  isForMeasures: true,
  // Nobody judges whether they themselves are frozen, and whoever is meant is not warned by the request.
  check: async (context, request) => {
    const [row] = await context.db.query<MeasureRow>(`select ${measureColumns} from measures where measure_no = $1`, [Number(request.facts["measureNo"])]);
    if (row?.kind === "freeze" && (await accountsMeant(context, actOf(row))).some((no) => no === context.actor.accountNo)) {
      throw new Problem("not-permitted");
    }
  },
  approved: async (context, request) => {
    const row = await measureOf(context, request);
    const { state } = stateAt(row, context.now);
    if (state === "ended") {
      throw new Problem("conflict", { reason: "measure-ended" });
    }
    await context.db.query("update measures set confirmed_by = $2, confirmed_at = $3 where measure_no = $1", [
      row.measure_no,
      context.actor.accountNo,
      context.now,
    ]);
    if (state === "waiting") {
      await begin(context, row);
    } else if (state === "provisional") {
      await putInForce(context);
    }
  },
  refused: async (context, request) => {
    const row = await measureOf(context, request);
    if (row.ended_at !== null) {
      return;
    }
    const isWithdrawn = context.actor.accountNo !== null && context.actor.accountNo === row.taken_by;
    const { state } = stateAt(row, context.now);
    await (state === "ended"
      ? endMeasure(context, row, endingOf(row), untilOf(row) ?? context.now)
      : endMeasure(context, row, isWithdrawn ? "withdrawn" : context.actor.accountNo === null ? "unconfirmed" : "refused"));
  },
};

async function measureOf(context: Context, request: ApprovalRequest): Promise<MeasureRow> {
  await holdMeasures(context);
  const row = await measureFor(context, Number(request.facts["measureNo"]));
  noteMeasure(context, row);
  return row;
}

function actOf(row: MeasureRow): Act {
  return { kind: row.kind, target: row.target, accountNo: row.account_no, roleKey: row.role_key, departmentNo: row.department_no };
}

async function begin(context: Context, row: MeasureRow): Promise<void> {
  const act = actOf(row);
  const meant = await accountsMeant(context, act);
  const refusal = await refusalOf(context, act, meant, false);
  if (refusal !== null) {
    throw new Problem("not-permitted", { reason: refusal });
  }
  const isCut = row.kind === "cut-sessions";
  await context.db.query(
    "update measures set began_at = $2, accounts_meant = $3, ended_at = case when $4 then $2::timestamptz end, ended_how = case when $4 then 'done' end where measure_no = $1",
    [row.measure_no, context.now, meant.length, isCut],
  );
  context.journal.fact("sessionsCut", await beginMeasure(context, row.measure_no, meant));
  for (const accountNo of meant) {
    context.journal.touched("account", accountNo);
  }
}
