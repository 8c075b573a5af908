import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { incidentNo } from "./incidents.ts";
import { shown } from "./shown.ts";

/** What a snapshot holds, in its order; `brought` came from outside. */
export const snapshotKinds = ["scope", "people", "events", "ledger", "checkpoint", "case", "facts", "papers", "measures", "rights"] as const;
export const evidenceKinds = [...snapshotKinds, "brought"] as const;
export type EvidenceKind = (typeof evidenceKinds)[number];
export type SnapshotKind = (typeof snapshotKinds)[number];

/** What ended in a snapshot: somebody asked, a scope was verified, a paper was approved. */
export const snapshotReasons = ["asked", "scope-verified", "paper-approved"] as const;

/** 証拠保全記録: what happened to an item. */
export const custodyActs = ["taken", "described", "looked-at", "copied-out", "bundled", "handed-over", "verified"] as const;
export type CustodyAct = (typeof custodyActs)[number];

/** Bytes of a file that is brought in at most. */
export const mostBroughtBytes = 512 * 1024 * 1024;
/** People whose names a bundle may hold at most; beyond, numbers alone. */
export const mostNamed = 5_000;

const number = z.number().int().positive().max(2_147_483_647);
const coerced = z.coerce.number().int().positive().max(2_147_483_647);
const incidentParams = z.object({ incidentNo });
const itemParams = z.object({ itemNo: coerced });
const typed = (most: number) => z.string().trim().max(most);

const custodyEntry = z.object({
  custodyNo: z.number(),
  itemNo: z.number(),
  act: z.enum(custodyActs),
  by: z.number().nullable(),
  at: z.string(),
  receipt: z.string().nullable(),
  holds: z.boolean().nullable(),
  foundAt: z.string().nullable(),
  source: shown,
  finder: shown,
  to: shown,
  purpose: shown,
  note: shown,
});
export type CustodyEntry = z.output<typeof custodyEntry>;

const evidenceItem = z.object({
  itemNo: z.number(),
  snapshotNo: z.number().nullable(),
  kind: z.enum(evidenceKinds),
  bytes: z.number(),
  /** SHA-256 of the content, hexadecimal. */
  sha256: z.string(),
  takenBy: z.number().nullable(),
  takenAt: z.string(),
  fileName: shown,
  /** Acts on it so far. */
  acts: z.number(),
  /** What its last verification came to. */
  verified: z.object({ at: z.string(), holds: z.boolean() }).nullable(),
});
export type EvidenceItem = z.output<typeof evidenceItem>;

const evidenceSnapshot = z.object({
  snapshotNo: z.number(),
  runNo: z.number().nullable(),
  because: z.enum(snapshotReasons),
  draftNo: z.number().nullable(),
  askedBy: z.number().nullable(),
  askedAt: z.string(),
  /** Null while it is being taken. */
  takenAt: z.string().nullable(),
  hash: z.string().nullable(),
});
export type EvidenceSnapshot = z.output<typeof evidenceSnapshot>;

const evidenceHold = z.object({
  holdNo: z.number(),
  runNo: z.number().nullable(),
  /** The newest run of the scope whose people it holds by name. */
  followedRun: z.number().nullable(),
  /** A newer run or a move is there: whom it names is kept already, and counted in a moment. */
  isBehind: z.boolean(),
  tiers: z.array(z.string()),
  persons: z.number(),
  lists: z.number(),
  imports: z.number(),
  ledgerFrom: z.string().nullable(),
  ledgerTo: z.string().nullable(),
  placedBy: z.number().nullable(),
  placedAt: z.string(),
  reason: shown,
  /** A request to lift it that waits for a second person. */
  requestNo: z.number().nullable(),
  liftedBy: z.number().nullable(),
  liftedAt: z.string().nullable(),
});
export type EvidenceHold = z.output<typeof evidenceHold>;

export const listEvidence = endpoint({
  method: "GET",
  path: "/api/incidents/:incidentNo/evidence",
  access: "keep-evidence",
  summary: "The evidence of an incident: snapshots, items with their hashes, holds",
  params: incidentParams,
  reply: z.object({
    snapshots: z.array(evidenceSnapshot),
    items: z.array(evidenceItem),
    holds: z.array(evidenceHold),
    /** The newest run of the scope: what a snapshot and a hold would be of. */
    run: z.object({ runNo: z.number(), confirmed: z.number(), possible: z.number(), isVerified: z.boolean() }).nullable(),
  }),
});

export const takeSnapshot = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/evidence/snapshots",
  access: "keep-evidence",
  summary: "Take a snapshot (保全) of the scope and of everything that it rests on, each item with its hash",
  params: incidentParams,
  reply: z.object({ snapshotNo: z.number() }),
});

export const bringEvidence = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/evidence/brought",
  access: "keep-evidence",
  summary: "Take in evidence from outside (a log, a photo, a mail) as a file; its name comes percent-encoded in the header x-file-name",
  params: incidentParams,
  bodyKind: "stream",
  bodyLimit: mostBroughtBytes,
  reply: z.object({ itemNo: z.number(), sha256: z.string() }),
});

export const describeEvidence = endpoint({
  method: "POST",
  path: "/api/incident-evidence/:itemNo/describe",
  access: "keep-evidence",
  summary: "Say of an item where it is from, who found it and when; what was said before stays",
  params: itemParams,
  body: z.object({ source: typed(400), finder: typed(100), foundAt: z.iso.datetime().nullable(), note: typed(1_000).default("") }),
  reply: z.object({ custodyNo: z.number() }),
});

export const lookAtEvidence = endpoint({
  method: "POST",
  path: "/api/incident-evidence/:itemNo/look",
  access: "keep-evidence",
  summary: "Look at an item: its chain of custody, which notes the look",
  params: itemParams,
  reply: z.object({ item: evidenceItem, custody: z.array(custodyEntry) }),
});

export const copyEvidence = endpoint({
  method: "POST",
  path: "/api/incident-evidence/:itemNo/copy",
  access: "keep-evidence",
  summary: "Take a copy of an item out as a file, for a purpose; the chain of custody names it",
  params: itemParams,
  body: z.object({ purpose: typed(400).min(1) }),
  replyKind: "file",
  reply: z.object({ itemNo: z.number(), kind: z.enum(evidenceKinds), bytes: z.number(), sha256: z.string() }),
});

export const handOverEvidence = endpoint({
  method: "POST",
  path: "/api/incident-evidence/:itemNo/hand-over",
  access: "keep-evidence",
  summary: "Note that a copy was handed over: to whom, what for; gives the number of the receipt",
  params: itemParams,
  body: z.object({ to: typed(200).min(1), purpose: typed(400).min(1), note: typed(1_000).default("") }),
  reply: z.object({ custodyNo: z.number(), receipt: z.string() }),
});

export const verifyEvidence = endpoint({
  method: "POST",
  path: "/api/incident-evidence/:itemNo/verify",
  access: "keep-evidence",
  summary: "Compare an item with the hash that was taken of it, and that hash with the ledger",
  params: itemParams,
  reply: z.object({ holds: z.boolean(), sha256: z.string() }),
});

export const custodyPdf = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/evidence/custody.pdf",
  access: "keep-evidence",
  summary: "The chain of custody of all items of an incident (証拠保全記録) as a PDF",
  params: incidentParams,
  replyKind: "file",
  reply: z.object({
    organisation: z.string(),
    at: z.string(),
    incidentNo: z.number(),
    isDrill: z.boolean(),
    items: z.array(evidenceItem.extend({ custody: z.array(custodyEntry) })),
    holds: z.array(evidenceHold),
  }),
});

const bundledItem = evidenceItem.pick({ itemNo: true, snapshotNo: true, kind: true, bytes: true, sha256: true, takenAt: true, takenBy: true });

export const bundleEvidence = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/evidence/bundle",
  access: "keep-evidence",
  summary: "All items in one sealed file that the one-file verifier checks away from the product; numbers alone unless names or texts are asked for",
  params: incidentParams,
  body: z
    .object({
      purpose: typed(400).min(1),
      /** Names of the people of the newest run, as the caller's rights show them. */
      withNames: z.boolean().default(false),
      /** What people typed into facts and notes. */
      withTexts: z.boolean().default(false),
      /** Files that were brought in; they may show anything. */
      withBrought: z.boolean().default(false),
      /** Locks names, texts and what was brought in. */
      password: z.string().min(12).max(200).nullable().default(null),
    })
    .refine(({ withNames, withTexts, withBrought, password }) => password !== null || !(withNames || withTexts || withBrought), { path: ["password"] }),
  replyKind: "file",
  reply: z.object({
    incidentNo: z.number(),
    at: z.string(),
    /** Canonical JSON of everything but the locked part. */
    manifest: z.string(),
    items: z.array(bundledItem),
    password: z.string().nullable(),
    names: z.array(z.object({ customerNo: z.number(), name: shown })),
    texts: z.array(z.object({ of: z.string(), no: z.number(), text: shown, source: shown })),
  }),
});

export const placeHold = endpoint({
  method: "POST",
  path: "/api/incidents/:incidentNo/evidence/holds",
  access: "keep-evidence",
  summary: "Place a hold (法的保全) on people of a scope, lists, imports and months of the ledger: nothing of them is destroyed until it is lifted",
  params: incidentParams,
  body: z.object({
    /** Absent: no people. */
    runNo: number.optional(),
    tiers: z.array(z.enum(["confirmed", "possible"])).default(["confirmed", "possible"]),
    listNos: z.array(number).max(1_000).default([]),
    importNos: z.array(number).max(1_000).default([]),
    /** Lists and imports that the causes of the run name. */
    withCauses: z.boolean().default(true),
    withLedger: z.boolean().default(true),
    reason: typed(400).min(1),
  }),
  reply: z.object({ holdNo: z.number(), persons: z.number(), lists: z.number(), imports: z.number() }),
});

export const liftHold = endpoint({
  method: "POST",
  path: "/api/incident-evidence-holds/:holdNo/lift",
  access: "keep-evidence",
  summary: "Ask a second person to lift a hold; until then it stands",
  params: z.object({ holdNo: coerced }),
  body: z.object({ reason: typed(400).min(1) }),
  reply: z.object({ requestNo: z.number() }),
});

export const holdOfCustomer = endpoint({
  method: "GET",
  path: "/api/customers/:customerNo/hold",
  access: "customer.read",
  summary: "Whether a customer is kept for now, for those whose acts a hold stops",
  params: z.object({ customerNo: coerced }),
  reply: z.object({
    isHeld: z.boolean(),
    since: z.string().nullable(),
    /** For whoever keeps evidence. */
    incidentNos: z.array(z.number()),
  }),
});
