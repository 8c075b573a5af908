import { reads, readsQuietly, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as contract from "#shared/bulk.ts";
import type { ViewCache } from "../view-cache.ts";
import type { HandOverHook } from "./carry-out.ts";
import { newestOperations, operationFor, operationOut } from "./operation-records.ts";
import { previewBulk } from "./preview-bulk.ts";
import { runBulk } from "./run-bulk.ts";
import { bulkTask, startBulk } from "./start-bulk.ts";
import { tidyBulk, tidyBulkTask } from "./tidy-bulk.ts";
import { runUndo, undoBulk, undoBulkTask } from "./undo-bulk.ts";

const mostListed = 50;

/** Many customers at once. */
export function bulkRoutes(cache: ViewCache, onHandOver: HandOverHook | undefined): Route[] {
  return [
    reads(contract.previewBulk, "customers.bulk-previewed", (context, input) => previewBulk(context, input, cache)),
    writes(contract.startBulk, "customers.bulk-started", (context, input) => startBulk(context, input, cache, onHandOver)),
    readsQuietly(contract.showBulk, "customers.bulk-viewed", async (context, input) =>
      operationOut(context, await operationFor(context, input.params.operationNo)),
    ),
    readsQuietly(contract.listBulk, "customers.bulk-viewed", async (context) => {
      const operations = [];
      for (const row of await newestOperations(context, mostListed)) {
        operations.push(await operationOut(context, row));
      }
      return { operations };
    }),
    writes(contract.undoBulk, "customers.bulk-undo-started", undoBulk),
  ];
}

/** A change of many customers stands still while nothing may be changed (応急措置). */
const heldBy = ["read-only", "stopped"];

export function bulkTasks(storehouse: Storehouse, onHandOver: HandOverHook | undefined): Tasks {
  return {
    [bulkTask]: { run: (job) => runBulk(storehouse, job, onHandOver), heldBy },
    [undoBulkTask]: { run: (job) => runUndo(storehouse, job, onHandOver), heldBy },
    [tidyBulkTask]: { run: (job) => tidyBulk(storehouse, job), everySeconds: 21_600 },
  };
}
