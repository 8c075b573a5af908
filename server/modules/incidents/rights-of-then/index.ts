/**
 * Whom the rights of then let somebody read, at any moment of the past, out of the ledger (accounts/rights-of-then has who held which).
 *
 * Invariant (rights-of-then.db.test.ts): what is rebuilt for a moment is what the tables said then.
 */
export { reachOfThen, type ReachOfThen } from "./reach-of-then.ts";
