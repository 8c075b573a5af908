import { declareEvents } from "#server/core/ledger/index.ts";

export const events = declareEvents({
  "duplicates.checked": { description: "Whoever may be the person being typed was looked for" },
  "duplicates.listed": { description: "Pairs that may be one were listed" },
  "duplicates.compared": { description: "Records were shown side by side" },
  "duplicates.searched": { description: "Rows were compared with others; facts: `examined`, `found`" },
  "duplicates.kept-apart": { description: "Two records were found to be not the same, or that was taken back; facts: `kind`, `state`" },
  "customer.merged": { description: "Customers were merged into one; facts: `winner`, `losers`, `mergeNo`, `fields`" },
  "customer.unmerged": { description: "A merge of customers was taken back; facts as of the merge" },
  "company.merged": { description: "Companies were merged into one; facts: `winner`, `losers`, `mergeNo`, `fields`" },
  "company.unmerged": { description: "A merge of companies was taken back; facts as of the merge" },
  "company.people-moved": { description: "People of merged companies were given the company that is kept, or their former one; fact: `mergeNo`" },
});
