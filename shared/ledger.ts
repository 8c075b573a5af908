import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { ledgerFilter } from "./ledger-filter.ts";
import type { Access } from "./rights.ts";
import { outletProblems, outletStates } from "./proofs.ts";
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

/** What opens the record of what others did. One's own is open to everybody. */
const readsOthers: Access = "read-ledger";

/** Names of records that events of the reply speak of, as they are shown now; whom the reader does not see is absent. */
const namesOut = z.object({
  customers: z.array(z.object({ no: z.number(), name: shown })),
  companies: z.array(z.object({ no: z.number(), name: shown })),
});

const pageOf = {
  before: z.number().int().optional(),
  limit: z.number().int().min(1).max(100).default(50),
  /** Names where an event speaks of at most three records of a kind. What is named counts as seen. */
  withNames: z.boolean().default(false),
};
const eventPage = z.object({ events: z.array(eventOut), nextBefore: z.number().nullable(), names: namesOut });

export const listEvents = endpoint({
  method: "POST",
  path: "/api/ledger/events",
  access: readsOthers,
  summary: "The ledger, newest first; reading it is recorded in it",
  body: ledgerFilter.extend(pageOf),
  reply: eventPage,
});

/** One's own record: what is recorded about me, I can see (screens.md rule 4). */
export const listOwnEvents = endpoint({
  method: "POST",
  path: "/api/ledger/own",
  access: "own-session",
  summary: "One's own events, newest first",
  body: ledgerFilter.omit({ accountNo: true }).extend(pageOf),
  reply: eventPage,
});

const densityOut = z.object({
  /** Beginning and end, on the edges of the outer bars. */
  from: z.string(),
  to: z.string(),
  stepSeconds: z.number(),
  /** Bars that are not empty, by the beginning of each. */
  bars: z.array(z.object({ at: z.string(), events: z.number(), refused: z.number() })),
  /** False where there was too much to count: the oldest bars may be too low. */
  isComplete: z.boolean(),
});
const densityAsked = { bars: z.number().int().min(10).max(400).default(120) };

export const ledgerDensity = endpoint({
  method: "POST",
  path: "/api/ledger/density",
  access: readsOthers,
  summary: "How many events there were over a time, for a filter",
  body: ledgerFilter.extend(densityAsked),
  reply: densityOut,
});

export const ownDensity = endpoint({
  method: "POST",
  path: "/api/ledger/own/density",
  access: "own-session",
  summary: "How many events of one's own there were over a time",
  body: ledgerFilter.omit({ accountNo: true }).extend(densityAsked),
  reply: densityOut,
});

/** Around a moment: an event, so many minutes before and after. Or a window of at most two days. */
const replayAsked = {
  eventNo: z.number().int().positive().optional(),
  minutes: z.number().int().min(1).max(60).default(5),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  /** Only events with a greater number: the next part of a long story. */
  after: z.number().int().optional(),
  withNames: z.boolean().default(false),
};
const replayOut = z.object({
  accountNo: z.number().nullable(),
  from: z.string(),
  to: z.string(),
  /** Oldest first. */
  events: z.array(eventOut),
  /** The events in order, put together: a scene ends where nothing happened for five minutes. */
  scenes: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      /** Distinct customers of whom a value was released. */
      people: z.number(),
      /** Neighbours of one sort. */
      steps: z.array(z.object({ eventNos: z.array(z.number()), people: z.number() })),
    }),
  ),
  people: z.number(),
  nextAfter: z.number().nullable(),
  names: namesOut,
});

export const replayLedger = endpoint({
  method: "POST",
  path: "/api/ledger/replay",
  access: readsOthers,
  summary: "What an account did over a time, or everybody around a moment, as a story",
  body: z.object({
    ...replayAsked,
    accountNo: z.number().int().positive().max(2_147_483_647).optional(),
    /** Around an event: what everybody did, not only who did it. */
    isEverybody: z.boolean().default(false),
  }),
  reply: replayOut,
});

export const replayOwn = endpoint({
  method: "POST",
  path: "/api/ledger/own/replay",
  access: "own-session",
  summary: "What one did oneself over a time, as a story",
  body: z.object(replayAsked),
  reply: replayOut,
});

const eventParams = z.object({ eventNo: z.coerce.number().int().positive() });
const shownAsked = z.object({ offset: z.number().int().min(0).max(10_000_000).default(0), limit: z.number().int().min(1).max(100).default(50) });
const shownOut = z.object({
  event: eventOut,
  total: z.number(),
  records: z.array(
    z.object({
      kind: z.string(),
      no: z.number(),
      /** As it is shown now; hidden where the reader does not see the record, or there is none any more. */
      name: shown,
      fields: z.array(z.object({ field: z.string(), how: z.enum(["partial", "full"]) })),
    }),
  ),
});

export const showWhatWasShown = endpoint({
  method: "POST",
  path: "/api/ledger/events/:eventNo/shown",
  access: readsOthers,
  summary: "Whom an event showed, and which fields",
  params: eventParams,
  body: shownAsked,
  reply: shownOut,
});

export const showWhatIWasShown = endpoint({
  method: "POST",
  path: "/api/ledger/own/:eventNo/shown",
  access: "own-session",
  summary: "Whom an event of one's own showed, and which fields",
  params: eventParams,
  body: shownAsked,
  reply: shownOut,
});

export const ledgerQuestion = ledgerFilter.omit({ from: true, to: true });

export const listQuestions = endpoint({
  method: "GET",
  path: "/api/ledger/questions",
  access: readsOthers,
  summary: "One's own questions to the ledger and the shared ones",
  reply: z.object({
    questions: z.array(z.object({ questionNo: z.number(), accountNo: z.number(), isShared: z.boolean(), name: shown, filter: ledgerQuestion })),
  }),
});

export const keepQuestion = endpoint({
  method: "POST",
  path: "/api/ledger/questions",
  access: readsOthers,
  summary: "Keep a question to the ledger under a name",
  body: z.object({ name: z.string().trim().min(1).max(60), isShared: z.boolean(), filter: ledgerQuestion }),
  reply: z.object({ questionNo: z.number() }),
});

export const removeQuestion = endpoint({
  method: "DELETE",
  path: "/api/ledger/questions/:questionNo",
  access: readsOthers,
  summary: "Remove one's own question to the ledger",
  params: z.object({ questionNo: z.coerce.number().int().positive().max(2_147_483_647) }),
  reply: z.object({ kind: z.literal("removed") }),
});

/** Events in one file at most; a narrower time gives the rest. */
export const mostLines = 10_000;

/** For people and their programs; what proves something is the ledger's export. */
export const ledgerLines = endpoint({
  method: "POST",
  path: "/api/ledger/lines",
  access: readsOthers,
  summary: "The filtered ledger as JSON Lines, newest first",
  body: ledgerFilter,
  replyKind: "file",
  reply: z.object({ events: z.array(eventOut), isComplete: z.boolean() }),
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
    /** Witnesses in use. `refused`: it saw another tree than this one, an alarm. */
    witnesses: z.array(
      z.object({
        name: z.string(),
        state: z.enum(outletStates),
        problem: z.enum(outletProblems).nullable(),
        lastSize: z.number().nullable(),
        lastAt: z.string().nullable(),
      }),
    ),
    /** The newest RFC 3161 time stamp. */
    lastStampedAt: z.string().nullable(),
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
