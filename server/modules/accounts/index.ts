/**
 * Accounts: who is there, how they prove it, and what they may do.
 *
 * Invariants: a session begins only with two factors, each code good once (sign-in.db.test.ts); a reply, a delay or a lock-out
 * does not tell whether an address has an account (sign-in.db.test.ts); nobody who manages accounts can give themselves or
 * a friend readable personal values without the privacy officer, and nobody becomes a reader on factors that an administrator
 * could have enrolled (consent.db.test.ts); an office never stands empty (offices.db.test.ts), and is recovered by the printed
 * recovery key alone (recover-office.db.test.ts); each change of who may see what raises the policy version, rebuilds the
 * scopes of row-level security in the same transaction and stands in the ledger with its full new state
 * (policy-change.db.test.ts); what has had its term is removed (purge.db.test.ts).
 */
export { accountRoutes } from "./routes.ts";
export type { CountReach, Reach } from "./preview-role.ts";
export {
  followRights,
  membersUnder,
  policiesBetween,
  policiesFromEvents,
  policyAt,
  rightsOfThen,
  spansOf,
  unpackNumbers,
  type PoliciesOfThen,
} from "./rights-of-then/index.ts";
export { causes, numbersAsked } from "./causes.ts";
export { events } from "./events.ts";
export { installShippedPolicy, lacksShippedPolicy } from "./install-shipped-policy.ts";
export { awaitsSetUp, createSetUpLink } from "./create-set-up-link.ts";
export { renewOfficeInvitations } from "./renew-office-invitations.ts";
export { recoverOffice, type OfficeHolder, type OfficeRecovery } from "./recover-office.ts";
export { accountTasks } from "./account-tasks.ts";
export { foundSampleOrganisation } from "./found-sample-organisation.ts";
export { listDepartments } from "./list-departments.ts";
export { placeDepartment } from "./place-department.ts";
export { addActiveAccount } from "./add-active-account.ts";
export { hashPassword } from "./password-hash.ts";
export { isDeviceNumber } from "./opaque-token.ts";
export { startSession } from "./open-session.ts";
export { timeAway } from "./time-away.ts";
export { rebuildScopes } from "./rebuild-scopes.ts";
export { holdPolicy, settlePolicy, type HeldPolicy } from "./policy-change.ts";
export { accountRecord, accountRecords, accountRowHash } from "./account-records.ts";
export { keyedTokens } from "./keyed-token.ts";
export { followTerm, inviteForTerm, type Term } from "./serve-for-term.ts";
export { recoveryPublicKey } from "./recovery-public-key.ts";
