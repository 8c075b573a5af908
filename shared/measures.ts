import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { shown } from "./shown.ts";

/**
 * What is done at once when something goes wrong (応急措置). `cut-sessions` is done when it is taken; the others stand until
 * their end or until they are lifted. `withdraw-lists` goes with a hold of exports.
 */
export const measureKinds = ["cut-sessions", "freeze", "hold-exports", "withdraw-lists", "read-only", "stop"] as const;
export type MeasureKind = (typeof measureKinds)[number];

/** Whom it means. `everybody`: everybody but whoever acts. */
export const measureTargets = ["service", "everybody", "account", "role", "department"] as const;

/**
 * - `waiting`: for a second person, without effect so far
 * - `provisional`: in force, and falls back by itself unless a second person confirms
 * - `standing`: in force until its end or until it is lifted
 * - `done`: cut, with nothing left to lift
 * - `ended`: `endedHow` says how
 */
export const measureStates = ["waiting", "provisional", "standing", "done", "ended"] as const;
export const endings = ["done", "lifted", "refused", "withdrawn", "over", "unconfirmed"] as const;

/** For so long a measure that needs a second person is in force without one. */
export const provisionalMinutes = 30;
/** So often within twelve hours one person may take the same measure without a second person's yes. */
export const mostUnconfirmed = 2;
export const longestHours = 24 * 30;

const no = z.number().int().positive().max(2147483647);

/** The act: what, whom it means, and on which incident's account. */
const act = z.object({
  kind: z.enum(measureKinds),
  target: z.enum(measureTargets),
  accountNo: no.nullable().default(null),
  roleKey: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,39}$/)
    .nullable()
    .default(null),
  departmentNo: no.nullable().default(null),
});

/** What it would do, in numbers, before it is done. */
export const previewMeasure = endpoint({
  method: "POST",
  path: "/api/measures/preview",
  access: "take-measures",
  summary: "What a measure would do, in numbers",
  body: act,
  reply: z.object({
    /** Members of staff whom it means. */
    accounts: z.number(),
    /** Of them, those who are signed in at this moment, and their sessions. */
    signedIn: z.number(),
    sessions: z.number(),
    needsSecond: z.boolean(),
    /** How many others may confirm it. */
    confirmers: z.number(),
    /** Why it would be refused; a code of the web's words. */
    refusal: z.enum(["oneself", "last-officer", "not-held", "unconfirmed-again"]).nullable(),
  }),
});

/** Words of a stop, written for everybody who opens the page. */
const message = z.object({
  messageJa: z.string().trim().max(400).default(""),
  messageEn: z.string().trim().max(400).default(""),
  callBack: z.string().trim().max(60).default(""),
});

export const takeMeasure = endpoint({
  method: "POST",
  path: "/api/measures",
  access: "take-measures",
  summary: "Take a measure; it is in force on every node at the next request, and on open pages at once",
  body: act.extend({
    reason: z.string().trim().min(1).max(400),
    incidentNo: no.nullable().default(null),
    /** It is recorded as taken and has no effect. */
    isDrill: z.boolean().default(false),
    /** Hours after which it ends by itself; null: when it is lifted. */
    hours: z.number().positive().max(longestHours).nullable().default(null),
    /** Where a second person is needed: first wait for their yes. Otherwise it is in force at once, for 30 minutes without one. */
    waits: z.boolean().default(false),
    message: message.nullable().default(null),
  }),
  reply: z.object({
    measureNo: z.number(),
    state: z.enum(measureStates),
    requestNo: z.number().nullable(),
    confirmBy: z.string().nullable(),
    accounts: z.number(),
    sessionsCut: z.number(),
  }),
});

export const liftMeasure = endpoint({
  method: "POST",
  path: "/api/measures/:measureNo/lift",
  access: "take-measures",
  summary: "Lift a measure that is in force",
  params: z.object({ measureNo: z.coerce.number().int().positive().max(2147483647) }),
  reply: z.object({ kind: z.literal("lifted") }),
});

export const measureRow = z.object({
  measureNo: z.number(),
  kind: z.enum(measureKinds),
  target: z.enum(measureTargets),
  accountNo: z.number().nullable(),
  roleKey: z.string().nullable(),
  departmentNo: z.number().nullable(),
  incidentNo: z.number().nullable(),
  isDrill: z.boolean(),
  state: z.enum(measureStates),
  reason: shown,
  /** Null: by the terminal. */
  takenBy: z.number().nullable(),
  takenAt: z.string(),
  endsAt: z.string().nullable(),
  confirmBy: z.string().nullable(),
  requestNo: z.number().nullable(),
  confirmedBy: z.number().nullable(),
  confirmedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  endedBy: z.number().nullable(),
  endedHow: z.enum(endings).nullable(),
  accounts: z.number(),
  sessionsCut: z.number(),
  mayLift: z.boolean(),
});
export type MeasureRow = z.output<typeof measureRow>;

export const listMeasures = endpoint({
  method: "GET",
  path: "/api/measures",
  access: "take-measures",
  summary: "Measures in force and past, newest first; of one incident where it is named",
  query: z.object({ incidentNo: z.coerce.number().int().positive().max(2147483647).optional() }),
  reply: z.object({ measures: z.array(measureRow), mostFrozenAlone: z.number() }),
});

/** A policy: a department or role with more holders is frozen by two persons. */
export const changeMeasurePolicy = endpoint({
  method: "PUT",
  path: "/api/measures/policy",
  access: "consent-rights",
  summary: "How many one person may freeze without a second",
  body: z.object({ mostFrozenAlone: z.number().int().min(0).max(1000) }),
  reply: z.object({ mostFrozenAlone: z.number() }),
});

/** What a page needs to know at once. */
export const standing = z.object({
  exportsHeld: z.boolean(),
  readOnly: z.boolean(),
  /** `for-you`: nothing is shown; `for-others`: one of those who end it. */
  stopped: z.enum(["for-you", "for-others"]).nullable(),
});
export type Standing = z.output<typeof standing>;

export const showStanding = endpoint({
  method: "GET",
  path: "/api/session/standing",
  access: "own-session",
  summary: "What is in force, for a page that cannot keep a stream open",
  reply: standing,
});

/**
 * Server-sent events (WHATWG HTML 9.2). `standing`: what is in force, at first and at each change. `ended`: the session is over,
 * `because` it was frozen, cut by a measure, or ended otherwise; then the stream closes. `beat`: each 15 seconds.
 */
export const watchSession = endpoint({
  method: "GET",
  path: "/api/session/watch",
  access: "own-session",
  summary: "What happens to the session and to the service, while a page stands open",
  reply: z.object({}),
  replyKind: "live",
});

/** For everybody who opens the page: nothing of it is anybody's. */
export const showNotice = endpoint({
  method: "GET",
  path: "/api/service",
  access: "anyone",
  summary: "Whether the service is stopped, and what is said about it",
  reply: z.object({
    stopped: z.object({ messageJa: z.string(), messageEn: z.string(), callBack: z.string(), since: z.string(), until: z.string().nullable() }).nullable(),
  }),
});
