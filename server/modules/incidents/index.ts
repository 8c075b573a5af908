/**
 * Incidents (事案): from the first word to the last report. Rooms: case (the case itself), scope (of whom something got out),
 * rights-of-then and match (what rights were, and lists written by hand), law (rules with dates) and drafts (reports).
 *
 * Invariants: what people write of an incident stands sealed under its own key; facts are never overwritten, a new version
 * stands beside the old (case/); everything needs `handle-incidents`, but the form by which anybody reports one.
 */
import type { Route, Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import { events as measureEvents } from "#server/modules/measures/index.ts";
import { createWatch, watchAnew, watchAnewTask } from "./case/alerts.ts";
import { caseRoutes } from "./case/routes.ts";
import { draftRoutes } from "./drafts/routes.ts";
import { matchRoutes } from "./match/routes.ts";
import { followRightsTask } from "./rights-of-then/follow-rights-task.ts";
import { events } from "./events.ts";
import { scopeRoutes, scopeTasks } from "./scope/routes.ts";
import type { ScopeHouse } from "./scope/run-scope.ts";

export { followRights } from "./rights-of-then/follow-rights.ts";
export { events } from "./events.ts";
export { openFromConsole } from "./case/open-from-console.ts";
export { draftApproval } from "./drafts/draft-approval.ts";
export { eraseMatched } from "./match/erase-matched.ts";
export { runScopeFor, type ScopeHouse, verifyScope } from "./scope/index.ts";

/** Acts on an incident: everything that is recorded about it but looking at it. */
const actTypes = [...Object.keys(events), ...Object.keys(measureEvents)].filter(
  (type) => /^(?:incident|measure)\./.test(type) && !/(?:viewed|listed|shown|compared)$/.test(type),
);

export function incidentRoutes(house: ScopeHouse): Route[] {
  return [...caseRoutes(actTypes), ...draftRoutes(), ...matchRoutes(), ...scopeRoutes(house)];
}

export function incidentTasks(storehouse: Storehouse, house: ScopeHouse): Tasks {
  return {
    ...followRightsTask(storehouse),
    "incidents.watch": { everySeconds: 60, run: createWatch(storehouse) },
    [watchAnewTask]: { run: () => watchAnew(storehouse) },
    ...scopeTasks(storehouse, house),
  };
}
