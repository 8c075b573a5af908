/**
 * Rights of then: what policy held and who held which role at any moment of the past, out of the ledger.
 *
 * Invariant (incidents/rights-of-then/rights-of-then.db.test.ts): what is rebuilt for a moment is what the tables said then,
 * whether it was taken out of the ledger before or is read from the events themselves.
 */
export { followRights, unpack as unpackNumbers } from "./follow-rights.ts";
export { membersUnder, spansOf, type Body } from "./members-of-then.ts";
export { policiesBetween, policiesFromEvents, policyAt, rightsOfThen, tellingPolicy, type PoliciesOfThen, type PolicyOfThen } from "./policy-of-then.ts";
