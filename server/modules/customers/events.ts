import { declareEvents } from "#server/core/ledger/index.ts";

export const events = declareEvents({
  "customers.listed": { description: "A list of customers was opened or a page of it shown" },
  "customer.viewed": { description: "One customer was shown" },
  "customer.revealed": { description: "Masked values of a customer were revealed for a purpose" },
  "customer.created": { description: "A customer was created" },
  "customer.changed": { description: "A customer's values, owner or department were changed" },
  "customer.trashed": { description: "A customer was moved to the trash" },
  "customer.erased": { description: "A person was erased: rows, tokens and, after it, the key" },
  "customer.restored": { description: "A customer was taken out of the trash" },
  "customer.history-viewed": { description: "The edits of a customer were shown" },
  "customer.exposures-viewed": { description: "Who saw a customer was shown" },
  "customer.resealed": { description: "Customers' values were moved to the classes of their fields; none was changed" },
  "companies.listed": { description: "Companies were listed or searched" },
  "company.viewed": { description: "One company was shown" },
  "company.created": { description: "A company was created" },
  "company.resealed": { description: "Companies' values were moved to the classes of their fields; none was changed" },
  "field.reclassed": { description: "A field was classed anew; facts: `field` (its full new state), `newPolicyVersion`" },
  "field.settled": { description: "All values of a field stand in its class; facts: `field` (its full new state), `newPolicyVersion`" },
  "fields.listed": { description: "The fields were listed" },
});
