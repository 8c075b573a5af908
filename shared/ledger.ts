import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { shown } from "./shown.ts";

export const eventOut = z.object({
  eventNo: z.number(),
  /** Null while the event waits to be sequenced (at most about a second). */
  sequence: z.number().nullable(),
  at: z.string(),
  type: z.string(),
  accountNo: z.number().nullable(),
  sessionId: z.string().nullable(),
  address: z.string().nullable(),
  purpose: z.string().nullable(),
  outcome: z.string(),
  /** Distinct records by kind. */
  subjects: z.array(z.object({ kind: z.string(), count: z.number(), first: z.array(z.number()) })),
  fields: z.array(z.object({ field: z.string(), how: z.enum(["partial", "full"]) })),
  /** Facts of the event that are no personal values, as the ledger holds them. */
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  query: shown,
});

export const listEvents = endpoint({
  method: "POST",
  path: "/api/ledger/events",
  access: "read-ledger",
  summary: "The ledger, newest first; reading it is recorded in it",
  body: z.object({
    types: z.array(z.string().max(60)).max(40).optional(),
    accountNo: z.number().int().positive().optional(),
    customerNo: z.number().int().positive().optional(),
    from: z.iso.datetime({ offset: true }).optional(),
    to: z.iso.datetime({ offset: true }).optional(),
    before: z.number().int().optional(),
    limit: z.number().int().min(1).max(100).default(50),
  }),
  reply: z.object({ events: z.array(eventOut), nextBefore: z.number().nullable() }),
});

/** One's own record: what is recorded about me, I can see (screens.md rule 4). */
export const listOwnEvents = endpoint({
  method: "POST",
  path: "/api/ledger/own",
  access: "signed-in",
  summary: "One's own events, newest first",
  body: z.object({ before: z.number().int().optional(), limit: z.number().int().min(1).max(100).default(50) }),
  reply: z.object({ events: z.array(eventOut), nextBefore: z.number().nullable() }),
});

export const checkpointOut = z.object({
  epoch: z.number(),
  origin: z.string(),
  treeSize: z.number(),
  rootHash: z.string(),
  at: z.string(),
  /** The signed note (C2SP signed-note) as text. */
  note: z.string(),
});

export const showCheckpoint = endpoint({
  method: "GET",
  path: "/api/ledger/checkpoint",
  access: "signed-in",
  summary: "The last signed checkpoint and the last verification",
  reply: z.object({
    checkpoint: checkpointOut.nullable(),
    lastVerifiedAt: z.string().nullable(),
    lastVerifiedOk: z.boolean().nullable(),
    unsequenced: z.number(),
  }),
});

export const verifyLedgerNow = endpoint({
  method: "POST",
  path: "/api/ledger/verify",
  access: "verify-ledger",
  summary: "Verify the ledger from its first event to its last checkpoint, and sweep the storehouse for rows changed around the product",
  reply: z.object({
    ok: z.boolean(),
    events: z.number(),
    rowsSwept: z.number(),
    findings: z.array(z.object({ what: z.string(), sequence: z.number().nullable(), subject: z.string().nullable() })),
  }),
});
