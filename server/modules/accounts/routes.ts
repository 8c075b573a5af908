import { exempt, reads, readsQuietly, writes, type Route } from "#server/core/door/index.ts";
import * as accounts from "#shared/accounts.ts";
import * as monitoring from "#shared/monitoring.ts";
import * as session from "#shared/session.ts";
import { beginEnrolment } from "./begin-enrolment.ts";
import { changeDepartment } from "./change-department.ts";
import { changePassword } from "./change-password.ts";
import { createDepartment } from "./create-department.ts";
import { decideConsent } from "./decide-consent.ts";
import { defineRole } from "./define-role.ts";
import { disableAccount } from "./disable-account.ts";
import { enableAccount } from "./enable-account.ts";
import { finishEnrolment } from "./finish-enrolment.ts";
import { inviteAccount } from "./invite-account.ts";
import { listAccountSessions } from "./list-account-sessions.ts";
import { listAccounts } from "./list-accounts.ts";
import { listConsents } from "./list-consents.ts";
import { listDepartments } from "./list-departments.ts";
import { listRoles } from "./list-roles.ts";
import { listSessions } from "./list-sessions.ts";
import { listStaff } from "./list-staff.ts";
import { countViewed, me } from "./me.ts";
import { acknowledgeNotice } from "./monitoring/acknowledge-notice.ts";
import { showNotice } from "./monitoring/show-notice.ts";
import { writeNotice } from "./monitoring/write-notice.ts";
import { openInvitation } from "./open-invitation.ts";
import { presentCode } from "./present-code.ts";
import { presentPassword } from "./present-password.ts";
import { previewRole, type CountReach } from "./preview-role.ts";
import { resetFactor } from "./reset-factor.ts";
import { revokeAccountSessions } from "./revoke-account-sessions.ts";
import { revokeSession } from "./revoke-session.ts";
import { setAccountDepartment } from "./set-account-department.ts";
import { setAccountRoles } from "./set-account-roles.ts";
import { setUp } from "./set-up.ts";
import { signOut } from "./sign-out.ts";

/** The routes of this module. Who keeps customers declares how many a right would reach. */
export function accountRoutes(declared: { readonly countReach: CountReach }): Route[] {
  return [
    exempt(writes(session.presentPassword, "session.password-accepted", presentPassword), "stopped", "read-only"),
    exempt(writes(session.presentCode, "session.started", presentCode), "stopped", "read-only"),
    exempt(writes(session.signOut, "session.ended", signOut), "stopped", "read-only"),
    exempt(readsQuietly(session.me, "session.shown", me), "stopped"),
    readsQuietly(session.countViewed, "session.shown", countViewed),
    readsQuietly(session.listSessions, "sessions.listed", listSessions),
    writes(session.revokeSession, "session.revoked", revokeSession),
    writes(session.changePassword, "account.password-changed", changePassword),
    reads(session.openInvitation, "invitation.opened", openInvitation),
    writes(session.setUp, "organisation.set-up", setUp),
    writes(session.beginEnrolment, "invitation.enrolling", beginEnrolment),
    writes(session.finishEnrolment, "account.enrolled", finishEnrolment),
    reads(accounts.listAccounts, "accounts.listed", listAccounts),
    reads(accounts.listStaff, "staff.listed", listStaff),
    writes(accounts.inviteAccount, "account.invited", inviteAccount),
    writes(accounts.disableAccount, "account.disabled", disableAccount),
    writes(accounts.enableAccount, "account.enabled", enableAccount),
    writes(accounts.resetFactor, "account.factor-reset", resetFactor),
    writes(accounts.setAccountRoles, "account.roles-changed", setAccountRoles),
    writes(accounts.setAccountDepartment, "account.department-changed", setAccountDepartment),
    reads(accounts.listAccountSessions, "sessions.listed", listAccountSessions),
    writes(accounts.revokeAccountSessions, "sessions.revoked", revokeAccountSessions),
    readsQuietly(accounts.listDepartments, "departments.listed", listDepartments),
    writes(accounts.createDepartment, "department.created", createDepartment),
    writes(accounts.changeDepartment, "department.changed", changeDepartment),
    readsQuietly(accounts.listRoles, "roles.listed", listRoles),
    writes(accounts.defineRole, "role.defined", defineRole),
    reads(accounts.previewRole, "role.previewed", previewRole(declared.countReach)),
    readsQuietly(accounts.listConsents, "consents.listed", listConsents),
    writes(accounts.decideConsent, "consent.decided", decideConsent),
    reads(monitoring.showNotice, "monitoring.notice-shown", showNotice),
    writes(monitoring.acknowledgeNotice, "monitoring.acknowledged", acknowledgeNotice),
    writes(monitoring.writeNotice, "monitoring.notice-changed", writeNotice),
  ];
}
