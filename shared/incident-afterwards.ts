import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { sheetHead } from "./incident-sheet.ts";
import { shown } from "./shown.ts";
import { scopeTiers } from "./incident-scope.ts";

const no = z.coerce.number().int().positive().max(2_147_483_647);
const number = z.number().int().positive().max(2_147_483_647);
const incidentParams = z.object({ incidentNo: no });
const version = z.number().int();
const text = (most: number) => z.string().trim().min(1).max(most);
const day = z.iso.date();

/** 再発防止策: 計画、実施、証明. `dropped`: given up, with a reason. An incident is not closed while one is planned or unproven. */
export const preventionStates = ["planned", "done", "proven", "dropped"] as const;
export type PreventionState = (typeof preventionStates)[number];

/** How it was proven that a prevention works. */
export const proofWays = ["test", "inspection", "records", "training", "outside"] as const;
export type ProofWay = (typeof proofWays)[number];

const prevention = z.object({
  preventionNo: z.number(),
  incidentNo: z.number(),
  what: shown,
  ownerNo: z.number(),
  dueOn: z.string(),
  state: z.enum(preventionStates),
  version: z.number(),
  /** How often the owner was reminded. */
  reminders: z.number(),
  done: z.object({ at: z.string(), by: z.number().nullable(), note: shown }).nullable(),
  proof: z.object({ at: z.string(), by: z.number().nullable(), how: z.enum(proofWays), evidence: shown, eventNo: z.number().nullable() }).nullable(),
  /** Why it was given up, or went back to its owner. */
  reason: shown,
});
export type Prevention = z.output<typeof prevention>;

export const listPreventions = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo/preventions",
  access: "handle-incidents",
  summary: "What is done so that it does not happen again (再発防止策), each until it is proven",
  params: incidentParams,
  reply: z.object({ preventions: z.array(prevention) }),
});

export const addPrevention = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/preventions",
  access: "handle-incidents",
  summary: "Plan a prevention: what, who, until when",
  params: incidentParams,
  body: z.object({ what: text(1000), ownerNo: number, dueOn: day }),
  reply: z.object({ preventionNo: z.number() }),
});

const preventionParams = z.object({ incidentNo: no, preventionNo: no });

export const changePrevention = endpoint({
  method: "PATCH",
  path: "/api/incidents/:incidentNo/preventions/:preventionNo",
  access: "handle-incidents",
  summary: "Correct a prevention, send it back to its owner, or give it up; the last two with a reason",
  params: preventionParams,
  body: z.object({
    version,
    what: text(1000).optional(),
    ownerNo: number.optional(),
    dueOn: day.optional(),
    state: z.enum(["planned", "dropped"]).optional(),
    reason: text(1000).optional(),
  }),
  reply: z.object({ version: z.number() }),
});

/** Never by whoever carried it out. */
export const provePrevention = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/preventions/:preventionNo/prove",
  access: "handle-incidents",
  summary: "State that a prevention works: how it was found out, and by what",
  params: preventionParams,
  body: z.object({ version, how: z.enum(proofWays), evidence: text(2000), eventNo: z.number().int().positive().optional() }),
  reply: z.object({ version: z.number() }),
});

export const listOwnPreventions = endpoint({
  method: "GET",
  path: "/api/preventions",
  access: "signed-in",
  summary: "Preventions that are mine to carry out, by their day",
  reply: z.object({
    today: z.string(),
    preventions: z.array(prevention.pick({ preventionNo: true, incidentNo: true, what: true, dueOn: true, version: true, reminders: true, reason: true })),
  }),
});

export const carryOutPrevention = endpoint({
  method: "POST",
  path: "/api/preventions/:preventionNo/carried-out",
  access: "signed-in",
  summary: "Report a prevention as carried out: its owner, or whoever handles incidents",
  params: z.object({ preventionNo: no }),
  body: z.object({ version, note: text(1000) }),
  reply: z.object({ version: z.number() }),
});

/** What is done for people, one by one, and what the house pays for itself. */
export const personRedress = ["apology-letter", "voucher", "card-reissue", "watch-service", "refund", "call", "visit", "other"] as const;
export const houseCosts = ["investigation", "legal", "consulting", "letters", "newspaper", "desk", "systems", "other-cost"] as const;
export const redressKinds = [...personRedress, ...houseCosts] as const;
export type RedressKind = (typeof redressKinds)[number];
/** 予定、発送・手配済み、完了、返戻・不着、辞退. */
export const redressStates = ["planned", "sent", "settled", "returned", "declined"] as const;
export type RedressState = (typeof redressStates)[number];
const yen = z.number().int().min(0).max(2_000_000_000);

const redress = z.object({
  redressNo: z.number(),
  /** Null: a cost of the house. Of somebody who was merged since, whoever is kept. */
  customerNo: z.number().nullable(),
  name: shown,
  tier: z.enum(scopeTiers).nullable(),
  kind: z.enum(redressKinds),
  amount: z.number(),
  state: z.enum(redressStates),
  onDay: z.string().nullable(),
  note: shown,
  changedBy: z.number().nullable(),
  changedAt: z.string(),
  version: z.number(),
});
export type Redress = z.output<typeof redress>;

export const mostRedressShown = 50;

export const listRedress = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/redress/list",
  access: "handle-incidents",
  summary: "The ledger of compensation and follow-up (補償・対応台帳): per person, with names as one's rights show them",
  params: incidentParams,
  body: z.object({
    kind: z.enum(redressKinds).optional(),
    state: z.enum(redressStates).optional(),
    offset: z.number().int().min(0).default(0),
    limit: z.number().int().min(1).max(500).default(mostRedressShown),
  }),
  reply: z.object({ total: z.number(), entries: z.array(redress) }),
});

/** Rows of one act; more are added by asking again. */
export const mostRedressAtOnce = 20_000;

export const addRedress = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/redress",
  access: "handle-incidents",
  summary: "Enter something that is done for people of the incident, or a cost of the house. Who has an entry of the kind keeps it",
  params: incidentParams,
  body: z.object({
    kind: z.enum(redressKinds),
    amount: yen,
    state: z.enum(redressStates).default("planned"),
    onDay: day.nullable().default(null),
    note: z.string().trim().max(1000).default(""),
    /** Of a kind for people: these, or everybody of these tiers of the newest scope. */
    customerNos: z.array(number).min(1).max(500).optional(),
    tiers: z
      .array(z.enum(["confirmed", "possible"]))
      .min(1)
      .max(2)
      .optional(),
  }),
  reply: z.object({ added: z.number(), known: z.number(), left: z.number() }),
});

export const changeRedress = endpoint({
  method: "PATCH",
  path: "/api/incidents/:incidentNo/redress",
  access: "handle-incidents",
  summary: "Carry entries on: those that are named, or all of a kind in a state",
  params: incidentParams,
  body: z.object({
    redressNos: z.array(number).min(1).max(500).optional(),
    allOf: z.object({ kind: z.enum(redressKinds), state: z.enum(redressStates) }).optional(),
    state: z.enum(redressStates).optional(),
    amount: yen.optional(),
    onDay: day.nullable().optional(),
    /** Of one entry alone. */
    note: z.string().trim().max(1000).optional(),
  }),
  reply: z.object({ changed: z.number() }),
});

const cost = z.object({
  kind: z.enum(redressKinds),
  isPerPerson: z.boolean(),
  people: z.number(),
  entries: z.number(),
  /** Yen: all that is not declined or came back, and of it what is sent or settled. */
  planned: z.number(),
  spent: z.number(),
  states: z.array(z.object({ state: z.enum(redressStates), entries: z.number() })),
});
export type CostOut = z.output<typeof cost>;

export const showCosts = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo/costs",
  access: "handle-incidents",
  summary: "What compensation, follow-up and everything else come to so far",
  params: incidentParams,
  reply: z.object({ costs: z.array(cost), people: z.number(), planned: z.number(), spent: z.number() }),
});

export const lessonKinds = ["lesson", "discipline"] as const;
export type LessonKind = (typeof lessonKinds)[number];
const lesson = z.object({
  lessonNo: z.number(),
  version: z.number(),
  kind: z.enum(lessonKinds),
  /** Of a disciplinary record: whom it is about. */
  accountNo: z.number().nullable(),
  /** Null: taken back. */
  text: shown,
  isWithdrawn: z.boolean(),
  by: z.number().nullable(),
  at: z.string(),
});

export const listLessons = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo/lessons",
  access: "handle-incidents",
  summary: "Lessons (教訓) and disciplinary records (懲戒の記録) in all their versions, the newest first",
  params: incidentParams,
  reply: z.object({ lessons: z.array(lesson) }),
});

export const writeLesson = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/lessons",
  access: "handle-incidents",
  summary: "Write a lesson or a disciplinary record, or a new version of one; null takes it back. Former versions stay",
  params: incidentParams,
  body: z.object({
    kind: z.enum(lessonKinds),
    text: text(4000).nullable(),
    accountNo: number.optional(),
    /** A new version of this one, on top of that version. */
    of: z.object({ lessonNo: number, version }).optional(),
  }),
  reply: z.object({ lessonNo: z.number(), version: z.number() }),
});

const piece = z.union([z.object({ kind: z.literal("plain"), text: z.string() }), z.object({ kind: z.literal("typed"), text: shown })]);
const line = z.object({ label: z.string(), pieces: z.array(piece) });

/** One page (A4, Japanese) for who was not there: made anew out of what is known, like the papers; it does not replace a report. */
export const printSummary = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/summary",
  access: "handle-incidents",
  summary: "The one-page summary of an incident as PDF (A4)",
  params: incidentParams,
  body: z.object({}),
  replyKind: "file",
  reply: z.object({
    ...sheetHead,
    /** Numbers that stand large, and what they rest on. */
    numbers: z.array(z.object({ label: z.string(), people: z.number().nullable() })),
    proof: z.string(),
    items: z.array(line),
    timeline: z.array(z.object({ at: z.string(), pieces: z.array(piece) })),
    facts: z.array(line),
    measures: z.array(z.string()),
    reports: z.array(z.string()),
    preventions: z.array(z.object({ what: shown, owner: shown, ownerNo: z.number(), dueOn: z.string(), state: z.enum(preventionStates) })),
    morePreventions: z.number(),
    costs: z.array(z.object({ label: z.string(), text: z.string() })),
    lessons: z.number(),
  }),
});
