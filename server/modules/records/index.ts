/**
 * Records: reading the ledger, and proving it together with the rows that it speaks of.
 *
 * Invariants, all in records.db.test.ts: reading the ledger stands in the ledger; what was searched for is shown to its author
 * and to readers of the ledger who read personal values of all customers; a row changed, added, removed or exchanged around
 * the product is found and named.
 */
import { reads, readsQuietly, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as contract from "#shared/ledger.ts";
import { listEvents, listOwnEvents } from "./list-events.ts";
import { showCheckpoint } from "./show-checkpoint.ts";
import { verifyNow, verifyStorehouse } from "./verify-storehouse.ts";

export { events } from "./events.ts";
export { verifyStorehouse, type StorehouseVerification } from "./verify-storehouse.ts";

export function recordRoutes(): Route[] {
  return [
    reads(contract.listEvents, "ledger.read", listEvents),
    readsQuietly(contract.listOwnEvents, "ledger.own-read", listOwnEvents),
    readsQuietly(contract.showCheckpoint, "ledger.checkpoint-shown", (context) => showCheckpoint(context)),
    writes(contract.verifyLedgerNow, "ledger.verified", (context) => verifyNow(context)),
  ];
}

const daySeconds = 86_400;

export function recordTasks(storehouse: Storehouse): Tasks {
  return {
    "ledger.verify": {
      everySeconds: daySeconds,
      run: async ({ signal }) => {
        await verifyStorehouse(storehouse, "system", signal);
      },
    },
  };
}
