/**
 * Reach: 「もし盗まれたら」, how many people could be read if an account, a role or a device were stolen now.
 *
 * Invariants: a figure is the number of people whom the door would show, and no more (reach.db.test.ts); it holds numbers and codes
 * alone, opens nothing, and changes no right.
 */
import { readsQuietly, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as contract from "#shared/reach.ts";
import { countEverySeconds, countReach, countTask } from "./count-reach.ts";
import { askForCount, showLargest, showReach } from "./show-reach.ts";

export { events } from "./events.ts";

export function reachRoutes(): Route[] {
  return [
    readsQuietly(contract.showReach, "reach.viewed", showReach),
    readsQuietly(contract.largestReach, "reach.viewed", showLargest),
    writes(contract.countReach, "reach.count-asked", askForCount),
  ];
}

export function reachTasks(storehouse: Storehouse): Tasks {
  return { [countTask]: { everySeconds: countEverySeconds, run: (job) => countReach(storehouse, job) } };
}
