/**
 * Measures (応急措置): what is cut, frozen, held or shut when something goes wrong; decisions/0023.
 *
 * Invariants: a measure is in force on every node at the next request, without a question of its own, and ends by itself at its
 * time (measures.db.test.ts); under a stop, a hold or read-only every route but the exempt is refused, a file until the moment
 * it leaves (tests/measures-on-every-route.db.test.ts); nobody freezes themselves or the last privacy officer; what hurts most
 * falls back by itself unless a second person confirms it (measures.db.test.ts); each act, lifting and end has its event.
 */
import { exempt, reads, readsQuietly, watches, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as contract from "#shared/measures.ts";
import { endMeasures } from "./end-measures.ts";
import { changePolicy, listMeasures } from "./list-measures.ts";
import { liftMeasure } from "./lift-measure.ts";
import { previewMeasure } from "./preview-measure.ts";
import { showNotice } from "./show-notice.ts";
import { takeMeasure } from "./take-measure.ts";
import { demandFewStreams, showStanding, watchSession } from "./watch-session.ts";

export { events } from "./events.ts";
export { measureApproval } from "./measure-approval.ts";
export { liftMeasureAs } from "./lift-measure.ts";
export { measureColumns, stateAt, type MeasureRow } from "./measure-records.ts";
export { takeMeasureAs } from "./take-measure.ts";

export function measureRoutes(): Route[] {
  return [
    reads(contract.previewMeasure, "measure.previewed", previewMeasure),
    exempt(writes(contract.takeMeasure, "measure.taken", takeMeasure), "read-only"),
    exempt(writes(contract.liftMeasure, "measure.lifted", liftMeasure), "read-only"),
    exempt(writes(contract.changeMeasurePolicy, "measure-policy.changed", changePolicy), "read-only"),
    reads(contract.listMeasures, "measures.listed", listMeasures),
    exempt(readsQuietly(contract.showStanding, "session.watched", showStanding), "stopped"),
    exempt(watches(contract.watchSession, "session.watched", demandFewStreams, watchSession), "stopped"),
    exempt(readsQuietly(contract.showNotice, "service.notice-shown", showNotice), "stopped"),
  ];
}

export function measureTasks(storehouse: Storehouse): Tasks {
  return { "measures.end": { everySeconds: 20, run: () => endMeasures(storehouse) } };
}
