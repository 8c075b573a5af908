/**
 * Exposure, both ways: who saw these records, and whom did these events show. Answers come from postings that are packed out of
 * the ledger and from the events that are not packed yet, so they are complete to the last committed event.
 *
 * Invariants, all in exposure.db.test.ts: every answer is that of a plain look at every event; what is packed step by step is,
 * byte for byte, what is packed anew from the ledger.
 */
export { createEventSet, intersectEvents, limitEvents, subtractEvents, uniteEvents, type EventSet } from "./event-set.ts";
export { exposuresOf, looksAt, type Exposure, type ExposuresOfOptions, type Look } from "./exposures-of.ts";
export type { FieldSet } from "./field-sets.ts";
export { findOfRecords } from "./find-of-records.ts";
export { eventTest, matchEvents, type EventFilter } from "./match-events.ts";
export { factsOf, groupsOf, type EventRow, type PackedKind } from "./pack-events.ts";
export { packSettled, rebuildExposure, startPacker, type Packer, type PackerOptions } from "./packer.ts";
export { peopleSeen } from "./people-seen.ts";
export type { PeopleSeen, PeopleSeenOptions } from "./people-tally.ts";
export { findPackedUpTo } from "./tail.ts";
