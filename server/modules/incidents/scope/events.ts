import { declareEvents } from "#server/core/ledger/index.ts";

/** What was asked of a scope. Facts: `incidentNo` (absent from the command line), `runNo`; numbers and codes alone. */
export const scopeEvents = declareEvents({
  "incident.scoped": {
    description:
      "The people of an incident were worked out of causes; facts: `causes`, `asOfEvent`, `confirmed`, `possible`, `excluded`, `hash` (SHA-256 over the sorted tiers), `treeSize`.",
  },
  "incident.scope-verified": {
    description: "The ledger under a scope was verified and looked through anew, event by event; facts: `holds`, `events`, `findings`, `hash`.",
  },
  "incident.scope-viewed": { description: "The figures of a scope, or of the runs of an incident, were shown." },
  "incident.scope-people-listed": { description: "People of a tier were listed; facts: `tier`, `people`." },
  "incident.scope-person-viewed": { description: "The events that put a person into a scope were shown." },
  "incident.scope-moved": {
    description:
      "People were moved to another tier by hand, with a reason; facts: `tier`, `people`; `outOfNotices`: how many of them a notice that was begun does not go to any more.",
  },
  "incident.scopes-compared": { description: "Two runs of a scope were compared; facts: `otherRunNo`, `changed`." },
  "incident.sign-ins-listed": {
    description: "The last sign-ins of an account were shown, to name a session or a device as a cause; facts: `accountNo`, `signIns`.",
  },
  "ledger.packing-proved": {
    description:
      "Everything packed out of the ledger up to an event was verified and packed anew; facts: `upTo`, `ranges`, `hash` of the book that says what must stand there.",
  },
  "ledger.packing-not-proved": { description: "The ledger did not verify while it was being proved; facts: `findings`, `found`." },
  "incident.causes-listed": { description: "The kinds of causes were shown." },
});
