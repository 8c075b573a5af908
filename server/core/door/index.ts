/**
 * The door (扉): the one way by which a personal value leaves the storehouse.
 *
 * Invariants: only this room opens blobs (tests/architecture.test.ts); a use case holds handles and never a value; what a
 * built reply holds is what its event says (tests/sentinels); nothing is sent before its event is durable; a write's event
 * stands in the write's own transaction.
 */
export type { Context } from "./context.ts";
export type { Cause, CauseAnswer, CauseAsked, Erasure, EventQuestion, HeldKind, Hold } from "./declarations.ts";
export type { Door, Guard } from "./door.ts";
export { CommittedRefusal } from "./committed-refusal.ts";
export { actAs, actFor, beginTransaction, contextOver, type OpenTransaction } from "./transaction.ts";
export type { Storehouse } from "./storehouse.ts";
export { buildReply, buildReplyInTurns } from "./build-reply.ts";
export { giveTurns } from "./give-turns.ts";
export { eventOfAct } from "./event-of-act.ts";
export { examineOrder } from "./examine-order.ts";
export { examineListed, listedFields, listedTerms, listedTokens, type Meant } from "./examine-listed.ts";
export { readListed, type Listed } from "./listed-likeness.ts";
export { examinePlaces, type Placed, type Places, type ReadInTurns } from "./examine-places.ts";
export { examinePresence } from "./examine-presence.ts";
export { examineSameParts } from "./examine-same-parts.ts";
export { examineOwnWords, restWithout, wordsOf } from "./examine-own-words.ts";
export { examineSearch, planSealedSearch, planSearch, type SearchPlan } from "./examine-search.ts";
export { queryOver } from "./query-over.ts";
export type { ReleasedRecord } from "./field-marks.ts";
export { answersExactly, releasing, showsOf } from "./release.ts";
export { releaseFor } from "./release-for.ts";
export { classNumber, classOfNumber } from "./class-numbers.ts";
export { examineAlike, examineTyped, likenessTokens, likenessKeys, type AlikePair } from "./examine-alike.ts";
export { buyerTokens, examineBuyers, readBuyer, type Answering, type Buyer } from "./examine-buyers.ts";
export { confirming } from "./confirmed.ts";
export { examineExact } from "./examine-exact.ts";
export { examineStated, foldStated, statedFields, statedTokens, type StatedMatch } from "./examine-stated.ts";
export { examineFuller } from "./examine-fuller.ts";
export { examineIdentities, identify, identityFields, identityTokens, type Identity } from "./examine-identities.ts";
export { releasedFields } from "./released-fields.ts";
export { demandInForce, demandStillInForce, exportsHeld, isHandler, readOnly, stopped, takesOut } from "./in-force.ts";
export { watchStanding, type EndedBecause, type Watcher } from "./watch-standing.ts";
export {
  downloads,
  exempt,
  handsOut,
  keepingTime,
  onTheWayOut,
  reads,
  readsQuietly,
  receives,
  streams,
  watches,
  writes,
  type Cookies,
  type Input,
  type Measure,
  type Received,
  type RenderedFile,
  type Route,
  type StreamedFile,
} from "./route.ts";
export { keptPartBytes, readKeptPart, sealKeptPart, type KeptPlace } from "./kept-part.ts";
export { awaitDestroyers, demandUnheld, heldAmong } from "./holds.ts";
export { hashedFacts } from "./hashed-facts.ts";
export { rowHash, type HashedRow } from "./row-hash.ts";
export { resealed, sealChanges, tokensAfterMove, type SealedChange } from "./seal-changes.ts";
export {
  inFull,
  inPart,
  sealed,
  Sealed,
  SealedRecord,
  SealedText,
  SealedValues,
  type Draft,
  type FullBy,
  type Handle,
  type TextReader,
} from "./sealed-record.ts";
export { sealChangesFrom, type SealedSource } from "./seal-changes-from.ts";
export { sealFrom } from "./seal-from.ts";
export { sealText } from "./seal-text.ts";
export { listStaged, readStaged, readStagedRow, removeStaged, sealStaged, type StagedFile } from "./staged-file.ts";
export { withSnapshot } from "./with-snapshot.ts";
