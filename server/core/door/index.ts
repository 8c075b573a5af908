/**
 * The door (扉): the one way by which a personal value leaves the storehouse.
 *
 * Invariants: only this room opens blobs (tests/architecture.test.ts); a use case holds handles and never a value; what a
 * built reply holds is what its event says (tests/sentinels); nothing is sent before its event is durable; a write's event
 * stands in the write's own transaction.
 */
export type { Context } from "./context.ts";
export type { Door, Guard } from "./door.ts";
export { CommittedRefusal } from "./committed-refusal.ts";
export { actAs, beginTransaction, contextOver, type OpenTransaction } from "./transaction.ts";
export type { Storehouse } from "./storehouse.ts";
export { buildReply } from "./build-reply.ts";
export { eventOfAct } from "./event-of-act.ts";
export { examineOrder } from "./examine-order.ts";
export { examineOwnWords, restWithout, wordsOf } from "./examine-own-words.ts";
export { examineSearch, planSealedSearch, planSearch, type SearchPlan } from "./examine-search.ts";
export { queryOver } from "./query-over.ts";
export { releasing, showsOf, type ReleasedRecord } from "./release.ts";
export { classNumber, classOfNumber } from "./class-numbers.ts";
export { releasedFields } from "./released-fields.ts";
export { reads, readsQuietly, writes, type Cookies, type Input, type Route } from "./route.ts";
export { rowHash, type HashedRow } from "./row-hash.ts";
export { resealed, sealChanges, tokensAfterMove, type SealedChange } from "./seal-changes.ts";
export { revealed, sealed, Sealed, SealedRecord, SealedText, type Draft, type Handle, type TextReader } from "./sealed-record.ts";
export { sealText } from "./seal-text.ts";
export { withSnapshot } from "./with-snapshot.ts";
