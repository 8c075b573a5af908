import { z } from "zod";

/** The four classes of a field by importance, in rising order (product.md K2). The numbers stand in sealed blobs. */
export const fieldClasses = ["open", "internal", "personal", "sensitive"] as const;
export type FieldClass = (typeof fieldClasses)[number];
export const fieldClass = z.enum(fieldClasses);

/** What rights are given on. `account` is a member of staff. */
export const kinds = ["customer", "company", "account"] as const;
export type Kind = (typeof kinds)[number];

export const levels = ["none", "read", "write"] as const;
export type Level = (typeof levels)[number];

/** Whose records: one's own, those of the departments one belongs to (with all below them), or all. */
export const scopes = ["own", "department", "all"] as const;
export type Scope = (typeof scopes)[number];

/**
 * Single acts that are granted apart from reading and writing. Names stand in events and in the roles' data. Two of them open
 * the record of what staff did: `read-exposures` who saw a customer whom one may read, `read-ledger` everything that everybody
 * did, with what they searched for (職員の記録). Three are for incidents: `handle-incidents` everything about them, `take-measures`
 * stopping accounts and outlets at once (応急措置), `keep-evidence` what is kept as proof; `answer-callers` is the desk's (窓口).
 */
export const verbs = [
  "create",
  "delete",
  "reveal",
  "contact",
  "import",
  "bulk",
  "export",
  "print",
  "send",
  "attachment",
  "approve",
  "answer-person",
  "manage-accounts",
  "manage-roles",
  "manage-fields",
  "consent-rights",
  "read-exposures",
  "read-ledger",
  "verify-ledger",
  "run-backup",
  "handle-incidents",
  "take-measures",
  "keep-evidence",
  "answer-callers",
] as const;
export type Verb = (typeof verbs)[number];

/** Purposes that a reveal states (利用目的). */
export const purposes = ["inquiry", "sales", "delivery", "contract", "correction", "audit", "person-request"] as const;
export type Purpose = (typeof purposes)[number];

/**
 * One grant of a role: on records of `kind` within `scope`, a level for each field class, and whether the values of a
 * class stay masked until revealed (only fields that have a mask are affected).
 */
export const grant = z.object({
  kind: z.enum(kinds),
  scope: z.enum(scopes),
  levels: z.object({
    open: z.enum(levels),
    internal: z.enum(levels),
    personal: z.enum(levels),
    sensitive: z.enum(levels),
  }),
  masked: z.array(fieldClass),
});
export type Grant = z.output<typeof grant>;

/** A role is data: its grants, its verbs and the purposes for which its holders may reveal. */
export const roleDefinition = z.object({
  key: z.string().regex(/^[a-z][a-z0-9-]{1,39}$/),
  labelJa: z.string().min(1).max(40),
  labelEn: z.string().min(1).max(60),
  grants: z.array(grant).max(24),
  verbs: z.array(z.enum(verbs)),
  purposes: z.array(z.enum(purposes)),
});
export type RoleDefinition = z.output<typeof roleDefinition>;

/**
 * What an endpoint asks of its caller before anything else happens. `anyone` is for sign-in and health alone.
 * `own-session` passes whoever is signed in, `signed-in` all of these but those who do nothing but answer callers at a desk.
 * `K.read` / `K.write` pass when some class of kind K is granted in some scope; the row's own right is decided by the
 * use case (`customerFor(context, no, "read")`) and again by the door for each value.
 */
export type Access = "anyone" | "own-session" | "signed-in" | `${Kind}.read` | `${Kind}.write` | Verb;
