/**
 * Rights of then: what policy held, who held which role, and whom that let read, at any moment of the past, out of the ledger.
 *
 * Invariant (rights-of-then.db.test.ts): what is rebuilt for a moment is what the tables said then.
 */
export { followRights } from "./follow-rights.ts";
export { membersOf, type Body } from "./members-of-then.ts";
export { policiesBetween, policyAt, rightsOfThen, type PolicyOfThen } from "./policy-of-then.ts";
export { reachOfThen, type ReachOfThen } from "./reach-of-then.ts";
