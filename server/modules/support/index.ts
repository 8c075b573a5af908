/**
 * Support: the guided first hour, and a file for whoever helps.
 *
 * Invariants: a step of the first hour is done when the ledger or the data says so, not when somebody ticked it
 * (first-hour.db.test.ts); the support file holds no personal value, no secret and no place (tests/sentinels/support-bundle.db.test.ts).
 */
import { downloads, exempt, readsQuietly, writes, type Route } from "#server/core/door/index.ts";
import * as contract from "#shared/support.ts";
import { dismissFirstHour, showFirstHour } from "./first-hour.ts";
import { gatherReport } from "./gather-report.ts";
import { renderBundle } from "./render-bundle.ts";

export { events } from "./events.ts";
export { gatherReport, type SupportReport } from "./gather-report.ts";
export { renderBundle } from "./render-bundle.ts";

export function supportRoutes(product: { readonly version: string }): Route[] {
  return [
    readsQuietly(contract.showFirstHour, "first-hour.shown", (context) => showFirstHour(context)),
    writes(contract.dismissFirstHour, "first-hour.dismissed", dismissFirstHour),
    exempt(
      downloads(contract.downloadSupportBundle, "support.bundle-made", (context) => gatherReport(context, product), renderBundle),
      "exports-held",
    ),
  ];
}
