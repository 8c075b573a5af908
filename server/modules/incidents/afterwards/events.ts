import { declareEvents } from "#server/core/ledger/index.ts";

export const afterwardsEvents = declareEvents({
  "incident.preventions-listed": { description: "Preventions of an incident were listed; facts: `incidentNo`" },
  "incident.prevention-planned": { description: "A prevention was planned; facts: `incidentNo`, `preventionNo`, `ownerNo`, `dueOn`, `hash`" },
  "incident.prevention-changed": {
    description:
      "A prevention was corrected, sent back to its owner, or given up; facts: `incidentNo`, `preventionNo`, `state`, `ownerNo`, `dueOn`, `hash` of the words, `reasonHash`",
  },
  "incident.prevention-carried-out": { description: "A prevention was reported as carried out; facts: `incidentNo`, `preventionNo`, `hash` of the note" },
  "incident.prevention-proven": {
    description: "Somebody else stated that a prevention works; facts: `incidentNo`, `preventionNo`, `how`, `proofEvent`, `hash` of the evidence",
  },
  "incident.prevention-reminded": { description: "The owner of a prevention was reminded; facts: `incidentNo`, `preventionNo`, `ownerNo`, `daysLeft`" },
  "incident.own-preventions-listed": { description: "Somebody saw the preventions that are theirs to carry out; facts: `preventions`" },
  "incident.redress-listed": { description: "Compensation and follow-up of people were listed; facts: `incidentNo`, `people`" },
  "incident.redress-added": {
    description: "Something done for people, or a cost, was entered; facts: `incidentNo`, `kind`, `amount`, `state`, `added`, `known`, `left`, `tiers`",
  },
  "incident.redress-changed": {
    description: "Entries of compensation were carried on; facts: `incidentNo`, `changed`, `kind`, `formerState`, `state`, `amount`, `onDay`",
  },
  "incident.costs-viewed": { description: "What an incident cost so far was shown; facts: `incidentNo`" },
  "incident.lessons-listed": { description: "Lessons and disciplinary records of an incident were shown; facts: `incidentNo`" },
  "incident.lesson-written": {
    description:
      "A lesson or disciplinary record was written, in a new version; facts: `incidentNo`, `lessonNo`, `version`, `kind`, `accountNo`, `hash` (null: taken back)",
  },
  "incident.summary-printed": { description: "The one-page summary of an incident left as a file; facts: `incidentNo`, `runNo`" },
});
