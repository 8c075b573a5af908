import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { shown } from "./shown.ts";

/** What a second person is asked to allow. Closed: a kind is added here and declared by the module that carries it out. */
export const approvalKinds = [
  "list-export",
  "label-print",
  "bulk-trash",
  "erasure",
  "disposal",
  "incident-paper",
  "incident-notice",
  "consignor-pack",
  "ledger-outlet",
  "log-token",
  "measure",
  "hold-lift",
] as const;
export type ApprovalKindName = (typeof approvalKinds)[number];

export const approvalStates = ["waiting", "approved", "refused", "withdrawn", "expired"] as const;

/** A single fact of a request: a code or a number, never a personal value. */
const code = z.union([z.string(), z.number(), z.boolean()]);

/** A request as it is judged: facts in numbers and codes, a sample of the customers by number alone. */
export const approvalRow = z.object({
  requestNo: z.number(),
  kind: z.enum(approvalKinds),
  state: z.enum(approvalStates),
  askedBy: z.number(),
  askedAt: z.string(),
  expiresAt: z.string(),
  purpose: z.string().nullable(),
  reason: shown,
  /** How many persons it concerns. */
  persons: z.number(),
  fields: z.array(z.string()),
  sensitive: z.boolean(),
  destination: z.string().nullable(),
  /** Further facts of the kind. */
  more: z.record(z.string(), code),
  /** Some of the customers' numbers, for looking one up. */
  sample: z.array(z.number()),
  decidedBy: z.number().nullable(),
  decidedAt: z.string().nullable(),
  comment: shown,
});

export const listApprovals = endpoint({
  method: "GET",
  path: "/api/approvals",
  access: "signed-in",
  summary: "Requests that wait for the caller's judgement, the caller's own, and those the caller decided",
  reply: z.object({ waiting: z.array(approvalRow), own: z.array(approvalRow), decided: z.array(approvalRow) }),
});

/** How much waits, for Home and the navigation: numbers alone. */
export const countApprovals = endpoint({
  method: "GET",
  path: "/api/approvals/count",
  access: "signed-in",
  summary: "How many requests wait for the caller, and how many of the caller's own still wait",
  reply: z.object({ waiting: z.number(), own: z.number() }),
});

const requestParams = z.object({ requestNo: z.coerce.number().int().positive().max(2147483647) });

export const decideApproval = endpoint({
  method: "POST",
  path: "/api/approvals/:requestNo/decide",
  access: "approve",
  summary: "Approve or refuse a request of somebody else; what was approved is carried out at once",
  params: requestParams,
  body: z.object({ decision: z.enum(["approve", "refuse"]), comment: z.string().trim().max(400).default("") }),
  reply: z.object({ kind: z.enum(["approved", "refused"]) }),
});

export const withdrawApproval = endpoint({
  method: "POST",
  path: "/api/approvals/:requestNo/withdraw",
  access: "signed-in",
  summary: "Take back a request of one's own",
  params: requestParams,
  reply: z.object({ kind: z.literal("withdrawn") }),
});
