import { declareEvents } from "#server/core/ledger/index.ts";

export const events = declareEvents({
  "ledger.read": { description: "The ledger was read; facts: what was asked for, as numbers, types and times" },
  "ledger.own-read": { description: "A member of staff read the own events" },
  "ledger.checkpoint-shown": { description: "The last checkpoint and the last verification were shown" },
  "ledger.verified": { description: "The ledger was verified and the rows swept; facts: what it came to, `alarm` when something was found" },
});
