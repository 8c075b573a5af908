import { declareEvents } from "#server/core/ledger/index.ts";

export const matchEvents = declareEvents({
  "incident.people-matched": {
    description:
      "A list written by hand was matched with customers; what was opened for it was compared and forgotten; facts: `incidentNo`, `matchNo`, `rows`, `examined`, `sure`, `ambiguous`, `none`",
  },
  "incident.matches-listed": { description: "Lists matched for an incident were listed; facts: `incidentNo`" },
  "incident.match-rows-listed": { description: "Rows of a matched list were shown with whom they may mean; facts: `incidentNo`, `matchNo`" },
  "incident.match-settled": { description: "Somebody said whom rows of a matched list mean; facts: `incidentNo`, `matchNo`, `rows`" },
  "incident.matched-people-listed": { description: "The customers that a matched list means were listed by number; facts: `incidentNo`, `matchNo`" },
});
