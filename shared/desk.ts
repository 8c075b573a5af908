import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { scopeTiers } from "./incident-scope.ts";
import { shown } from "./shown.ts";

/** By what a caller says who they are: values that are registered. Codes stand in the database and in events. */
export const statedKinds = ["name", "kana", "birth-date", "phone", "mail", "address", "member-number"] as const;
export const statedKind = z.enum(statedKinds);
export type StatedKind = (typeof statedKinds)[number];

/** What tells a person from the others of a household: a telephone, a mail address or an address alone do not. */
const personal: readonly StatedKind[] = ["name", "kana", "birth-date", "member-number"];
/** What the blind index is asked by. */
export const indexedKinds: readonly StatedKind[] = ["member-number", "mail", "phone", "kana", "name"];

/** Whether two things that were stated are enough: a name and its reading are one and the same, and a household is nobody. */
export function isEnough(kinds: readonly StatedKind[]): boolean {
  const isNameTwice = kinds.every((kind) => kind === "name" || kind === "kana");
  return (
    new Set(kinds).size === kinds.length && !isNameTwice && kinds.some((kind) => personal.includes(kind)) && kinds.some((kind) => indexedKinds.includes(kind))
  );
}

export const channels = ["call", "mail", "form", "letter"] as const;
export type Channel = (typeof channels)[number];
/** 本人、代理人. */
export const callers = ["self", "agent"] as const;
/** What proves that somebody may ask for another. */
export const agentPapers = ["power-of-attorney", "guardian", "parent", "lawyer"] as const;
export const caseStates = ["open", "closed"] as const;
/** 対象、対象外、確認中. */
export const deskAnswers = ["affected", "unaffected", "checking"] as const;
export type DeskAnswer = (typeof deskAnswers)[number];
export const harmKinds = ["suspicious-call", "suspicious-mail", "impersonation", "card-misuse", "login-misuse", "visit", "other"] as const;
export const harmAmounts = ["none", "under-10k", "under-100k", "under-1m", "over-1m", "unknown"] as const;
export const entryKinds = [
  "note",
  "harm",
  "papers",
  "escalation",
  "escalation-settled",
  "call-back",
  "call-back-done",
  "call-back-missed",
  "closed",
  "reopened",
] as const;
/** Why somebody's looks were stopped: too many failed checks, too many people. */
export const stopReasons = ["failed", "persons"] as const;

const number = z.coerce.number().int().positive().max(2_147_483_647);
const plainNumber = z.number().int().positive().max(2_147_483_647);
const incidentParams = z.object({ incidentNo: number });
const caseParams = z.object({ caseNo: number });
const line = (most: number) => z.string().trim().max(most);
const mostOperators = 50;
const day = z.iso.date();

/** Opened for so long at most; the term of an operator. */
export const longestTermDays = 180;

const operatorsGiven = z.object({
  /** People who have no account yet. */
  invite: z
    .array(z.object({ name: line(80).min(1), mail: z.string().trim().min(3).max(254) }))
    .max(mostOperators)
    .default([]),
  /** Operators of former desks. */
  accountNos: z.array(plainNumber).max(mostOperators).default([]),
  /** After it they can do nothing. */
  until: z.iso.datetime(),
});

const invitations = z.array(z.object({ accountNo: z.number(), name: z.string(), invitationToken: z.string() }));

export const deskPolicy = z.object({
  /** Failed checks of one operator in an hour. */
  mostFailed: z.number().int().min(1).max(100),
  /** Different people whom one operator is told of in an hour. */
  mostPersons: z.number().int().min(1).max(1000),
  /** Failed checks of one person in a day, by whomever. */
  mostFailedOfPerson: z.number().int().min(1).max(100),
});
export type DeskPolicy = z.output<typeof deskPolicy>;

const deskOperator = z.object({
  accountNo: z.number(),
  /** Null: handles the incident, and has no term. */
  endsAt: z.string().nullable(),
  isEnrolled: z.boolean(),
  isOver: z.boolean(),
  /** Null: looks freely. */
  stop: z.object({ because: z.enum(stopReasons), at: z.string(), found: z.number() }).nullable(),
  cases: z.number(),
  failedToday: z.number(),
});
export type DeskOperator = z.output<typeof deskOperator>;

const paperInForce = z.object({ paper: z.enum(["desk-script", "faq"]), version: z.number(), approvedAt: z.string(), approvedBy: z.number().nullable() });

const dayCounts = z.array(z.object({ day: z.string(), inquiries: z.number(), harm: z.number() }));

const staffing = z.object({ persons: z.number().nullable(), calls: z.number(), peakCalls: z.number(), agents: z.number(), staff: z.number() });

export const showDesk = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo/desk",
  access: "handle-incidents",
  summary: "The desk of an incident: whether it is open, its operators, counts, what waits, and how many it needs",
  params: incidentParams,
  reply: z.object({
    state: z.enum(["none", "open", "closed"]),
    openedAt: z.string().nullable(),
    closedAt: z.string().nullable(),
    /** As the facts of the incident say. */
    facts: z.object({ name: shown, phone: shown, mail: shown, hours: shown, page: shown }),
    operators: z.array(deskOperator),
    /** Who has the role and serves elsewhere, or nowhere yet. */
    former: z.array(z.number()),
    policy: deskPolicy,
    papers: z.array(paperInForce),
    counts: z.object({ inquiries: z.number(), harm: z.number(), days: dayCounts, statedAt: z.string().nullable() }),
    waiting: z.object({ escalated: z.number(), callBacks: z.number(), open: z.number() }),
    staffing,
    isScopeVerified: z.boolean(),
  }),
});

export const openDesk = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/desk",
  access: "handle-incidents",
  summary: "Open the desk: what stands on the papers as facts, and operators with a term",
  params: incidentParams,
  body: operatorsGiven.extend({ name: line(200).min(1), phone: line(60), mail: line(254), hours: line(200), page: line(400) }),
  reply: z.object({ invitations }),
});

export const inviteOperators = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/desk/operators",
  access: "handle-incidents",
  summary: "More operators, or former ones again, with a term",
  params: incidentParams,
  body: operatorsGiven,
  reply: z.object({ invitations }),
});

export const setOperatorTerm = endpoint({
  method: "PUT",
  path: "/api/incidents/:incidentNo/desk/operators/:accountNo",
  access: "handle-incidents",
  summary: "Change the term of an operator; null ends it at once",
  params: z.object({ incidentNo: number, accountNo: number }),
  body: z.object({ until: z.iso.datetime().nullable() }),
  reply: z.object({ endsAt: z.string() }),
});

export const releaseOperator = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/desk/operators/:accountNo/release",
  access: "handle-incidents",
  summary: "Let an operator look again whose looks were stopped, with a reason",
  params: z.object({ incidentNo: number, accountNo: number }),
  body: z.object({ reason: line(400).min(1) }),
  reply: z.object({}),
});

export const closeDesk = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/desk/close",
  access: "handle-incidents",
  summary: "Close the desk: the terms of its operators end",
  params: incidentParams,
  reply: z.object({}),
});

export const changeDeskPolicy = endpoint({
  method: "PUT",
  path: "/api/incident-desk-policy",
  access: "handle-incidents",
  summary: "How many checks may fail, and how many people an operator is told of in an hour",
  body: deskPolicy,
  reply: deskPolicy,
});

export const stateDeskCounts = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/desk/counts",
  access: "handle-incidents",
  summary: "State the numbers of inquiries and of reports of harm as facts of the incident, as they are now",
  params: incidentParams,
  reply: z.object({ inquiries: z.number(), harm: z.number() }),
});

/** What an operator finds after signing in. */
export const listDesks = endpoint({
  method: "GET",
  path: "/api/incident-desks",
  access: "answer-callers",
  summary: "The open desks at which one serves",
  reply: z.object({
    desks: z.array(z.object({ incidentNo: z.number(), isDrill: z.boolean(), endsAt: z.string().nullable(), isStopped: z.boolean(), open: z.number() })),
  }),
});

const scriptPiece = z.union([z.object({ kind: z.literal("plain"), text: z.string() }), z.object({ kind: z.literal("typed"), text: shown })]);
const script = z.object({
  version: z.number(),
  approvedAt: z.string(),
  approvedBy: z.number().nullable(),
  sections: z.array(
    z.object({
      key: z.string(),
      title: z.string().nullable(),
      entries: z.array(z.object({ key: z.string(), label: z.string().nullable(), pieces: z.array(scriptPiece) })),
    }),
  ),
});
export type DeskScript = z.output<typeof script>;

export const showScripts = endpoint({
  method: "GET",
  path: "/api/incident-desks/:incidentNo/scripts",
  access: "answer-callers",
  summary: "Script and answers of a desk in the versions in force, with who approved them",
  params: incidentParams,
  reply: z.object({ script: script.nullable(), faq: script.nullable() }),
});

const caseHead = z.object({
  caseNo: z.number(),
  incidentNo: z.number(),
  channel: z.enum(channels),
  caller: z.enum(callers),
  openedAt: z.string(),
  openedBy: z.number().nullable(),
  state: z.enum(caseStates),
  /** The caller was found to be who they say. */
  isIdentified: z.boolean(),
  answer: z.enum(deskAnswers).nullable(),
  isEscalated: z.boolean(),
  callBackAt: z.string().nullable(),
  hasHarm: z.boolean(),
});
export type DeskCaseHead = z.output<typeof caseHead>;

export const beginCase = endpoint({
  method: "POST",
  path: "/api/incident-desks/:incidentNo/cases",
  access: "answer-callers",
  summary: "Take a call, a mail, a form or a letter",
  params: incidentParams,
  body: z.object({ channel: z.enum(channels), caller: z.enum(callers) }),
  reply: z.object({ caseNo: z.number() }),
});

export const caseQueues = ["own", "call-backs", "escalated", "all"] as const;

export const listCases = endpoint({
  method: "GET",
  path: "/api/incident-desks/:incidentNo/cases",
  access: "answer-callers",
  summary: "Cases of a desk: one's own, those to be called back, those handed up, all; an operator sees their own and who waits to be called back",
  params: incidentParams,
  query: z.object({ queue: z.enum(caseQueues).default("own"), before: number.optional() }),
  reply: z.object({ cases: z.array(caseHead), nextBefore: z.number().nullable() }),
});

const caseEntry = z.object({
  entryNo: z.number(),
  kind: z.enum(entryKinds),
  at: z.string(),
  by: z.number().nullable(),
  text: shown,
  harmKind: z.enum(harmKinds).nullable(),
  harmOn: z.string().nullable(),
  harmAmount: z.enum(harmAmounts).nullable(),
  dueAt: z.string().nullable(),
  papers: z.enum(agentPapers).nullable(),
});
export type DeskEntry = z.output<typeof caseEntry>;

const caseCheck = z.object({
  checkNo: z.number(),
  at: z.string(),
  by: z.number(),
  way: z.enum(["values", "call-back"]),
  kinds: z.array(statedKind),
  outcome: z.enum(["passed", "failed", "calling"]),
  answer: z.enum(deskAnswers).nullable(),
  /** Names of items; of the fields, Japanese and English. */
  items: z.array(z.object({ ja: z.string(), en: z.string() })),
});
export type DeskCheck = z.output<typeof caseCheck>;

export const showCase = endpoint({
  method: "GET",
  path: "/api/incident-desk-cases/:caseNo",
  access: "answer-callers",
  summary: "One case with its whole history: checks, answers, notes, reports of harm",
  params: caseParams,
  reply: z.object({
    head: caseHead,
    /** For whoever handles the incident; null for operators, and before the caller was identified. */
    customerNo: z.number().nullable(),
    entries: z.array(caseEntry),
    checks: z.array(caseCheck),
    hasPapers: z.boolean(),
  }),
});

const stated = z.object({ kind: statedKind, value: z.string().trim().min(1).max(400) });
export type Stated = z.output<typeof stated>;

/**
 * Two registered values, as the caller states them. What comes back of a check that failed is the same whatever was wrong: the same
 * words, the same number of bytes, at the same beat.
 */
export const checkCaller = endpoint({
  method: "POST",
  path: "/api/incident-desk-cases/:caseNo/check",
  access: "answer-callers",
  summary: "Check who is calling: two registered values are compared without being shown; then whether the person is concerned",
  params: caseParams,
  body: z.object({
    stated: z
      .array(stated)
      .length(2)
      .refine((given) => isEnough(given.map(({ kind }) => kind))),
  }),
  bodyLimit: 4 * 1024,
  reply: z.object({
    outcome: z.enum(["identified", "unconfirmed"]),
    answer: z.enum(deskAnswers).nullable(),
    items: z.array(z.object({ ja: z.string(), en: z.string() })),
    /** Makes all replies of one length. */
    padding: z.string(),
  }),
});

/** The telephone number goes to a call; the screen shows its last two digits. */
export const callBack = endpoint({
  method: "POST",
  path: "/api/incident-desk-cases/:caseNo/call-back",
  access: "answer-callers",
  summary: "Have the registered number called: for a caller whose values were not enough",
  params: caseParams,
  body: z.object({
    stated: z
      .array(stated)
      .min(1)
      .max(2)
      .refine((given) => new Set(given.map(({ kind }) => kind)).size === given.length && given.some(({ kind }) => indexedKinds.includes(kind))),
  }),
  bodyLimit: 4 * 1024,
  reply: z.object({ outcome: z.enum(["calling", "unconfirmed"]), number: shown }),
});

export const confirmCallBack = endpoint({
  method: "POST",
  path: "/api/incident-desk-cases/:caseNo/call-back/reached",
  access: "answer-callers",
  summary: "Say what came of the call to the registered number; where the person answered, whether they are concerned",
  params: caseParams,
  body: z.object({ isPerson: z.boolean() }),
  reply: z.object({ answer: z.enum(deskAnswers).nullable(), items: z.array(z.object({ ja: z.string(), en: z.string() })) }),
});

const text = line(4000).min(1);
const optionalText = line(4000).default("");

export const addEntry = endpoint({
  method: "POST",
  path: "/api/incident-desk-cases/:caseNo/entries",
  access: "answer-callers",
  summary: "Write into the history of a case: a note, harm, papers of an agent, handing up, a call back, its end",
  params: caseParams,
  body: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("note"), text }),
    z.object({ kind: z.literal("harm"), text, harmKind: z.enum(harmKinds), harmOn: day.nullable(), harmAmount: z.enum(harmAmounts) }),
    z.object({ kind: z.literal("papers"), text: optionalText, papers: z.enum(agentPapers), wereSeen: z.literal(true) }),
    z.object({ kind: z.literal("escalation"), text }),
    z.object({ kind: z.literal("escalation-settled"), text: optionalText }),
    z.object({ kind: z.literal("call-back"), text: optionalText, dueAt: z.iso.datetime() }),
    z.object({ kind: z.literal("call-back-done"), text: optionalText }),
    z.object({ kind: z.literal("call-back-missed"), text: optionalText }),
    z.object({ kind: z.literal("closed"), text: optionalText }),
    z.object({ kind: z.literal("reopened"), text: optionalText }),
  ]),
  reply: z.object({ entryNo: z.number() }),
});

/** Tiers as they are told to callers. */
export const answerOfTier: Readonly<Record<(typeof scopeTiers)[number], DeskAnswer>> = { confirmed: "affected", possible: "checking", excluded: "unaffected" };
