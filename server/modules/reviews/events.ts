import { declareEvents } from "#server/core/ledger/index.ts";

export const events = declareEvents({
  "customer.readers-viewed": { description: "Who can see a customer, and why, was looked up; fact: `readers`." },
  "review.opened": { description: "A review of who may see what was opened; facts: `reviewNo`, `days`." },
  "review.gathered": { description: "What every account reaches and used was gathered for a review; facts: `reviewNo`, `accounts`, `gatheredPolicyVersion`." },
  "review.decided": {
    description:
      "Accounts of a review were decided about; facts: `reviewNo`, `decision`, `accounts`, `takes` (roles, or the account itself); `byAdministrator` of the only privacy officer, `ownAccount` where nobody else could.",
  },
  "review.signed": {
    description: "A review was signed off; facts: `reviewNo`, `hash` (SHA-256 of the whole), `accounts`, `takenAway`, `notCarriedOut`, `nextDueOn`.",
  },
  "review.viewed": { description: "A review was looked at; fact: `reviewNo`." },
  "review.printed": { description: "A review left as PDF, with the names of staff; fact: `reviewNo`." },
  "reviews.listed": { description: "Reviews were listed." },
  "review.takings-listed": { description: "What was decided to be taken away and still stands was listed." },
});
