import { declareEvents } from "#server/core/ledger/index.ts";

/** `note` and `purchase` in the facts are numbers of rows; whom they are about stands among the touched records. */
export const events = declareEvents({
  "note.added": { description: "A contact with a customer or company was written down; facts: `note`, `kind`, `dueOn`, `responsible`" },
  "note.changed": { description: "A contact note was changed; its former text is sealed in the event" },
  "note.trashed": { description: "A contact note was moved to the trash" },
  "note.restored": { description: "A contact note was taken out of the trash" },
  "action.set": { description: "A next action was ticked on or off, put off or given to a colleague; facts: `note`, `done`, `dueOn`, `responsible`" },
  "actions.listed": { description: "One's own next actions were shown" },
  "actions.handed-over": { description: "Next actions were given to a colleague; facts: `from`, `to`, `actions`" },
  "home.changes-shown": { description: "How many of one's own customers others changed was shown" },
  "customer.timeline-viewed": { description: "The timeline of a customer was shown" },
  "company.timeline-viewed": { description: "The timeline of a company was shown" },
  "company.people-viewed": { description: "The people of a company were shown" },
  "purchases.listed": { description: "The purchases of a customer or of a company's people were shown" },
  "purchase.added": { description: "A purchase was added; facts: `purchase`" },
  "purchases.added": { description: "Purchases were added in bulk; facts: `purchases`" },
  "purchase.changed": { description: "A purchase was changed; what it said before is sealed in the event" },
  "purchase.trashed": { description: "A purchase was moved to the trash" },
  "purchase.restored": { description: "A purchase was taken out of the trash" },
});
