import { declareEvents } from "#server/core/ledger/index.ts";

/** What leaves as a file. Facts: `listNo`, `persons`, `fields`; a download also `leftOut`. Who drew a list is read out of these. */
export const events = declareEvents({
  "list.created": { description: "A list to take out was made within the limit." },
  "list.asked-for": { description: "A list to take out waits for a second person's approval." },
  "list.downloaded": { description: "A list left as an encrypted file; the releases say exactly what stands in it." },
  "list.password-shown": { description: "The password of a list's file was shown to its owner." },
  "list.disposed": { description: "The owner confirmed that every copy of a list was disposed of." },
  "list.viewed": { description: "A list of the register was shown." },
  "lists.listed": { description: "The register of lists was shown." },
  "list-policy.changed": { description: "How many persons may be taken out without asking, or for how long, was changed." },
  "list-policy.viewed": { description: "The limit of taking out was shown." },
});
