import { declareEvents } from "#server/core/ledger/index.ts";

export const events = declareEvents({
  "ledger.archived": {
    description:
      "Old months of the ledger went into a file, before their rows were taken away; facts: archiveNo, file, sha256, bytes, epoch, firstSequence, events, lowestEventNo, highestEventNo, firstAt, lastAt",
  },
  "ledger.archive-failed": {
    description:
      "Old months could not be put into a file, because something is not as it was signed or written; nothing was taken away; facts: what, eventNo, `alarm`",
  },
  "ledger.archives-shown": { description: "The files of old months were shown; never recorded by itself" },
  "ledger.archive-policy-changed": { description: "After how many months the ledger goes into files was changed; facts: afterMonths (null: never)" },
});
