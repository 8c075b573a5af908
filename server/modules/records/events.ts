import { declareEvents } from "#server/core/ledger/index.ts";

export const events = declareEvents({
  "ledger.read": { description: "The ledger was read; facts: what was asked for, as numbers, types and times" },
  "ledger.own-read": { description: "A member of staff read the own events" },
  "ledger.checkpoint-shown": { description: "The last checkpoint and the last verification were shown" },
  "ledger.exported": { description: "The ledger left as a file with its proofs; facts: `treeSize`, `withEntries`, `from`, `to`" },
  "person.seen-stated": { description: "Who saw a person was stated, signed, for that person; facts: `events`, `from`, `to`, `treeSize`" },
  "ledger.not-seen-stated": {
    description: "That an account did not see given people was stated, or refused; facts: `accountNo`, `people`, `from`, `to`, `seen`, `statement` (hash)",
  },
  "ledger.verifier-taken": { description: "The one-file verifier was downloaded; facts: `sha256`" },
  "ledger.verifier-shown": { description: "The hash of the one-file verifier and the ledger's keys were shown" },
  "ledger.verified": { description: "The ledger was verified and the rows swept; facts: what it came to, `alarm` when something was found" },
  "rows.baselined": {
    description:
      "Rows that were made before their kind carried hashes in the ledger were hashed as they stood, once; what became of them before is proved by nothing; facts: `kind`, `rows`, `lowest`, `highest` (numbers)",
  },
  "ledger.counted": { description: "Events were counted over a time for a filter; facts as of `ledger.read`" },
  "ledger.replayed": { description: "What an account did over a time, or what happened around an event, was shown; facts: `accountNo`, `from`, `to`, `shown`" },
  "ledger.own-replayed": { description: "A member of staff read the own events as a story; facts as of `ledger.replayed`" },
  "ledger.event-viewed": { description: "Whom an event showed was looked at; facts: `eventNo`" },
  "ledger.own-event-viewed": { description: "A member of staff looked at whom an own event showed; facts: `eventNo`" },
  "ledger.questions-listed": { description: "Kept questions to the ledger were listed" },
  "ledger.question-kept": { description: "A question to the ledger was kept; facts: `question`, `isShared`" },
  "ledger.question-removed": { description: "A question to the ledger was removed; facts: `question`" },
  "ledger.lines-downloaded": { description: "The filtered ledger left as a file of lines; facts as of `ledger.read`, `lines`" },
});
