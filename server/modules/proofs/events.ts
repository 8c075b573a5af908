import { declareEvents } from "#server/core/ledger/index.ts";

export const events = declareEvents({
  "ledger.log-token-made": {
    description:
      "A token by which a monitor reads checkpoints, hashes and consistency proofs was made, and the privacy officer is told (`approval.decided`, with `tokenNo`); facts: tokenNo, requestNo",
  },
  "ledger.log-token-withdrawn": { description: "A log token does not work any more; facts: tokenNo" },
  "ledger.log-tokens-shown": { description: "Log tokens were listed; recorded where their names were shown" },
  "ledger.log-monitored": {
    description:
      "Checkpoints, hashes or proofs were read by a log token for the first time in an hour, or it was refused because it had been withdrawn; facts: tokenNo, hour",
  },
  "ledger.log-read": {
    description: "A checkpoint, hashes of the tree or the epochs were read; recorded only where a value of a person was released, that is never",
  },
  "ledger.entries-read": { description: "Headers of events were read as an entry bundle; facts: from, count" },
  "ledger.proved": { description: "A proof of inclusion or consistency was made; never recorded by itself" },
  "ledger.outlets-shown": { description: "Witnesses and other places of checkpoints were shown; never recorded by itself" },
  "ledger.timestamps-shown": { description: "Time stamps were shown; never recorded by itself" },
  "ledger.outlet-added": {
    description:
      "A witness or another place for checkpoints or events was added; facts: outletNo, kind, name (of a witness's key), since (of a place for events)",
  },
  "ledger.outlet-requested": {
    description:
      "A place that would be given files or events was asked for, and waits for the privacy officer's consent (`approval.decided`, with `outletNo`); facts: outletNo, kind, since, requestNo",
  },
  "ledger.outlet-ended": { description: "Nothing is sent to a place any more; facts: outletNo, kind, name" },
  "ledger.push-failed": {
    description: "A checkpoint or events did not arrive at a place, for the first time since it last did; facts: outletNo, kind, problem, treeSize",
  },
  "ledger.push-resumed": { description: "Checkpoints or events arrive at a place again; facts: outletNo, kind, treeSize" },
  "ledger.witness-refused": {
    description:
      "A witness saw another tree than this one: events were removed, changed or put back; facts: outletNo, name, problem, treeSize, seen (its size), `alarm`",
  },
  "ledger.timestamped": {
    description:
      "A time stamp (RFC 3161) over a checkpoint was stored; facts: outletNo, treeSize, at, clockOff (seconds by which our clock is ahead), `alarm` when that is more than five minutes",
  },
});
