import { declareEvents } from "#server/core/ledger/index.ts";

/**
 * What happens to accounts and rights. An event that changes who may see what carries the full new state in its facts:
 * `account` {accountNo, state, departmentNo, roles}, `role` (its definition), `departments` (the tree) or `roles` and
 * `fields`, with `newPolicyVersion`. `handedTo` says who was given the token of an invitation, `factorsReset` whose factors
 * a consent made void because an administrator could have enrolled them. `alarm: true` marks what one person did in two
 * offices, and what the terminal did to one.
 */
export const events = declareEvents({
  "policy.installed": { description: "The shipped roles and the standard fields were put into an installation." },
  "organisation.set-up": { description: "The organisation was set up with its first administrator and privacy officer." },
  "organisation.founded": { description: "The product itself founded an organisation (sample company)." },
  "set-up-link.created": { description: "A one-time set-up link was made; older ones are void." },
  "office-invitation.renewed": { description: "The console renewed the invitations to an office in which nobody has worked yet." },
  "office.recovery-asked": { description: "The console showed the right recovery key and was told who holds an office." },
  "office.recovered": { description: "The console, by the recovery key, made the factors of an office holder void and got a new invitation." },
  "office.recovery-refused": { description: "The console asked to recover an office by a recovery key that is not this organisation's." },
  "invitation.opened": { description: "An invitation or the set-up link was opened." },
  "invitation.enrolling": { description: "An invited person chose a password and received the secret of a second factor." },
  "account.enrolled": { description: "An invited person proved the second factor; the account is active." },
  "account.added": { description: "The product itself added an active account (sample company)." },
  "account.invited": { description: "A member of staff was invited; roles that read personal values wait for consent." },
  "account.disabled": { description: "An account was disabled and its sessions ended." },
  "account.enabled": { description: "A disabled account was enabled." },
  "account.factor-reset": { description: "Password and second factor of an account were reset and its sessions ended." },
  "accounts.purged": { description: "Sessions, invitations and failed sign-ins whose term is over were removed." },
  "account.roles-changed": { description: "The roles of an account changed." },
  "account.department-changed": { description: "An account moved to another department." },
  "account.password-changed": { description: "A member of staff changed the own password; other sessions ended." },
  "accounts.listed": { description: "Members of staff were listed." },
  "staff.listed": { description: "Names of members of staff were looked up." },
  "session.password-accepted": { description: "First step of a sign-in: mail and password were right." },
  "session.started": { description: "A member of staff signed in." },
  "session.refused": { description: "A sign-in, or a password asked for again, was refused." },
  "session.ended": { description: "A member of staff signed out." },
  "session.expired": {
    description: "A session ran out; facts: `accountNo`, `sessionId`, `because` (`left-alone`, `longest-time`), `endedAt`.",
  },
  "session.shown": { description: "Who is signed in was shown to them." },
  "session.revoked": { description: "A member of staff ended one of the own sessions." },
  "sessions.listed": { description: "Sessions were listed." },
  "sessions.revoked": { description: "An administrator ended every session of an account." },
  "departments.listed": { description: "The department tree was shown." },
  "department.created": { description: "A department was created with a cell of its own." },
  "department.changed": { description: "A department was renamed or moved in the tree." },
  "roles.listed": { description: "The roles were shown." },
  "role.defined": { description: "A role was created or changed." },
  "role.previewed": { description: "The effect of a change of a role was counted before it is made." },
  "consent.requested": { description: "A change that adds readable personal values waits for the privacy officer." },
  "consent.decided": { description: "The privacy officer granted or refused a change, which took effect with it if granted." },
  "consents.listed": { description: "Requests for consent were shown." },
  "monitoring.notice-shown": { description: "A member of staff was shown what is recorded of their work and who reads it." },
  "monitoring.acknowledged": {
    description: "A member of staff confirmed having been told what is recorded; facts: `version`, `noticeNo` (of the organisation's own words).",
  },
  "monitoring.notice-changed": { description: "The organisation's own words about the recording were changed; facts: `noticeNo`, `characters`." },
});
