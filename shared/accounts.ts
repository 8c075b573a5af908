import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { roleDefinition } from "./rights.ts";
import { sessionOut } from "./session.ts";
import { shown } from "./shown.ts";

export const accountStates = ["invited", "active", "disabled"] as const;

export const accountOut = z.object({
  accountNo: z.number(),
  state: z.enum(accountStates),
  staffName: shown,
  staffMail: shown,
  departmentNo: z.number().nullable(),
  roles: z.array(z.string()),
  hasSecondFactor: z.boolean(),
  lastSeenAt: z.string().nullable(),
});

/** What a change that touches readable data came to: done, or waiting for the privacy officer. */
const changeOutcome = z.union([z.object({ kind: z.literal("done") }), z.object({ kind: z.literal("awaits-consent"), consentNo: z.number() })]);
const accountParams = z.object({ accountNo: z.coerce.number().int().positive() });

export const listAccounts = endpoint({
  method: "GET",
  path: "/api/accounts",
  access: "account.read",
  summary: "Members of staff with state, department and roles",
  reply: z.object({ accounts: z.array(accountOut) }),
});

/** The staff directory: numbers and names, for showing who owns or saw a record. */
export const listStaff = endpoint({
  method: "GET",
  path: "/api/staff",
  access: "account.read",
  summary: "Names of members of staff by account number",
  reply: z.object({
    staff: z.array(
      z.object({
        accountNo: z.number(),
        staffName: shown,
        departmentNo: z.number().nullable(),
        /** Works here now, in a role that writes customers: somebody to whom one can be handed over. */
        mayHoldCustomers: z.boolean(),
      }),
    ),
  }),
});

export const inviteAccount = endpoint({
  method: "POST",
  path: "/api/accounts",
  access: "manage-accounts",
  summary: "Invite a member of staff; roles that read personal classes wait for the privacy officer's consent",
  body: z.object({
    name: z.string().min(1).max(80),
    mail: z.string().min(3).max(254),
    departmentNo: z.number().int().positive().nullable(),
    roles: z.array(z.string()).max(8),
  }),
  reply: z.object({
    accountNo: z.number(),
    /** Null when roles wait for consent: the privacy officer receives it with the decision and hands it over. */
    invitationToken: z.string().nullable(),
    awaitsConsentFor: z.array(z.string()),
  }),
});

export const disableAccount = endpoint({
  method: "POST",
  path: "/api/accounts/:accountNo/disable",
  access: "manage-accounts",
  summary: "Disable an account; its sessions end at once",
  params: accountParams,
  reply: z.object({ kind: z.literal("disabled") }),
});

export const enableAccount = endpoint({
  method: "POST",
  path: "/api/accounts/:accountNo/enable",
  access: "manage-accounts",
  summary: "Enable a disabled account",
  params: accountParams,
  reply: changeOutcome,
});

export const resetFactor = endpoint({
  method: "POST",
  path: "/api/accounts/:accountNo/reset-factor",
  access: "manage-accounts",
  summary: "Reset password and second factor; for a reader of personal data the privacy officer must consent",
  params: accountParams,
  reply: z.union([z.object({ kind: z.literal("done"), invitationToken: z.string() }), z.object({ kind: z.literal("awaits-consent"), consentNo: z.number() })]),
});

export const setAccountRoles = endpoint({
  method: "PUT",
  path: "/api/accounts/:accountNo/roles",
  access: "manage-accounts",
  summary: "Set the roles of an account; what adds readable personal data waits for the privacy officer",
  params: accountParams,
  body: z.object({ roles: z.array(z.string()).max(8) }),
  reply: changeOutcome,
});

export const setAccountDepartment = endpoint({
  method: "PUT",
  path: "/api/accounts/:accountNo/department",
  access: "manage-accounts",
  summary: "Move an account to a department; for a reader of personal data the privacy officer must consent",
  params: accountParams,
  body: z.object({ departmentNo: z.number().int().positive().nullable() }),
  reply: changeOutcome,
});

export const listAccountSessions = endpoint({
  method: "GET",
  path: "/api/accounts/:accountNo/sessions",
  access: "manage-accounts",
  summary: "Sessions of an account",
  params: accountParams,
  reply: z.object({ sessions: z.array(sessionOut) }),
});

export const revokeAccountSessions = endpoint({
  method: "DELETE",
  path: "/api/accounts/:accountNo/sessions",
  access: "manage-accounts",
  summary: "End every session of an account at once",
  params: accountParams,
  reply: z.object({ revoked: z.number() }),
});

export const departmentOut = z.object({
  departmentNo: z.number(),
  parentNo: z.number().nullable(),
  name: z.string(),
  /** The stable scope cell that customers of this department carry. */
  cellNo: z.number(),
  isClosed: z.boolean(),
});

export const listDepartments = endpoint({
  method: "GET",
  path: "/api/departments",
  access: "signed-in",
  summary: "The department tree",
  reply: z.object({ departments: z.array(departmentOut) }),
});

export const createDepartment = endpoint({
  method: "POST",
  path: "/api/departments",
  access: "manage-accounts",
  summary: "Create a department",
  body: z.object({ name: z.string().min(1).max(60), parentNo: z.number().int().positive().nullable() }),
  reply: z.object({ departmentNo: z.number() }),
});

export const changeDepartment = endpoint({
  method: "PATCH",
  path: "/api/departments/:departmentNo",
  access: "manage-accounts",
  summary: "Rename a department or move it in the tree; a move that widens readable data waits for consent",
  params: z.object({ departmentNo: z.coerce.number().int().positive() }),
  body: z.object({
    name: z.string().min(1).max(60).optional(),
    parentNo: z.number().int().positive().nullable().optional(),
  }),
  reply: changeOutcome,
});

export const listRoles = endpoint({
  method: "GET",
  path: "/api/roles",
  access: "signed-in",
  summary: "All roles with their full definition",
  reply: z.object({ policyVersion: z.number(), roles: z.array(roleDefinition.extend({ isShipped: z.boolean() })) }),
});

export const defineRole = endpoint({
  method: "PUT",
  path: "/api/roles/:key",
  access: "manage-roles",
  summary: "Create or change a role; what adds readable personal data waits for the privacy officer",
  params: z.object({ key: z.string() }),
  body: roleDefinition,
  reply: changeOutcome,
});

/** The effect of a change of rights in people, before it is made (product.md A4). */
export const previewRole = endpoint({
  method: "POST",
  path: "/api/roles/:key/preview",
  access: "manage-roles",
  summary: "What a change of a role would mean: staff and customers",
  params: z.object({ key: z.string() }),
  body: roleDefinition,
  reply: z.object({ staff: z.number(), customersBefore: z.number(), customersAfter: z.number(), addsPersonal: z.boolean() }),
});

export const consentOut = z.object({
  consentNo: z.number(),
  what: z.enum(["account-roles", "role-definition", "reset-factor", "account-department", "department-move", "enable-account"]),
  accountNo: z.number().nullable(),
  roleKey: z.string().nullable(),
  departmentNo: z.number().nullable(),
  roles: z.array(z.string()).nullable(),
  /** The role as it would be defined. */
  definition: roleDefinition.nullable(),
  /** Where a department would move to; null also for the top. */
  parentNo: z.number().nullable(),
  /** Accounts that would reach personal values which they do not reach now. */
  beneficiaries: z.array(z.number()),
  /** Those among them who enrolled by a link that went through an administrator: granting makes them enrol anew. */
  renewsFactorsOf: z.array(z.number()),
  requestedBy: z.number(),
  requestedAt: z.string(),
  state: z.enum(["pending", "granted", "refused", "withdrawn"]),
});

export const listConsents = endpoint({
  method: "GET",
  path: "/api/consents",
  access: "signed-in",
  summary: "Requests for the privacy officer's consent: all for the officer, one's own for others",
  reply: z.object({ consents: z.array(consentOut) }),
});

export const decideConsent = endpoint({
  method: "POST",
  path: "/api/consents/:consentNo/decide",
  access: "consent-rights",
  summary: "The privacy officer grants or refuses; never one's own request",
  params: z.object({ consentNo: z.coerce.number().int().positive() }),
  body: z.object({ decision: z.enum(["grant", "refuse"]) }),
  reply: z.object({
    kind: z.enum(["granted", "refused"]),
    /** For the account that the request names, when it has to enrol; the officer hands it over. */
    invitationToken: z.string().nullable(),
    /** For others who become readers by a role or a move of departments and have to enrol anew. */
    otherInvitations: z.array(z.object({ accountNo: z.number(), invitationToken: z.string() })),
  }),
});
