/**
 * Incidents (事案): from the first word to the last report. Rooms: case (the case itself), scope (of whom something got out),
 * rights-of-then and match (what rights were, and lists written by hand), law (rules with dates), drafts (reports),
 * notices (what the people themselves are told) and afterwards (what follows: preventions, redress, lessons).
 *
 * Invariants: what people write of an incident stands sealed under its own key; facts are never overwritten, a new version
 * stands beside the old (case/); everything needs `handle-incidents`, but the form by which anybody reports one.
 */
import type { Route, Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import { events as measureEvents } from "#server/modules/measures/index.ts";
import { afterwardsRoutes, afterwardsTasks } from "./afterwards/routes.ts";
import { createWatch, watchAnew, watchAnewTask } from "./case/alerts.ts";
import { caseRoutes } from "./case/routes.ts";
import { draftRoutes } from "./drafts/routes.ts";
import { matchRoutes } from "./match/routes.ts";
import { consignorRoutes } from "./consignors/routes.ts";
import { noticeRoutes, noticeTasks } from "./notices/routes.ts";
import { events } from "./events.ts";
import { scopeRoutes, scopeTasks } from "./scope/routes.ts";
import type { ScopeHouse } from "./scope/run-scope.ts";

export { events } from "./events.ts";
export { openFromConsole } from "./case/open-from-console.ts";
export { raise as raiseAlert } from "./case/alerts.ts";
export { factTexts, statedFacts } from "./case/facts.ts";
export { hashOfText, sealIncidentText } from "./case/seal-incident-text.ts";
export { stateFacts } from "./case/state-facts.ts";
export { draftApproval } from "./drafts/draft-approval.ts";
export { gatherGround } from "./drafts/gather-ground.ts";
export { paperInForce, type PaperInForce } from "./drafts/paper-in-force.ts";
export { presetStaffing, staffing } from "./law/staffing.ts";
export { answerPerson, type PersonAnswer, type TierCache } from "./scope/answer-person.ts";
export { eraseRedress } from "./afterwards/redress.ts";
export { eraseMatched } from "./match/erase-matched.ts";
export { eraseNotified } from "./notices/erase-notified.ts";
export { packApproval } from "./consignors/make-pack.ts";
export { noticeApproval } from "./notices/notice-approval.ts";
export { findIncident, findOpenIncident, incidentColumns, noteIncident, type IncidentRow } from "./case/incident-records.ts";
export { proveLedger, runScopeFor, type ScopeHouse, verifyScope } from "./scope/index.ts";
export { movesOf, scopeColumns, standingIn, summaryOf, tiersOfScope, type ScopeRow } from "./scope/scope-records.ts";
export { isFull, personIn, waysOf } from "./scope/tiers.ts";

/** Acts on an incident: everything that is recorded about it but looking at it. */
const actTypes = [...Object.keys(events), ...Object.keys(measureEvents)].filter(
  (type) => /^(?:incident|measure)\./.test(type) && !/(?:viewed|listed|shown|compared|mails-released|mails-sent|ways-found)$/.test(type),
);

export function incidentRoutes(house: ScopeHouse & { readonly acts: readonly string[] }): Route[] {
  const acts = [...actTypes, ...house.acts];
  return [...afterwardsRoutes(acts), ...caseRoutes(acts), ...draftRoutes(), ...matchRoutes(), ...noticeRoutes(), ...consignorRoutes(), ...scopeRoutes(house)];
}

export function incidentTasks(storehouse: Storehouse, house: ScopeHouse): Tasks {
  return {
    ...afterwardsTasks(storehouse),
    "incidents.watch": { everySeconds: 60, run: createWatch(storehouse) },
    [watchAnewTask]: { run: () => watchAnew(storehouse) },
    ...noticeTasks(storehouse),
    ...scopeTasks(storehouse, house),
  };
}
