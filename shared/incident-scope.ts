import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { shown } from "./shown.ts";

/** 確認: released by an event of the causes. 可能性: by a way that the ledger does not prove shut. 除外: everybody else who existed then. */
export const scopeTiers = ["confirmed", "possible", "excluded"] as const;
export type ScopeTier = (typeof scopeTiers)[number];
export const scopeTier = z.enum(scopeTiers);

/** What the values of a cause are, so that a screen can ask for them. `people`: numbers of customers; `none`: time alone. */
export const causeValues = ["accounts", "sessions", "devices", "addresses", "roles", "departments", "imports", "lists", "people", "none"] as const;
export type CauseValues = (typeof causeValues)[number];

/** Where the keys were when data left: apart from it, with it, or nobody knows. */
export const keyPlaces = ["apart", "together", "unknown"] as const;
export type KeyPlace = (typeof keyPlaces)[number];

/**
 * By which way somebody came into a tier.
 * confirmed: `released` a value left in full by an event; `named` a list from outside names the person.
 * possible: `masked` only shapes of values were shown; `import-file` stood in a file that was imported or shown from it;
 * `copy` in a backup or copy of the database that left with its keys, or nobody knows; `device-memory` shown on a device before
 * it was lost; `machine` the machine or its keys were in other hands; `unverified` the ledger does not verify.
 */
export const scopeWays = ["released", "named", "masked", "import-file", "copy", "device-memory", "machine", "unverified"] as const;
export type ScopeWay = (typeof scopeWays)[number];

/** Why somebody, or everybody by one cause, is excluded. */
export const scopeProofs = ["no-release", "ciphertext-only", "created-later"] as const;
export type ScopeProof = (typeof scopeProofs)[number];

/** Codes, numbers and addresses as they stand in the ledger; nothing that a person could be told by. */
const causeValue = z.union([z.number().int().min(1).max(2_147_483_647), z.string().regex(/^[0-9A-Za-z:./_-]{1,64}$/)]);

export const scopeCause = z.object({
  /** One of {@link listCauseKinds}. */
  kind: z.string().regex(/^[a-z][a-z-]{1,30}$/),
  /** Any of them; none where the kind takes none. */
  values: z.array(causeValue).max(20_000).default([]),
  keys: z.enum(keyPlaces).optional(),
  /** Inclusive; absent: from the beginning. */
  from: z.iso.datetime({ offset: true }).optional(),
  /** Exclusive; absent: to the last event. */
  to: z.iso.datetime({ offset: true }).optional(),
});
export type ScopeCause = z.output<typeof scopeCause>;

const incidentNo = z.coerce.number().int().positive().max(2_147_483_647);
const runNo = incidentNo;
const counts = z.object({ confirmed: z.number(), possible: z.number(), excluded: z.number() });
export type ScopeCounts = z.output<typeof counts>;

/** `pending` 検証待ち; `holds`: what the run rests on was proved; `fails`: nobody is excluded. */
export const scopeVerifications = ["pending", "holds", "fails"] as const;

export const scopeSummary = z.object({
  runNo: z.number(),
  /** Null: asked from the command line without an incident. */
  incidentNo: z.number().nullable(),
  askedAt: z.string(),
  /** Null: the command line. */
  askedBy: z.number().nullable(),
  causes: z.array(scopeCause),
  /** The last event that the run saw; asked again as of it, the hash is the same. */
  asOfEvent: z.number(),
  asOfAt: z.string(),
  /** The newest checkpoint then. */
  treeSize: z.number().nullable(),
  rootHash: z.string().nullable(),
  /** Persons after merges, with what the officer moved. */
  ...counts.shape,
  /** As it was computed. */
  computed: counts,
  /** Persons who existed until the end of the time asked for. */
  existed: z.number(),
  /** Persons within reach of the causes' accounts by the rights of then; null while nobody can tell. */
  withinReach: z.number().nullable(),
  /** By field key, persons of whom it was released in full (`confirmed`) or its shape alone (`possible`). */
  fields: z.array(z.object({ field: z.string(), confirmed: z.number(), possible: z.number() })),
  /** Confirmed persons of whom a 機微 field was released. */
  sensitive: z.number(),
  ways: z.array(z.object({ way: z.enum(scopeWays), people: z.number() })),
  /** What the exclusion rests on; `cause`: index in `causes`, null: all. */
  proofs: z.array(z.object({ proof: z.enum(scopeProofs), cause: z.number().nullable(), people: z.number() })),
  isVerified: z.boolean(),
  verification: z.object({
    state: z.enum(scopeVerifications),
    events: z.number(),
    of: z.number(),
    at: z.string().nullable(),
    findings: z.number(),
    /** `proved`: what was read was held against what was proved before; `whole`: besides, every event was read and looked at anew. */
    basis: z.enum(["proved", "whole"]).nullable(),
    /** Names of what does not hold, without any value. */
    found: z.array(z.string()),
    /** When the whole ledger was last verified without a finding. */
    wholeAt: z.string().nullable(),
  }),
  /** SHA-256 over the sorted tiers, base64url. */
  hash: z.string(),
  tookMs: z.number(),
});
export type ScopeSummary = z.output<typeof scopeSummary>;

export const listCauseKinds = endpoint({
  method: "GET",
  path: "/api/incidents/cause-kinds",
  access: "handle-incidents",
  summary: "Kinds of causes that the scope of an incident can be asked for",
  reply: z.object({
    kinds: z.array(z.object({ kind: z.string(), ja: z.string(), en: z.string(), takes: z.enum(causeValues), asksForKeys: z.boolean() })),
  }),
});

export const mostSignIns = 50;

/** Nobody knows the number of a session or a browser by heart: whose it was and when is known. */
export const listSignIns = endpoint({
  method: "GET",
  path: "/api/incidents/sign-ins/:accountNo",
  access: "handle-incidents",
  summary: "The last sign-ins of an account, for a cause that names a session or a device",
  params: z.object({ accountNo: incidentNo }),
  reply: z.object({
    signIns: z.array(
      z.object({
        sessionId: z.string(),
        /** Null: the browser kept no cookie. */
        deviceId: z.string().nullable(),
        at: z.string(),
        address: z.string().nullable(),
        /** What the browser called itself; null once the session is long over. */
        device: z.string().nullable(),
      }),
    ),
  }),
});

/** Runs may take seconds. Events after `asOfEvent` are not looked at; absent: to the last one. */
export const runScope = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/scope",
  access: "handle-incidents",
  summary: "From causes to the people of an incident, in three tiers",
  params: z.object({ incidentNo }),
  body: z.object({ causes: z.array(scopeCause).min(1).max(50), asOfEvent: z.number().int().positive().optional() }),
  bodyLimit: 1024 * 1024,
  reply: scopeSummary,
});

export const listScopes = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo/scope/runs",
  access: "handle-incidents",
  summary: "Runs of an incident's scope, newest first",
  params: z.object({ incidentNo }),
  reply: z.object({ runs: z.array(scopeSummary) }),
});

const scopeParams = z.object({ incidentNo, runNo });

export const showScope = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo/scope/runs/:runNo",
  access: "handle-incidents",
  summary: "One run of an incident's scope",
  params: scopeParams,
  reply: scopeSummary,
});

/** One person. Times and numbers of events are null where no event released anything. */
export const scopePerson = z.object({
  customerNo: z.number(),
  /** Null: erased, or beyond the reader's rights. */
  name: shown,
  /** As it stands with the officer's move. */
  tier: scopeTier,
  computedTier: scopeTier,
  ways: z.array(z.enum(scopeWays)),
  fields: z.array(z.object({ field: z.string(), isFull: z.boolean() })),
  events: z.number(),
  firstAt: z.string().nullable(),
  lastAt: z.string().nullable(),
  firstEvent: z.number().nullable(),
  lastEvent: z.number().nullable(),
  /** Numbers merged into this one that the run met, or that stood in it. */
  mergedNos: z.array(z.number()),
  move: z.object({ at: z.string(), by: z.number().nullable(), reason: shown }).nullable(),
});
export type ScopePerson = z.output<typeof scopePerson>;

export const mostScopePeople = 50;

/** Whose names are shown is recorded, like any list. */
export const listScopePeople = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/scope/runs/:runNo/people",
  access: "handle-incidents",
  summary: "People of a tier, by number",
  params: scopeParams,
  body: z.object({
    tier: scopeTier,
    /** Only whom the officer moved. */
    isMoved: z.boolean().optional(),
    offset: z.number().int().min(0).max(10_000_000).default(0),
    limit: z.number().int().min(1).max(mostScopePeople).default(mostScopePeople),
  }),
  reply: z.object({ total: z.number(), people: z.array(scopePerson) }),
});

/** The red thread: which events of the ledger put a person into the scope, newest first. */
export const listScopeEvents = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/scope/runs/:runNo/people/:customerNo/events",
  access: "handle-incidents",
  summary: "The events of a run that concern one person",
  params: scopeParams.extend({ customerNo: incidentNo }),
  body: z.object({ before: z.number().int().positive().optional(), limit: z.number().int().min(1).max(100).default(50) }),
  reply: z.object({
    events: z.array(
      z.object({
        eventNo: z.number(),
        at: z.string(),
        type: z.string(),
        accountNo: z.number().nullable(),
        sessionId: z.string().nullable(),
        address: z.string().nullable(),
        purpose: z.string().nullable(),
        fields: z.array(z.object({ field: z.string(), isFull: z.boolean() })),
        /** Indexes in the run's causes. */
        causes: z.array(z.number()),
      }),
    ),
    nextBefore: z.number().nullable(),
    /** What does not hold of the events shown: then the run does not hold either. */
    found: z.array(z.string()),
  }),
});

/** Moves hold for the incident: later runs show them too. To take one back, move to the computed tier. */
export const moveScopePeople = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/scope/runs/:runNo/move",
  access: "handle-incidents",
  summary: "Move people to another tier, with a reason",
  params: scopeParams,
  body: z.object({
    customerNos: z.array(z.number().int().positive().max(2_147_483_647)).min(1).max(1_000),
    tier: scopeTier,
    reason: z.string().trim().min(1).max(1_000),
  }),
  /** `outOfNotices`: people whom a notice that was begun does not go to any more. */
  reply: scopeSummary.extend({ outOfNotices: z.number() }),
});

/**
 * Why somebody's tier differs: events since the other run, another cause, a merge or its undoing, came into being since.
 */
export const scopeChangeReasons = ["new-events", "causes", "merge", "new-person"] as const;

export const compareScopes = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/scope/runs/:runNo/compare",
  access: "handle-incidents",
  summary: "What one run shows otherwise than an earlier one",
  params: scopeParams,
  body: z.object({ otherRunNo: z.number().int().positive() }),
  reply: z.object({
    /** Per tier of this run: who came into it from which tier of the other (null: did not stand there), and why. The first 1,000 numbers. */
    changes: z.array(
      z.object({
        from: scopeTier.nullable(),
        to: scopeTier.nullable(),
        reason: z.enum(scopeChangeReasons),
        people: z.number(),
        customerNos: z.array(z.number()),
      }),
    ),
    causesAdded: z.array(scopeCause),
    causesRemoved: z.array(scopeCause),
  }),
});
