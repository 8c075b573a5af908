import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { fieldClass } from "./rights.ts";
import { shown } from "./shown.ts";

const no = z.coerce.number().int().positive().max(2147483647);
const customerParams = z.object({ customerNo: no });
const requestParams = z.object({ requestNo: no });
const day = z.iso.date();
/** What is typed about a request or an act: sealed under the person's key. */
const typed = z.string().trim().max(2000);

/** 開示・訂正・利用停止・消去・第三者提供停止 (個人情報保護法33–35条). */
export const requestKinds = ["disclosure", "correction", "suspension", "erasure", "stop-providing"] as const;
export type RequestKind = (typeof requestKinds)[number];
export const requestStates = ["open", "decided", "answered", "withdrawn"] as const;
export const requestChannels = ["letter", "mail", "phone", "counter", "web"] as const;
/** How it was made sure that it is the person (本人確認), or somebody who may act for them. */
export const identityChecks = ["none", "document", "call-back", "known-address", "agent-proof"] as const;
export const requestDecisions = ["granted", "partly", "refused"] as const;

export const personRequest = z.object({
  requestNo: z.number(),
  customerNo: z.number(),
  kind: z.enum(requestKinds),
  state: z.enum(requestStates),
  version: z.number(),
  receivedOn: z.string(),
  dueOn: z.string(),
  channel: z.enum(requestChannels),
  identityCheck: z.enum(identityChecks),
  recordedBy: z.number(),
  decision: z.enum(requestDecisions).nullable(),
  decidedBy: z.number().nullable(),
  decidedAt: z.string().nullable(),
  answeredBy: z.number().nullable(),
  answeredAt: z.string().nullable(),
  /** The person was erased since: nothing that was written can be read any more. */
  isErased: z.boolean(),
  /** Kept for now (保全中), as far as the caller has to know: an erasure waits. */
  isHeld: z.boolean(),
  fullName: shown,
});
export type PersonRequest = z.output<typeof personRequest>;

export const listPersonRequests = endpoint({
  method: "GET",
  path: "/api/person-requests",
  access: "customer.read",
  summary: "Requests of persons about their own data, what is due first",
  query: z.object({ state: z.enum(["due", "all"]).default("due") }),
  reply: z.object({ requests: z.array(personRequest), mayAnswer: z.boolean() }),
});

export const recordPersonRequest = endpoint({
  method: "POST",
  path: "/api/customers/:customerNo/person-requests",
  access: "customer.read",
  summary: "Record that a person asked for disclosure, correction, suspension, erasure or an end of providing",
  params: customerParams,
  body: z.object({
    kind: z.enum(requestKinds),
    receivedOn: day,
    channel: z.enum(requestChannels),
    identityCheck: z.enum(identityChecks),
    text: typed.default(""),
  }),
  reply: z.object({ requestNo: z.number(), dueOn: z.string() }),
});

/** One step of a request. `version` is the one that was read; another one now means `conflict`. */
export const movePersonRequest = endpoint({
  method: "POST",
  path: "/api/person-requests/:requestNo/move",
  access: "answer-person",
  summary: "Note the identity check, decide, or note that a request was answered or withdrawn",
  params: requestParams,
  body: z.object({
    version: z.number().int(),
    step: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("identity"), identityCheck: z.enum(identityChecks) }),
      z.object({ kind: z.literal("decide"), decision: z.enum(requestDecisions), answer: typed.default("") }),
      z.object({ kind: z.literal("answer") }),
      z.object({ kind: z.literal("withdraw") }),
    ]),
  }),
  reply: z.object({ requestNo: z.number(), version: z.number(), state: z.enum(requestStates) }),
});

export const consentHows = ["form", "contract", "oral", "web", "card", "import"] as const;
export const usePurpose = z.object({ purposeNo: z.number(), ja: z.string(), en: z.string(), opt: z.enum(["in", "out"]), isArchived: z.boolean() });
export type UsePurpose = z.output<typeof usePurpose>;

export const erasureStates = ["waiting", "running", "done", "refused"] as const;
export const erasureReasons = ["asked-by-person", "no-longer-needed", "term-over", "trash-term-over"] as const;
export const erasureRow = z.object({
  erasureNo: z.number(),
  kind: z.enum(["erasure", "disposal"]),
  reason: z.enum(erasureReasons),
  state: z.enum(erasureStates),
  approvalNo: z.number().nullable(),
  requestNo: z.number().nullable(),
  askedBy: z.number(),
  askedAt: z.string(),
  grantedBy: z.number().nullable(),
  grantedAt: z.string().nullable(),
  persons: z.number(),
  erased: z.number(),
  held: z.number(),
  doneAt: z.string().nullable(),
  keysRefreshedAt: z.string().nullable(),
  keysMissed: z.number().nullable(),
});
export type ErasureRow = z.output<typeof erasureRow>;

/** Where a person stands: suspended or not, what was asked, what was agreed to. */
export const personFile = endpoint({
  method: "GET",
  path: "/api/customers/:customerNo/person-file",
  access: "customer.read",
  summary: "A person's requests, consents, and whether their use is suspended",
  params: customerParams,
  reply: z.object({
    /** Kept for now (保全中), as far as the caller has to know. */
    isHeld: z.boolean(),
    suspendedAt: z.string().nullable(),
    requests: z.array(personRequest.omit({ fullName: true }).extend({ text: shown, answer: shown })),
    consents: z.array(
      z.object({
        consentNo: z.number(),
        purposeNo: z.number(),
        stance: z.enum(["given", "objected"]),
        how: z.enum(consentHows),
        recordedBy: z.number().nullable(),
        recordedAt: z.string(),
        withdrawnAt: z.string().nullable(),
      }),
    ),
    erasures: z.array(erasureRow),
    may: z.object({ write: z.boolean(), suspend: z.boolean(), lift: z.boolean(), erase: z.boolean(), answer: z.boolean() }),
  }),
});

export const suspendUse = endpoint({
  method: "POST",
  path: "/api/customers/:customerNo/suspend",
  access: "customer.read",
  summary: "Suspend every use of a person's data at once (利用停止)",
  params: customerParams,
  body: z.object({ reason: typed.min(1) }),
  reply: z.object({ kind: z.literal("suspended"), version: z.number() }),
});

export const liftSuspension = endpoint({
  method: "POST",
  path: "/api/customers/:customerNo/lift-suspension",
  access: "answer-person",
  summary: "Lift the suspension of use",
  params: customerParams,
  body: z.object({ reason: typed.min(1) }),
  reply: z.object({ kind: z.literal("lifted"), version: z.number() }),
});

/** Everything held about a person, as it stands in the files of a disclosure (開示). Values in full, of every class. */
export const disclosed = z.object({
  organisation: z.string(),
  at: z.string(),
  requestNo: z.number(),
  customerNo: z.number(),
  createdAt: z.string(),
  updatedAt: z.string(),
  suspendedAt: z.string().nullable(),
  fullName: shown,
  fields: z.array(z.object({ key: z.string(), ja: z.string(), en: z.string(), class: fieldClass, value: shown })),
  /** Rows that were merged into this one (名寄せ): their values are kept as sources. */
  others: z.array(
    z.object({ customerNo: z.number(), fields: z.array(z.object({ key: z.string(), ja: z.string(), en: z.string(), class: fieldClass, value: shown })) }),
  ),
  /** Texts that belong to the person: contact notes, purchases, what was asked. */
  texts: z.array(z.object({ field: z.string(), ja: z.string(), en: z.string(), at: z.string(), value: shown })),
  consents: z.array(z.object({ ja: z.string(), en: z.string(), stance: z.enum(["given", "objected"]), at: z.string(), withdrawnAt: z.string().nullable() })),
  /** Where the values came from. */
  sources: z.array(z.object({ kind: z.enum(["entered", "imported", "changed"]), at: z.string(), importNo: z.number().nullable() })),
  /** Files and papers that values left in. */
  given: z.array(z.object({ at: z.string(), event: z.string(), purpose: z.string().nullable(), fields: z.array(z.string()) })),
  /** Acts that showed something of the person, by sort, out of the ledger. */
  uses: z.array(z.object({ event: z.string(), times: z.number() })),
});
export type Disclosed = z.output<typeof disclosed>;

/** A disclosure answers a request whose sender was identified. */
const disclosing = z.object({ purpose: z.literal("person-request"), requestNo: z.number().int().positive() });

export const disclosePdf = endpoint({
  method: "POST",
  path: "/api/customers/:customerNo/disclosure/pdf",
  access: "answer-person",
  summary: "Everything held about a person, as a letter (PDF)",
  params: customerParams,
  body: disclosing,
  replyKind: "file",
  reply: disclosed,
});

export const discloseJson = endpoint({
  method: "POST",
  path: "/api/customers/:customerNo/disclosure/json",
  access: "answer-person",
  summary: "Everything held about a person, as JSON",
  params: customerParams,
  body: disclosing,
  replyKind: "file",
  reply: disclosed,
});

export const askErasure = endpoint({
  method: "POST",
  path: "/api/customers/:customerNo/erase",
  access: "customer.read",
  summary: "Ask a second person to allow the erasure of a customer; nothing is erased before",
  params: customerParams,
  body: z.object({
    because: z.enum(["asked-by-person", "no-longer-needed"]),
    requestNo: z.number().int().positive().nullable().default(null),
    reason: typed.min(1),
  }),
  reply: z.object({ erasureNo: z.number(), approvalNo: z.number() }),
});

export const listErasures = endpoint({
  method: "GET",
  path: "/api/erasures",
  access: "answer-person",
  summary: "Erasures and disposals with their progress, newest first",
  reply: z.object({ erasures: z.array(erasureRow) }),
});

/** Numbers alone: a certificate names nobody. */
export const erasureCertificate = endpoint({
  method: "POST",
  path: "/api/erasures/:erasureNo/certificate",
  access: "answer-person",
  summary: "The certificate of an erasure (PDF), in numbers alone",
  params: z.object({ erasureNo: no }),
  replyKind: "file",
  reply: z.object({ organisation: z.string(), at: z.string(), erasure: erasureRow, customerNos: z.array(z.number()), events: z.array(z.number()) }),
});

/** What would be disposed of today: counts, by why. */
export const dueDisposals = endpoint({
  method: "GET",
  path: "/api/disposals/due",
  access: "answer-person",
  summary: "How many customers are past their term, by reason; those under a hold are left out",
  reply: z.object({
    groups: z.array(
      z.object({
        reason: z.enum(["term-over", "trash-term-over"]),
        persons: z.number(),
        oldest: z.string().nullable(),
        held: z.number(),
        sample: z.array(z.number()),
      }),
    ),
    retentionYears: z.number().nullable(),
    trashDays: z.number(),
  }),
});

export const askDisposal = endpoint({
  method: "POST",
  path: "/api/disposals",
  access: "answer-person",
  summary: "Ask a second person to allow the disposal of everybody past a term; nothing is erased before",
  body: z.object({ reason: z.enum(["term-over", "trash-term-over"]), expectedPersons: z.number().int(), comment: typed.min(1) }),
  reply: z.object({ erasureNo: z.number(), approvalNo: z.number(), persons: z.number() }),
});

export const listUsePurposes = endpoint({
  method: "GET",
  path: "/api/use-purposes",
  access: "signed-in",
  summary: "The organisation's purposes of use (利用目的)",
  reply: z.object({ purposes: z.array(usePurpose) }),
});

const purposeBody = z.object({
  ja: z.string().trim().min(1).max(60),
  en: z.string().trim().min(1).max(80),
  opt: z.enum(["in", "out"]),
  isArchived: z.boolean().default(false),
});

export const addUsePurpose = endpoint({
  method: "POST",
  path: "/api/use-purposes",
  access: "manage-fields",
  summary: "Add a purpose of use",
  body: purposeBody,
  reply: z.object({ purposeNo: z.number() }),
});

export const changeUsePurpose = endpoint({
  method: "PUT",
  path: "/api/use-purposes/:purposeNo",
  access: "manage-fields",
  summary: "Change or archive a purpose of use",
  params: z.object({ purposeNo: no }),
  body: purposeBody,
  reply: z.object({ purposeNo: z.number() }),
});

/** Replaces what was said before about the same purpose. */
export const recordConsent = endpoint({
  method: "POST",
  path: "/api/customers/:customerNo/consents",
  access: "customer.write",
  summary: "Record that a person agreed to a purpose of use, objected, or took it back",
  params: customerParams,
  body: z.object({ purposeNo: z.number().int().positive(), stance: z.enum(["given", "objected", "withdrawn"]), how: z.enum(consentHows) }),
  reply: z.object({ kind: z.literal("recorded") }),
});

export const showPersonPolicy = endpoint({
  method: "GET",
  path: "/api/person-policy",
  access: "signed-in",
  summary: "Days to answer a request, and the term of keeping",
  reply: z.object({ answerDays: z.number(), retentionYears: z.number().nullable() }),
});

export const changePersonPolicy = endpoint({
  method: "PUT",
  path: "/api/person-policy",
  access: "manage-fields",
  summary: "Change the days to answer a request and the term of keeping",
  body: z.object({ answerDays: z.number().int().min(1).max(90), retentionYears: z.number().int().min(1).max(30).nullable() }),
  reply: z.object({ kind: z.literal("saved") }),
});
