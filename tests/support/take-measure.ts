import { randomUUID } from "node:crypto";
import { actAs, type Storehouse } from "#server/core/door/index.ts";
import { takeMeasureAs } from "#server/modules/measures/index.ts";
import type { MeasureKind } from "#shared/measures.ts";

/** Takes a measure over the whole service from the terminal; its number. */
export async function takeMeasure(storehouse: Storehouse, kind: MeasureKind): Promise<number> {
  const { measureNo } = (await actAs(storehouse, "console", "measure.taken", randomUUID(), (context) =>
    takeMeasureAs(context, {
      kind,
      target: "service",
      accountNo: null,
      roleKey: null,
      departmentNo: null,
      reason: "点検",
      incidentNo: null,
      isDrill: false,
      hours: null,
      waits: false,
      message: null,
    }),
  )) as { measureNo: number };
  return measureNo;
}
