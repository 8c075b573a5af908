import type { Context, Draft, Input } from "#server/core/door/index.ts";
import { holdWaitingRequest } from "#server/modules/approvals/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { liftMeasure as endpoint } from "#shared/measures.ts";
import { Problem } from "#shared/problems.ts";
import { holdMeasures, measureFor, noteMeasure, stateAt, type MeasureRow } from "./measure-records.ts";
import { putInForce } from "./put-in-force.ts";

export async function liftMeasure(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  await liftMeasureAs(context, input.params.measureNo);
  return { kind: "lifted" };
}

/** @throws Problem not-found; conflict {reason: "measure-ended"}; not-permitted {reason: "not-held"} */
export async function liftMeasureAs(context: Context, measureNo: number): Promise<void> {
  const request = await holdRequestOf(context, measureNo);
  await holdMeasures(context);
  const row = await measureFor(context, measureNo);
  noteMeasure(context, row);
  const { state } = stateAt(row, context.now);
  if (state === "done" || state === "ended") {
    throw new Problem("conflict", { reason: "measure-ended" });
  }
  if (row.kind === "withdraw-lists" && !row.is_drill && !(await isHeld(context))) {
    throw new Problem("not-permitted", { reason: "not-held" });
  }
  await endMeasure(context, row, "lifted");
  await request?.close("withdrawn");
}

/** The request that waits for a second person; held before the measure itself, in the order in which a decision holds them. */
export async function holdRequestOf(context: Context, measureNo: number): ReturnType<typeof holdWaitingRequest> {
  const [row] = await context.db.query<{ request_no: number | null }>("select request_no from measures where measure_no = $1", [measureNo]);
  return row === undefined || row.request_no === null ? undefined : holdWaitingRequest(context, row.request_no);
}

/** What a hold withdrew stays withdrawn after it: lists are given back only while it lasts. */
async function isHeld({ db, now }: Context): Promise<boolean> {
  const [held] = await db.query<{ is_held: boolean }>("select exports_held_until > $1 as is_held from organisation", [now]);
  return held?.is_held === true;
}

/** Ends a measure in the transaction of the act; nothing of it is in force after it. */
export async function endMeasure(context: Context, row: MeasureRow, how: NonNullable<MeasureRow["ended_how"]>, at = context.now): Promise<void> {
  await context.db.query("update measures set ended_at = $2, ended_by = $3, ended_how = $4 where measure_no = $1", [
    row.measure_no,
    at,
    context.actor.accountNo,
    how,
  ]);
  await putInForce(context);
}
