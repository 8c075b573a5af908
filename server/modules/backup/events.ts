import { declareEvents } from "#server/core/ledger/index.ts";

export const events = declareEvents({
  "backup.started": { description: "A backup of the data was begun" },
  "backup.written": {
    description: "A backup of the data was written: file, size, the ledger's checkpoint in it and how many files of old months belong to it",
  },
  "backup.failed": { description: "A backup of the data could not be finished" },
  "backup.restored": { description: "The storehouse was brought back from a backup, in a new epoch of the ledger" },
  "keys.copied": { description: "The keys were handed to the key file of every backup folder, sealed to the recovery key" },
  "keys.copy-failed": { description: "The key file of a backup folder could not be overwritten and may still hold older keys" },
  "search.rebuilt": { description: "Part of the blind index was built anew" },
});
