import { declareEvents } from "#server/core/ledger/index.ts";

export const events = declareEvents({
  "reach.viewed": { description: "How many people each account, role or device could read was shown; facts: `kind`, `figures`" },
  "reach.count-asked": { description: "Somebody had the reach of everything counted anew" },
});
