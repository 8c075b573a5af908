/**
 * The scope of an incident: from causes to the exact people, in three tiers.
 *
 * Invariants (scope.db.test.ts): who received a value is confirmed or possible, never excluded; nobody is confirmed who received
 * none; asked again as of the same event, a run gives the same bytes; what is packed and a plain look at every event come to the same
 * people; nobody is excluded by a ledger that does not verify, nor by anything packed that is not as it was proved.
 */
export { proveLedger } from "./prove-task.ts";
export { runScopeFor } from "./run-scope-for.ts";
export type { ScopeHouse } from "./run-scope.ts";
export { verifyScope } from "./verify-scope.ts";
