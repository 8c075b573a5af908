import { z } from "zod";
import { accountStates } from "./accounts.ts";
import { endpoint } from "./endpoint.ts";
import { fieldClass, scopes, verbs } from "./rights.ts";
import { shown } from "./shown.ts";

const readLevel = z.enum(["read", "write"]);
const lastLook = z.object({ eventNo: z.number(), at: z.string() });

/** Who sees a customer now and why. Of any customer for who reads the ledger, else of one whom one may read. */
export const customerReaders = endpoint({
  method: "GET",
  path: "/api/customers/:customerNo/readers",
  access: "read-exposures",
  summary: "Who can see this customer now, which classes, by which grants, and when each last did",
  params: z.object({ customerNo: z.coerce.number().int().positive().max(2_147_483_647) }),
  reply: z.object({
    ownerNo: z.number().nullable(),
    departmentNo: z.number().nullable(),
    state: z.enum(["active", "trashed", "merged"]),
    /** 利用停止: what has a mask is shown masked to everybody but whoever answers the person. */
    isSuspended: z.boolean(),
    /** Active accounts of the house, whoever they see. */
    accounts: z.number(),
    /** Accounts whose rights reach the customer. Only those that are active can use them now. */
    readers: z.array(
      z.object({
        accountNo: z.number(),
        state: z.enum(accountStates),
        departmentNo: z.number().nullable(),
        /** Classes that are read. `masked`: fields that have a mask show their shape. */
        classes: z.array(z.object({ class: fieldClass, level: readLevel, shows: z.enum(["full", "masked"]) })),
        /** What is masked can be revealed, for a purpose, and recorded. */
        mayReveal: z.boolean(),
        reasons: z.array(
          z.object({ role: z.string(), scope: z.enum(scopes), classes: z.array(z.object({ class: fieldClass, level: readLevel, isMasked: z.boolean() })) }),
        ),
        lastLook: lastLook.nullable(),
      }),
    ),
    /** Last looks were looked for back to this time; null: to the beginning. */
    lookedBackTo: z.string().nullable(),
  }),
});

/** How many customers a class is read of, and of how many of them unmasked. */
const reach = z.array(z.object({ class: fieldClass, read: z.number(), full: z.number() }));
export type ClassReach = z.output<typeof reach>;

/** What an account was found to reach and to use, as it stood when the review was gathered. */
export const accountFound = z.object({
  state: z.enum(accountStates),
  departmentNo: z.number().nullable(),
  /** Last time it was there; null: never. */
  lastSeenAt: z.string().nullable(),
  reach,
  /** Distinct customers of whom something was shown to it in the time observed. */
  seen: z.number(),
  /** Verbs of its roles with their last use in that time. `isMeasured`: some event would tell of a use. */
  verbs: z.array(z.object({ verb: z.enum(verbs), lastAt: z.string().nullable(), isMeasured: z.boolean() })),
  /** Its roles; `loses`: what it would no longer see without this one; `isUnused`: nothing that this role alone gives was used. */
  roles: z.array(z.object({ role: z.string(), isUnused: z.boolean(), loses: reach })),
  /** What could be taken away. */
  proposes: z.object({ roles: z.array(z.string()), account: z.boolean() }),
});
export type AccountFound = z.output<typeof accountFound>;

/** If a role were taken from all who hold it: how many of them would lose whom. */
export const roleFound = z.object({ role: z.string(), staff: z.number(), usedBy: z.number(), losing: z.number(), loses: reach });

export const reviewDecisions = ["keep", "take-away", "ask"] as const;
const takes = z.object({ roles: z.array(z.string().max(40)).max(40), account: z.boolean() });
export type ReviewTakes = z.output<typeof takes>;

export const reviewStates = ["gathering", "open", "signed"] as const;
const reviewHead = z.object({
  reviewNo: z.number(),
  state: z.enum(reviewStates),
  openedBy: z.number(),
  openedAt: z.string(),
  accounts: z.number(),
  decided: z.number(),
  takenAway: z.number(),
  signedBy: z.number().nullable(),
  signedAt: z.string().nullable(),
  nextDueOn: z.string().nullable(),
});
export type ReviewHead = z.output<typeof reviewHead>;

export const reviewedAccount = z.object({
  accountNo: z.number(),
  found: accountFound,
  decision: z.enum(reviewDecisions).nullable(),
  takes: takes.nullable(),
  decidedBy: z.number().nullable(),
  decidedAt: z.string().nullable(),
  reason: shown,
  /** What was to be taken away is gone now. */
  isCarriedOut: z.boolean(),
});

const wholeReview = z.object({
  review: reviewHead,
  days: z.number(),
  /** From when on uses were looked for: so many days before, or the beginning of the ledger. */
  observedFrom: z.string().nullable(),
  policyVersion: z.number().nullable(),
  roles: z.array(roleFound),
  accounts: z.array(reviewedAccount),
  /** Of a signed review: its hash in the ledger. `isIntact`: what stands here is what was signed off. */
  seal: z.object({ hash: z.string(), eventNo: z.number().nullable(), isIntact: z.boolean() }).nullable(),
});
const reviewParams = z.object({ reviewNo: z.coerce.number().int().positive().max(2_147_483_647) });

export const listReviews = endpoint({
  method: "GET",
  path: "/api/reviews",
  access: "read-ledger",
  summary: "Reviews of who may see what (棚卸し), newest first",
  reply: z.object({ reviews: z.array(reviewHead) }),
});

export const openReview = endpoint({
  method: "POST",
  path: "/api/reviews",
  access: "consent-rights",
  summary: "Open a review: what every account reaches and used is gathered in the background",
  body: z.object({ days: z.number().int().min(1).max(400).default(90) }),
  reply: z.object({ reviewNo: z.number() }),
});

export const showReview = endpoint({
  method: "GET",
  path: "/api/reviews/:reviewNo",
  access: "read-ledger",
  summary: "One review: per account what it reaches, what it used, what can be taken away, what was decided",
  params: reviewParams,
  reply: wholeReview,
});

export const decideReviewed = endpoint({
  method: "POST",
  path: "/api/reviews/:reviewNo/decide",
  access: "consent-rights",
  summary: "Decide about accounts of an open review, one's own alone excepted: keep, take away, or ask first",
  params: reviewParams,
  body: z.object({
    accountNos: z.array(z.number().int().positive().max(2_147_483_647)).min(1).max(5_000),
    decision: z.enum(reviewDecisions),
    /** With `take-away`, of one account: these of its roles, or the account itself. */
    takes: takes.optional(),
    reason: z.string().trim().max(400).default(""),
  }),
  reply: z.object({ decided: z.number() }),
});

/** An officer does not decide about themselves; where there is no other one, whoever manages accounts decides about that one account. */
export const decideOfficer = endpoint({
  method: "POST",
  path: "/api/reviews/:reviewNo/decide-officer",
  access: "manage-accounts",
  summary: "Decide about the account of the only privacy officer in an open review: keep, take away, or ask first",
  params: reviewParams,
  body: z.object({ decision: z.enum(reviewDecisions), takes: takes.optional(), reason: z.string().trim().max(400).default("") }),
  reply: z.object({ decided: z.number() }),
});

export const signReview = endpoint({
  method: "POST",
  path: "/api/reviews/:reviewNo/sign",
  access: "consent-rights",
  summary: "Sign off a review in which every account is decided; its hash stands in the ledger",
  params: reviewParams,
  body: z.object({ nextDueOn: z.iso.date() }),
  reply: z.object({ hash: z.string() }),
});

export const reviewPdf = endpoint({
  method: "POST",
  path: "/api/reviews/:reviewNo/pdf",
  access: "read-ledger",
  summary: "A review as PDF, with names",
  params: reviewParams,
  replyKind: "file",
  reply: wholeReview.extend({
    organisation: z.string(),
    at: z.string(),
    roleNames: z.array(z.object({ role: z.string(), ja: z.string() })),
    names: z.array(z.object({ accountNo: z.number(), name: shown })),
  }),
});

/** For whoever manages accounts: what reviews decided to take away and nobody has yet. */
export const listTakings = endpoint({
  method: "GET",
  path: "/api/reviews/takings",
  access: "manage-accounts",
  summary: "What was decided to be taken away in a review and still stands",
  reply: z.object({
    takings: z.array(z.object({ reviewNo: z.number(), accountNo: z.number(), takes, roles: z.array(z.string()) })),
    /** The only privacy officer, about whom nobody else can decide in the review that is open. */
    officer: z.object({ reviewNo: z.number(), accountNo: z.number(), found: accountFound, decision: z.enum(reviewDecisions).nullable() }).nullable(),
  }),
});
