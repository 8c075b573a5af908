import { declareEvents } from "#server/core/ledger/index.ts";

export const consignorEvents = declareEvents({
  "incident.consignors-listed": { description: "The companies that entrusted people of an incident were listed; facts: `incidentNo`, `consignors`" },
  "incident.pack-made": {
    description:
      "What a company is told of its people was put together; facts: `incidentNo`, `packNo`, `companyNo`, `draftNo`, `runNo`, `confirmed`, `possible`, `hash`",
  },
  "incident.pack-approval-asked": { description: "A pack waits for a second person; facts: `incidentNo`, `packNo`, `companyNo`, `hash`" },
  "incident.pack-letter-drawn": { description: "The letter of a pack left as a file; facts: `incidentNo`, `packNo`, `companyNo`, `form`" },
  "incident.pack-list-drawn": {
    description: "The people of a pack left as an encrypted file; facts: `incidentNo`, `packNo`, `companyNo`, `people`, `leftOut`",
  },
  "incident.pack-password-shown": { description: "The password of a pack's list was shown; facts: `incidentNo`, `packNo`" },
  "incident.pack-sent": {
    description: "A pack was handed over to its company; facts: `incidentNo`, `packNo`, `companyNo`, `on`, `how`, `hash` of the receipt",
  },
});
