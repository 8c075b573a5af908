import { declareEvents } from "#server/core/ledger/index.ts";

export const draftEvents = declareEvents({
  "incident.judgement-viewed": { description: "Whether an incident must be reported, its terms or its estimates were shown; facts: `incidentNo`, `overall`" },
  "incident.drafts-listed": { description: "The papers of an incident were listed; facts: `incidentNo`" },
  "incident.drafted": {
    description:
      "Papers of an incident were saved in new versions; facts: `incidentNo`, `drafts` (`draftNo`, `paper`, `version`, `changed`, `hash`), `overall`, `runNo`",
  },
  "incident.passage-written": {
    description: "A passage of a paper was put into words of one's own; facts: `incidentNo`, `paper`, `key`, `passageNo`, `drafts`",
  },
  "incident.draft-viewed": { description: "A paper of an incident was shown; facts: `incidentNo`, `paper`, `version`" },
  "incident.draft-approval-asked": {
    description:
      "A version of a paper waits for a second person; facts: `incidentNo`, `draftNo`, `paper`, `version`, `hash`; `isBeforeVerification` where its figures are not verified yet",
  },
  "incident.paper-handed": {
    description:
      "An approved paper was handed over, as somebody noted; facts: `incidentNo`, `draftNo`, `paper`, `version`, `hash`, `handingNo`, `handedAt`, `way`, `textHash` of what was typed",
  },
  "incident.paper-handing-withdrawn": {
    description: "The note that a paper was handed over was a mistake; facts: `incidentNo`, `draftNo`, `paper`, `version`, `hash`, `handingNo`",
  },
  "incident.draft-downloaded": { description: "An approved paper left as a file; facts: `incidentNo`, `draftNo`, `paper`, `version`, `form`, `hash`" },
});
