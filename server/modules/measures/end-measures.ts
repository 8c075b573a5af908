import { randomUUID } from "node:crypto";
import { actAs, type Storehouse } from "#server/core/door/index.ts";
import { endMeasure, holdRequestOf } from "./lift-measure.ts";
import { endingOf, holdMeasures, measureColumns, noteMeasure, stateAt, untilOf, type MeasureRow } from "./measure-records.ts";

/**
 * Writes down which measures have come to their end. They were in force no longer from that moment on, whether this runs or not;
 * each gets an event of its own.
 */
export async function endMeasures(storehouse: Storehouse): Promise<void> {
  const open = `select ${measureColumns} from measures where ended_at is null and began_at is not null order by measure_no`;
  const { rows } = await storehouse.pool.query<MeasureRow>(open);
  const now = storehouse.clock();
  for (const { measure_no: measureNo } of rows.filter((row) => stateAt(row, now).state === "ended")) {
    await actAs(storehouse, "system", "measure.ended", randomUUID(), async (context) => {
      const request = await holdRequestOf(context, measureNo);
      await holdMeasures(context);
      const [row] = await context.db.query<MeasureRow>(`select ${measureColumns} from measures where measure_no = $1 and ended_at is null for update`, [
        measureNo,
      ]);
      if (row === undefined) {
        return;
      }
      const how = endingOf(row);
      noteMeasure(context, row);
      context.journal.fact("how", how);
      await endMeasure(context, row, how, untilOf(row) ?? context.now);
      await request?.close("expired");
    });
  }
}
