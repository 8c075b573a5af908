import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { purposes, verbs } from "./rights.ts";
import { shown } from "./shown.ts";

const mail = z.string().min(3).max(254);
/** NFKC is applied on the server. NIST SP 800-63B-4 3.1.1: at least 64 characters must be accepted. */
const password = z.string().min(1).max(256);
const totpCode = z.string().regex(/^[0-9０-９ ]{6,8}$/);

/** First step. The reply is the same for every wrong combination (no account enumeration). */
export const presentPassword = endpoint({
  method: "POST",
  path: "/api/session/password",
  access: "anyone",
  summary: "Sign in, first step: mail and password",
  body: z.object({ mail, password }),
  reply: z.object({ kind: z.literal("needs-code") }),
});

/** Second step: a one-time code (TOTP, RFC 6238) or a recovery code. The session cookie is set here and only here. */
export const presentCode = endpoint({
  method: "POST",
  path: "/api/session/code",
  access: "anyone",
  summary: "Sign in, second step: one-time code or recovery code",
  body: z.union([z.object({ code: totpCode }), z.object({ recoveryCode: z.string().min(8).max(40) })]),
  reply: z.object({ kind: z.literal("signed-in"), recoveryCodesLeft: z.number() }),
});

export const signOut = endpoint({
  method: "DELETE",
  path: "/api/session",
  access: "own-session",
  summary: "Sign out: the session ends at once on every node",
  reply: z.object({ kind: z.literal("signed-out") }),
});

export const me = endpoint({
  method: "GET",
  path: "/api/session",
  access: "own-session",
  summary: "Who is signed in, what they may do, and how many people they have seen today",
  reply: z.object({
    accountNo: z.number(),
    staffName: shown,
    staffMail: shown,
    departments: z.array(z.object({ departmentNo: z.number(), name: z.string() })),
    roles: z.array(z.object({ key: z.string(), labelJa: z.string(), labelEn: z.string() })),
    verbs: z.array(z.enum(verbs)),
    purposes: z.array(z.enum(purposes)),
    mayRead: z.object({ customer: z.boolean(), company: z.boolean(), account: z.boolean() }),
    mayWrite: z.object({ customer: z.boolean(), company: z.boolean(), account: z.boolean() }),
    /** Distinct customers seen since midnight (Asia/Tokyo), read out of the ledger. */
    viewedToday: z.number(),
    idleLockSeconds: z.number(),
    organisation: z.string(),
    /** True when one person holds both the administrator's and the privacy officer's role. */
    combinedOffice: z.boolean(),
    /** The caller has yet to be told what is recorded of their work, or it changed (shared/monitoring.ts). */
    noticeDue: z.boolean(),
  }),
});

/** The count of the day alone: read often, names nobody, and so leaves no event. */
export const countViewed = endpoint({
  method: "GET",
  path: "/api/session/viewed-today",
  access: "own-session",
  summary: "How many distinct customers the caller has seen today",
  reply: z.object({ viewedToday: z.number() }),
});

export const sessionOut = z.object({
  sessionId: z.string(),
  startedAt: z.string(),
  lastSeenAt: z.string(),
  expiresAt: z.string(),
  address: z.string(),
  device: z.string(),
  isCurrent: z.boolean(),
});

export const listSessions = endpoint({
  method: "GET",
  path: "/api/sessions",
  access: "own-session",
  summary: "One's own sessions",
  reply: z.object({ sessions: z.array(sessionOut) }),
});

export const revokeSession = endpoint({
  method: "DELETE",
  path: "/api/sessions/:sessionId",
  access: "own-session",
  summary: "End one of one's own sessions at once",
  params: z.object({ sessionId: z.uuid() }),
  reply: z.object({ kind: z.literal("revoked") }),
});

export const changePassword = endpoint({
  method: "POST",
  path: "/api/session/change-password",
  access: "own-session",
  summary: "Change one's own password; every other session ends",
  body: z.object({ current: password, next: password }),
  reply: z.object({ kind: z.literal("changed") }),
});

/**
 * An invitation or the one-time set-up link, opened. The token travels in the URL's fragment and in bodies only.
 * `combined` exists for the set-up link of a firm of five: one person in both offices, recorded and alarmed.
 */
export const openInvitation = endpoint({
  method: "POST",
  path: "/api/invitations/open",
  access: "anyone",
  summary: "Open an invitation or the set-up link",
  body: z.object({ token: z.string().min(20).max(100) }),
  reply: z.object({
    kind: z.enum(["set-up", "invitation"]),
    organisation: z.string(),
    roles: z.array(z.object({ key: z.string(), labelJa: z.string(), labelEn: z.string() })),
    expiresAt: z.string(),
  }),
});

/** Set-up: names the organisation and the two first accounts. Replies with two enrolment tokens, one a person. */
export const setUp = endpoint({
  method: "POST",
  path: "/api/setup",
  access: "anyone",
  summary: "First set-up: organisation, first administrator and first privacy officer",
  body: z.object({
    token: z.string().min(20).max(100),
    organisation: z.string().min(1).max(80),
    administrator: z.object({ name: z.string().min(1).max(80), mail }),
    /** Absent: one person holds both offices by explicit choice. */
    officer: z.object({ name: z.string().min(1).max(80), mail }).optional(),
    acceptsCombinedOffice: z.boolean().optional(),
  }),
  reply: z.object({
    administratorToken: z.string(),
    officerToken: z.string().nullable(),
    /** Shown once, to be printed. Opens the key file of a backup. */
    recoveryKey: z.string(),
  }),
});

/** Enrolment, first step: the password is checked and a TOTP secret is made. */
export const beginEnrolment = endpoint({
  method: "POST",
  path: "/api/invitations/enrol",
  access: "anyone",
  summary: "Enrol: choose a password, receive the secret of the second factor",
  body: z.object({ token: z.string().min(20).max(100), password }),
  reply: z.object({ totpUri: z.string(), totpSecret: z.string(), qrSvg: z.string() }),
});

/** Enrolment, second step: the first code proves the authenticator. The recovery codes are shown once. */
export const finishEnrolment = endpoint({
  method: "POST",
  path: "/api/invitations/finish",
  access: "anyone",
  summary: "Enrol: prove the second factor, receive recovery codes",
  body: z.object({ token: z.string().min(20).max(100), code: totpCode }),
  reply: z.object({ kind: z.literal("enrolled"), recoveryCodes: z.array(z.string()) }),
});
