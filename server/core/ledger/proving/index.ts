/**
 * Proving: what is packed out of the ledger is held against what came out when every event was verified and packed anew, so that an
 * answer over years is as proven as a walk through all of them, within seconds.
 *
 * Invariants (proving.db.test.ts): what is read as proved is what is read plainly; whatever of packed rows, books and tail somebody
 * changed is named; proving step by step, and begun anew, says the same as proving at once.
 */
export { bookFacts, provedType } from "./book.ts";
export { checkLeaves } from "./check-leaves.ts";
export { matchProvedEvents, type MatchProved } from "./match-proved.ts";
export { provedPeopleSeen } from "./people-proved.ts";
export { openProvedThreads, type ProvedThreads } from "./proved-threads.ts";
export { proveFurther, type NewBook, type ProveOptions } from "./prove-further.ts";
export { checkTypes, readProved, type ProvedLedger } from "./read-proved.ts";
