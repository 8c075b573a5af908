import { z } from "zod";
import { typedValues } from "./customers.ts";
import { endpoint } from "./endpoint.ts";

/** Most customers of one operation. */
export const mostAtOnce = 10_000;

/** What is done to many at once. A hand-over is a change of owner that says so. */
export const bulkKinds = ["change", "hand-over", "trash", "restore"] as const;
export type BulkKind = (typeof bulkKinds)[number];

export const bulkStates = ["awaits-approval", "running", "done", "failed", "refused", "undoing", "undone"] as const;

/** Why a customer stays as it was although it was meant, and how often. */
export const bulkRefusals = z.object({
  /** The caller may not write it, or not this field of it. */
  noRight: z.number(),
  /** It would come to show the caller more than before. */
  wouldGain: z.number(),
  /** In the trash, or for a restore not in it. */
  otherState: z.number(),
  /** 利用停止: nothing of it is used or changed. */
  suspended: z.number(),
  /** Erased or moved out of the caller's sight meanwhile. */
  gone: z.number(),
});

const no = z.number().int().positive().max(2147483647);

/** Whom: given numbers, an opened list, or all active customers of one owner. Exactly one of the three. */
const selection = {
  customerNos: z.array(no).min(1).max(mostAtOnce).optional(),
  viewId: z.uuid().optional(),
  portfolioOf: no.optional(),
};

/** What: new owner, cell or company, and values for all of them. Nothing of it for the trash and back. */
const goal = {
  kind: z.enum(bulkKinds),
  ownerNo: no.nullable().optional(),
  cellNo: no.optional(),
  companyNo: no.nullable().optional(),
  values: typedValues.optional(),
};

const params = z.object({ operationNo: z.coerce.number().int().positive().max(2147483647) });

/** No value is opened for it: whether a typed value is the one that stands there already shows only when it is carried out. */
export const previewBulk = endpoint({
  method: "POST",
  path: "/api/customers/bulk/preview",
  access: "bulk",
  summary: "What a change of many would do, in numbers",
  bodyLimit: 1024 * 1024,
  body: z.object({ ...selection, ...goal }),
  reply: z.object({
    /** How many were meant; to be sent back as what was expected. */
    persons: z.number(),
    changes: z.number(),
    /** Already as wished. */
    stays: z.number(),
    refused: bulkRefusals,
    /** Accounts that would come to see at least one of them, and that would see one no more. */
    gainSight: z.number(),
    loseSight: z.number(),
    /** How many the caller would see no more. */
    leavesMySight: z.number(),
    /** More go to the trash than one person may send there alone. */
    needsApproval: z.boolean(),
  }),
});

/** @remarks `expected.persons` is what the preview said; another number now means `conflict` with nothing written. */
export const startBulk = endpoint({
  method: "POST",
  path: "/api/customers/bulk",
  access: "bulk",
  summary: "Change, hand over, trash or restore many customers; undoable for 30 days",
  bodyLimit: 1024 * 1024,
  body: z.object({ ...selection, ...goal, expected: z.object({ persons: z.number().int().min(0) }), reason: z.string().trim().max(400).default("") }),
  reply: z.object({ operationNo: z.number(), state: z.enum(bulkStates) }),
});

export const bulkOut = z.object({
  operationNo: z.number(),
  kind: z.enum(bulkKinds),
  state: z.enum(bulkStates),
  /** Code of the problem that ended it. */
  failure: z.string().nullable(),
  requestNo: z.number().nullable(),
  persons: z.number(),
  /** How many have been looked at; of an undo: how many were put back or left alone. */
  done: z.number(),
  changed: z.number(),
  stayed: z.number(),
  refused: bulkRefusals,
  putBack: z.number(),
  /** Changed by somebody since, so that the undo left them as they are; the first hundred by number. */
  leftAlone: z.array(z.number()),
  leftAloneCount: z.number(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  perSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  mayUndo: z.boolean(),
});

export const showBulk = endpoint({
  method: "GET",
  path: "/api/customers/bulk/:operationNo",
  access: "bulk",
  summary: "How far an operation on many customers has come",
  params,
  reply: bulkOut,
});

/** The caller's own operations, newest first. */
export const listBulk = endpoint({
  method: "GET",
  path: "/api/customers/bulk",
  access: "bulk",
  summary: "The caller's own operations on many customers",
  reply: z.object({ operations: z.array(bulkOut) }),
});

export const undoBulk = endpoint({
  method: "POST",
  path: "/api/customers/bulk/:operationNo/undo",
  access: "bulk",
  summary: "Undo an operation on many customers; who was changed since is left alone",
  params,
  reply: z.object({ state: z.enum(bulkStates) }),
});
