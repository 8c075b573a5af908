import { downloads, reads, readsQuietly, writes, type Route } from "#server/core/door/index.ts";
import * as signals from "#shared/incident-signals.ts";
import * as contract from "#shared/incidents.ts";
import { dismissAlert, listAlertRules, listAlerts, setAlertRule } from "./alerts.ts";
import { changeIncident } from "./change-incident.ts";
import { addTask, changeTask, setTeam } from "./change-task.ts";
import { listFacts, listFactVersions, stateFact } from "./facts.ts";
import { listIncidents, openIncidents } from "./list-incidents.ts";
import { openDrill } from "./open-drill.ts";
import { openIncident } from "./open-incident.ts";
import { setPlaybook, showPlaybook } from "./playbook-records.ts";
import { printFacts } from "./print-facts.ts";
import { renderFacts } from "./render-facts.ts";
import { dismissReport, listReports, reportIncident } from "./reports.ts";
import { showIncident } from "./show-incident.ts";
import { noteOnIncident, showTimeline } from "./timeline.ts";

/** `actTypes`: types of events that tell what was done about an incident. */
export function caseRoutes(actTypes: readonly string[]): Route[] {
  return [
    readsQuietly(contract.openIncidents, "incidents.listed", openIncidents),
    readsQuietly(contract.listIncidents, "incidents.listed", listIncidents),
    writes(contract.openIncident, "incident.opened", openIncident),
    writes(contract.openDrill, "incident.opened", openDrill),
    readsQuietly(contract.showIncident, "incident.viewed", (context, input) => showIncident(context, input, actTypes)),
    writes(contract.changeIncident, "incident.changed", changeIncident),
    writes(contract.addIncidentTask, "incident.task-added", addTask),
    writes(contract.changeIncidentTask, "incident.task-changed", changeTask),
    writes(contract.setIncidentTeam, "incident.team-set", setTeam),
    readsQuietly(contract.listFacts, "incident.facts-viewed", listFacts),
    readsQuietly(contract.listFactVersions, "incident.facts-viewed", listFactVersions),
    downloads(contract.printFacts, "incident.facts-printed", (context, input) => printFacts(context, input, actTypes), renderFacts),
    writes(contract.stateFact, "incident.fact-stated", stateFact),
    readsQuietly(contract.incidentTimeline, "incident.timeline-viewed", (context, input) => showTimeline(context, input, actTypes)),
    writes(contract.noteOnIncident, "incident.noted", noteOnIncident),
    writes(signals.reportIncident, "incident.reported", reportIncident),
    readsQuietly(signals.listIncidentReports, "incident.reports-listed", listReports),
    writes(signals.dismissReport, "incident.report-dismissed", dismissReport),
    reads(signals.listIncidentAlerts, "incident.alerts-listed", listAlerts),
    writes(signals.dismissAlert, "incident.alert-dismissed", dismissAlert),
    readsQuietly(signals.listAlertRules, "incident.alerts-listed", listAlertRules),
    writes(signals.setAlertRule, "incident.alert-rule-set", setAlertRule),
    readsQuietly(contract.showPlaybook, "incident.playbook-viewed", showPlaybook),
    writes(contract.setPlaybook, "incident.playbook-set", setPlaybook),
  ];
}
