import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { paperKeys } from "./incident-papers.ts";
import { shown } from "./shown.ts";

const no = z.coerce.number().int().positive().max(2_147_483_647);
const incidentParams = z.object({ incidentNo: no });
const draftParams = z.object({ draftNo: no });
const paperParams = z.object({ incidentNo: no, paper: z.enum(paperKeys) });

const reason = z.object({ ja: z.string(), en: z.string(), facts: z.array(z.string()), runNo: z.number().nullable(), isToBeChecked: z.boolean() });
export type JudgedReason = z.output<typeof reason>;
const answer = z.enum(["yes", "no", "unknown"]);
const finding = z.object({ answer, reasons: z.array(reason), missing: z.array(z.string()) });
export const overalls = ["reportable", "not-reportable", "undetermined"] as const;

/** 報告対象か (規則7条), limb by limb, and when the reports are due (規則8条). */
export const judgement = z.object({
  law: z.object({ ja: z.string(), en: z.string(), source: z.string(), from: z.string() }).nullable(),
  coming: z.array(z.object({ ja: z.string(), en: z.string() })),
  leak: finding,
  exemption: finding,
  limbs: z.array(finding.extend({ no: z.number(), ja: z.string(), en: z.string(), applies: answer, days: z.number() })),
  persons: z.object({ atLeast: z.number(), atMost: z.number(), from: z.enum(["fact", "scope"]), isFinal: z.boolean() }).nullable(),
  overall: z.enum(overalls),
  reasons: z.array(reason),
  /** Keys of facts that would settle it. */
  missing: z.array(z.string()),
  notes: z.array(reason),
  terms: z.object({
    knownOn: z.string(),
    preliminary: z.object({ early: z.string(), late: z.string() }),
    final: z.object({ days: z.number(), raw: z.string(), due: z.string() }),
    isToBeChecked: z.boolean(),
  }),
});
export type JudgementOut = z.output<typeof judgement>;

export const showJudgement = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo/judgement",
  access: "handle-incidents",
  summary: "Whether an incident must be reported, limb by limb, and both terms",
  params: incidentParams,
  reply: judgement,
});

const level = z.union([z.literal(1), z.literal(2), z.literal(3)]);

/** Estimates, not judgements: each assumption may be changed. Yen; shares in percent. */
export const estimateIncident = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo/estimates",
  access: "handle-incidents",
  summary: "What an incident may cost, and how large its desk must be",
  params: incidentParams,
  query: z.object({
    responsibility: z.enum(["general", "high"]).default("general"),
    handling: z.enum(["good", "bad"]).default("good"),
    callPercent: z.coerce.number().min(0).max(100).default(3),
    handleSeconds: z.coerce.number().int().min(30).max(3600).default(480),
    waves: z.coerce.number().int().min(1).max(60).default(1),
  }),
  reply: z.object({
    /** Null: the number of people is not known yet. */
    persons: z.number().nullable(),
    items: z.array(z.string()),
    damages: z.object({ mental: level, economic: level, identifiability: z.number(), perPerson: z.number(), total: z.number().nullable() }),
    costs: z.array(z.object({ key: z.string(), ja: z.string(), en: z.string(), low: z.number(), high: z.number() })),
    desk: z.object({ calls: z.number(), peakCalls: z.number(), erlangs: z.number(), agents: z.number(), staff: z.number(), waitProbability: z.number() }),
  }),
});

export const draftStates = ["draft", "asked", "approved", "refused"] as const;
export type DraftState = (typeof draftStates)[number];

const draftHead = z.object({
  draftNo: z.number(),
  incidentNo: z.number(),
  paper: z.enum(paperKeys),
  version: z.number(),
  state: z.enum(draftStates),
  overall: z.enum(overalls),
  runNo: z.number().nullable(),
  /** How many entries read otherwise than in the version before. */
  changed: z.number(),
  madeAt: z.string(),
  madeBy: z.number().nullable(),
  requestNo: z.number().nullable(),
  approvedBy: z.number().nullable(),
  approvedAt: z.string().nullable(),
  /** SHA-256 of the content, hexadecimal. */
  hash: z.string(),
});
export type DraftHead = z.output<typeof draftHead>;

export const handingWays = ["web-form", "mail", "post", "in-person", "phone", "published"] as const;
export type HandingWay = (typeof handingWays)[number];
const handedPaper = z.object({ at: z.string(), way: z.enum(handingWays), version: z.number() });
export type HandedPaper = z.output<typeof handedPaper>;

export const listDrafts = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo/drafts",
  access: "handle-incidents",
  summary: "The papers of an incident: what is needed, which versions there are, what has changed since",
  params: incidentParams,
  reply: z.object({
    papers: z.array(
      z.object({
        paper: z.enum(paperKeys),
        isNeeded: z.boolean(),
        latest: draftHead.nullable(),
        /** The last version that was approved. */
        approved: draftHead.nullable(),
        /** When it was first handed over. */
        handed: handedPaper.nullable(),
        /** Entries that would read otherwise in a new version. */
        changed: z.number(),
        /** Entries that are not known (不明). */
        unknown: z.number(),
      }),
    ),
  }),
});

/** Saves a new version of each paper that would read otherwise; the others stay as they are. Absent: the papers that are needed. */
export const makeDrafts = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/drafts",
  access: "handle-incidents",
  summary: "Make the papers of an incident anew out of what is known now",
  params: incidentParams,
  body: z.object({ papers: z.array(z.enum(paperKeys)).min(1).max(paperKeys.length).optional() }),
  reply: z.object({ made: z.array(draftHead) }),
});

const piece = z.union([z.object({ kind: z.literal("plain"), text: z.string() }), z.object({ kind: z.literal("typed"), text: shown })]);
export type DraftPiece = z.output<typeof piece>;
export const entryStates = ["stated", "assumed", "derived", "unknown", "not-applicable", "words"] as const;
const entry = z.object({
  key: z.string(),
  label: z.string().nullable(),
  state: z.enum(entryStates),
  pieces: z.array(piece),
  /** What it rests on: facts and notes of the incident, runs of the scope, events of the ledger, by number. */
  evidence: z.array(z.object({ kind: z.enum(["fact", "note", "scope-run", "event"]), no: z.number() })),
  isToBeChecked: z.boolean(),
  isEditable: z.boolean(),
  isInternal: z.boolean(),
  isChanged: z.boolean(),
  /** How it read before, where it changed and was there. */
  former: z.array(piece).nullable(),
});
export type DraftEntry = z.output<typeof entry>;

export const paperOut = z.object({
  paper: z.enum(paperKeys),
  title: z.string(),
  locale: z.enum(["ja", "en"]),
  isDrill: z.boolean(),
  organisation: z.string(),
  /** Null: as it would read now, saved in no version. */
  head: draftHead.nullable(),
  sections: z.array(z.object({ key: z.string(), title: z.string().nullable(), entries: z.array(entry) })),
  /** Entries of the version before that are gone. */
  gone: z.array(z.object({ key: z.string(), label: z.string().nullable(), pieces: z.array(piece) })),
});
export type PaperOut = z.output<typeof paperOut>;

/** That a version was handed over (提出・送付・公表), as somebody noted it. */
const paperHanding = handedPaper.extend({
  handingNo: z.number(),
  draftNo: z.number(),
  by: z.number().nullable(),
  isWithdrawn: z.boolean(),
  /** 受付番号 */
  receipt: shown,
  note: shown,
});
export type PaperHanding = z.output<typeof paperHanding>;

/** Compared with the last version that was saved. */
export const previewDraft = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo/drafts/:paper",
  access: "handle-incidents",
  summary: "A paper as it would read now, with its saved versions",
  params: paperParams,
  reply: paperOut.extend({ versions: z.array(draftHead), handings: z.array(paperHanding) }),
});

/** Whoever handles incidents, and whoever is asked to approve this version, as long as it waits. Compared with the version before. */
export const showDraft = endpoint({
  method: "GET",
  path: "/api/incident-drafts/:draftNo",
  access: "signed-in",
  summary: "One saved version of a paper, with what it changed",
  params: draftParams,
  reply: paperOut,
});

export const mostPassage = 8000;

/** The paper is saved in a new version. `text` null: the template's words again. */
export const writePassage = endpoint({
  method: "PUT",
  path: "/api/incidents/:incidentNo/drafts/:paper/passages/:key",
  access: "handle-incidents",
  summary: "Put a passage of a paper into words of one's own",
  params: paperParams.extend({ key: z.string().regex(/^[a-z][A-Za-z.-]{1,60}$/) }),
  body: z.object({ text: z.string().trim().min(1).max(mostPassage).nullable() }),
  reply: z.object({ made: draftHead }),
});

export const askDraftApproval = endpoint({
  method: "POST",
  path: "/api/incident-drafts/:draftNo/approval",
  access: "handle-incidents",
  summary: "Ask a second person to approve a version; nothing leaves before",
  params: draftParams,
  body: z.object({
    reason: z.string().trim().max(400).default(""),
    /** The figures are not verified yet and it cannot wait: `reason` says why. The paper says so too. */
    isBeforeVerification: z.boolean().default(false),
  }),
  reply: z.object({ draftNo: z.number(), requestNo: z.number() }),
});

export const downloadDraftWord = endpoint({
  method: "POST",
  path: "/api/incident-drafts/:draftNo/word",
  access: "handle-incidents",
  summary: "An approved paper as a Word file",
  params: draftParams,
  replyKind: "file",
  reply: paperOut,
});

export const downloadDraftPdf = endpoint({
  method: "POST",
  path: "/api/incident-drafts/:draftNo/pdf",
  access: "handle-incidents",
  summary: "An approved paper as a PDF",
  params: draftParams,
  replyKind: "file",
  reply: paperOut,
});

export const handOverDraft = endpoint({
  method: "POST",
  path: "/api/incident-drafts/:draftNo/handings",
  access: "handle-incidents",
  summary: "Note that an approved paper was handed over: when, how, with which receipt",
  params: draftParams,
  body: z.object({
    handedAt: z.iso.datetime(),
    way: z.enum(handingWays),
    receipt: z.string().trim().max(100).default(""),
    note: z.string().trim().max(400).default(""),
  }),
  reply: z.object({ handingNo: z.number() }),
});

export const withdrawHanding = endpoint({
  method: "POST",
  path: "/api/incident-papers/handings/:handingNo/withdraw",
  access: "handle-incidents",
  summary: "Take back the note that a paper was handed over, where it was a mistake",
  params: z.object({ handingNo: no }),
  reply: z.object({}),
});
