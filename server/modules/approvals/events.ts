import { declareEvents } from "#server/core/ledger/index.ts";

/** Two pairs of eyes. Facts: `requestNo`, `kind`, `persons`, and `decision` with `askedBy` where one was decided. */
export const events = declareEvents({
  "approval.decided": { description: "A second person approved or refused a request; what was approved was carried out with it." },
  "approval.withdrawn": { description: "A request was taken back by whoever asked." },
  "approval.expired": { description: "Requests that nobody judged in their term came to nothing." },
  "approvals.listed": { description: "Requests for approval were shown." },
});
