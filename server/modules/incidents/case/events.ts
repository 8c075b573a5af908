import { declareEvents } from "#server/core/ledger/index.ts";

export const caseEvents = declareEvents({
  "incidents.listed": { description: "Incidents were listed." },
  "incident.viewed": { description: "An incident was looked at; fact: `incidentNo`." },
  "incident.opened": {
    description:
      "An incident or drill was opened; facts: `incidentNo`, `isDrill`, `playbook`, `knownAt`, `cause`, and `reportNo` or `alertNo` that it was opened from.",
  },
  "incident.changed": { description: "The head of an incident was corrected; facts: `incidentNo`, `knownAt`, `formerKnownAt`, `hash` of the new sentence." },
  "incident.moved": { description: "An incident moved to another phase; facts: `incidentNo`, `phase`, `formerPhase`." },
  "incident.closed": { description: "An incident was closed; fact: `incidentNo`." },
  "incident.reopened": { description: "A closed incident was opened again; fact: `incidentNo`." },
  "incident.task-added": { description: "A task was added to an incident; facts: `incidentNo`, `taskNo`, `phase`." },
  "incident.task-changed": {
    description:
      "A task of an incident was ticked, skipped, given to somebody or noted on; facts: `incidentNo`, `taskNo`, `task`, `state`, `assignedTo`, `hash` of the note.",
  },
  "incident.team-set": { description: "Who takes a part in the team was set; facts: `incidentNo`, `role`, `accounts`." },
  "incident.facts-viewed": { description: "The facts of an incident were looked at; facts: `incidentNo`, `fact` where the versions of one." },
  "incident.facts-printed": { description: "Facts, timeline and tasks of an incident left as a file; facts: `incidentNo`, `facts`, `happenings`, `tasks`." },
  "incident.fact-stated": {
    description:
      "A fact was stated; facts: `incidentNo`, `factNo`, `fact`, `certainty`, `value` where it is a code, a day or a number, `hash` of what was typed.",
  },
  "incident.timeline-viewed": { description: "What happened in an incident was looked at; fact: `incidentNo`." },
  "incident.noted": { description: "Somebody noted what happened; facts: `incidentNo`, `noteNo`, `happenedAt`, `hash`." },
  "incident.reported": { description: "Somebody reported a possible leak without signing in; fact: `reportNo`." },
  "incident.reports-listed": { description: "Reports of colleagues were listed." },
  "incident.report-dismissed": { description: "A report was put away; fact: `reportNo`." },
  "incident.alert-raised": { description: "A threshold was exceeded; facts: `alertNo`, `rule`, `accountNo`, `found`, `threshold`." },
  "incident.alert-grew": { description: "More was found of an alert that waits; facts: `rule`, `accountNo`, `found`, `threshold`." },
  "incident.alerts-listed": { description: "Alerts were listed." },
  "incident.alert-dismissed": { description: "An alert was put away; facts: `alertNo`, `rule`." },
  "incident.alert-rule-set": { description: "A threshold was changed; facts: `rule`, `isOn`, `threshold`, `fromHour`, `toHour`." },
  "incident.playbook-viewed": { description: "A playbook was looked at." },
  "incident.playbook-set": { description: "A playbook was changed; facts: `playbook`, `tasks`." },
});
