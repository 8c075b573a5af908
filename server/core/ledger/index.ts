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
export { scanWrites } from "./sections.ts";
export { parseHeader, type Header as EventHeader } from "./encode.ts";
export { decodeEntries, proveEntry, verifyEntry, type EntryProof } from "./entries.ts";
export { openLedger, type Ledger, type LedgerOptions } from "./ledger.ts";
export { findCurrentEpoch, registerNode, startEpoch, type Epoch, type StartEpochOptions } from "./epoch.ts";
export { startSequencer, type Sequencer, type SequencerOptions } from "./sequencer.ts";
export { verifyLedger, type Finding, type Verification, type VerifyOptions } from "./verify.ts";
export {
  archivedUpTo,
  archiveFacts,
  atOneMoment,
  CannotArchive,
  checkArchive,
  clearArchive,
  hashArchiveFile,
  insertArchive,
  isBound,
  listArchives,
  openArchivedEvents,
  planArchive,
  readStored,
  writeArchive,
  type Archive,
  type StoredEvent,
} from "./archive/index.ts";
export {
  countByFact,
  countStored,
  countUnsequenced,
  findCheckpoint,
  hasArchivedEvent,
  listEvents,
  sequenceOf,
  type ListEventsOptions,
  type RecordedEvent,
} from "./read.ts";
export { everyEvent } from "./every-event.ts";
export { latestRowHashes, type RowHashes } from "./row-hashes.ts";
export { createReleaseCounter, type CountReleased } from "./exposure.ts";
export { proveConsistencyIn, proveInclusionIn } from "./tiles/prove-tree.ts";
export { readEntryBundle, readTile } from "./tiles/read-tile.ts";
export { readHeaders, type PlacedHeader } from "./tiles/read-headers.ts";
export { formatTilePath, parseTilePath, tilesOf, type TileName } from "./tiles/tile-path.ts";
export { fillTiles, readHashes, rootOfTree } from "./tiles/tree-hashes.ts";
export { listEpochs } from "./tiles/list-epochs.ts";
export { cosign, formatWitnessKey, openCosignature, parseWitnessKey, splitNote } from "./tiles/cosignature.ts";
export { findCheckpointFrom, findNewest, findNewestCosigned, noteOf, type ServedCheckpoint } from "./tiles/served-checkpoint.ts";
export { formatVerifierKey, openNote, parseCheckpoint, parseVerifierKey } from "./signed-note.ts";
export { emptyRoot, hashLeaf, holdsConsistency, holdsInclusion } from "./merkle.ts";
export { signingKey } from "./ed25519.ts";
export {
  createEventSet,
  eventTest,
  exposuresOf,
  looksAt,
  factsOf,
  findOfRecords,
  groupsOf,
  intersectEvents,
  limitEvents,
  matchEvents,
  findPackedUpTo,
  packSettled,
  peopleSeen,
  rebuildExposure,
  startPacker,
  subtractEvents,
  uniteEvents,
  type EventFilter,
  type EventRow,
  type EventSet,
  type Exposure,
  type Look,
  type ExposuresOfOptions,
  type FieldSet,
  type PackedKind,
  type Packer,
  type PeopleSeen,
  type PeopleSeenOptions,
} from "./exposure/index.ts";
export { askApart } from "./exposure/copy-rows.ts";
export { endIdleThreads } from "./exposure/in-threads.ts";
export {
  bookFacts,
  checkLeaves,
  checkTypes,
  matchProvedEvents,
  openProvedThreads,
  proveFurther,
  provedPeopleSeen,
  provedType,
  readProved,
  type MatchProved,
  type NewBook,
  type ProvedLedger,
} from "./proving/index.ts";
