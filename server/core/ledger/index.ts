/**
 * The ledger (記録簿): what was seen, done and changed, recorded before it is released, provable afterwards.
 *
 * Invariants: an append resolves only when its event is durable and signed by the node (appender.db.test.ts); an event
 * stands in the tree exactly once, at a place that never changes (sequencer.db.test.ts); anything changed, removed, added
 * or reordered afterwards is found and named (verify.db.test.ts); nothing here is personal but what stands in sealed parts.
 */
export {
  declareEvents,
  joinEvents,
  ledgerKinds,
  type EventDeclaration,
  type EventDeclarations,
  type Fact,
  type LedgerEvent,
  type LedgerKind,
  type Outcome,
  type Principal,
  type Release,
  type ReleaseLevel,
  type SealedPart,
  type Write,
} from "./event.ts";
export type { Query } from "./query.ts";
export { proveEntry, verifyEntry, type EntryProof } from "./entries.ts";
export { openLedger, type Ledger, type LedgerOptions } from "./ledger.ts";
export { findCurrentEpoch, registerNode, startEpoch, type Epoch, type StartEpochOptions } from "./epoch.ts";
export { startSequencer, type Sequencer, type SequencerOptions } from "./sequencer.ts";
export { verifyLedger, type Finding, type Verification, type VerifyOptions } from "./verify.ts";
export { countByFact, countUnsequenced, findCheckpoint, listEvents, sequenceOf, type ListEventsOptions, type RecordedEvent } from "./read.ts";
export { latestRowHashes, type RowHashes } from "./row-hashes.ts";
export { createReleaseCounter, type CountReleased } from "./exposure.ts";
