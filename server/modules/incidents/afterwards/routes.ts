import { downloads, reads, readsQuietly, writes, type Route, type Storehouse } from "#server/core/door/index.ts";
import type { Tasks } from "#server/platform/jobs/index.ts";
import * as contract from "#shared/incident-afterwards.ts";
import { showCosts } from "./costs.ts";
import { listLessons, writeLesson } from "./lessons.ts";
import { addPrevention, carryOutPrevention, changePrevention, listOwnPreventions, listPreventions, provePrevention } from "./preventions.ts";
import { addRedress, changeRedress, listRedress } from "./redress.ts";
import { remindOwners, remindTask } from "./remind-owners.ts";
import { renderSummary } from "./render-summary.ts";
import { summariseIncident } from "./summary.ts";

/** `actTypes`: types of events that tell what was done about an incident. */
export function afterwardsRoutes(actTypes: readonly string[]): Route[] {
  return [
    readsQuietly(contract.listPreventions, "incident.preventions-listed", listPreventions),
    writes(contract.addPrevention, "incident.prevention-planned", addPrevention),
    writes(contract.changePrevention, "incident.prevention-changed", changePrevention),
    writes(contract.provePrevention, "incident.prevention-proven", provePrevention),
    readsQuietly(contract.listOwnPreventions, "incident.own-preventions-listed", listOwnPreventions),
    writes(contract.carryOutPrevention, "incident.prevention-carried-out", carryOutPrevention),
    reads(contract.listRedress, "incident.redress-listed", listRedress),
    writes(contract.addRedress, "incident.redress-added", addRedress),
    writes(contract.changeRedress, "incident.redress-changed", changeRedress),
    readsQuietly(contract.showCosts, "incident.costs-viewed", showCosts),
    readsQuietly(contract.listLessons, "incident.lessons-listed", listLessons),
    writes(contract.writeLesson, "incident.lesson-written", writeLesson),
    downloads(contract.printSummary, "incident.summary-printed", (context, input) => summariseIncident(context, input, actTypes), renderSummary),
  ];
}

export function afterwardsTasks(storehouse: Storehouse): Tasks {
  return { [remindTask]: { everySeconds: 3_600, run: () => remindOwners(storehouse) } };
}
