import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { purposes } from "./rights.ts";

/**
 * The ledger for somebody who trusts nobody here: the export with everything that proves it, the one-file verifier, and
 * statements about who saw a person and whom an account did not see. Forms: docs/ledger-export.md.
 */
const moment = z.iso.datetime({ offset: true });
const customerNo = z.number().int().positive().max(2_147_483_647);

export const exportLedger = endpoint({
  method: "POST",
  path: "/api/ledger/export",
  access: "read-ledger",
  summary: "The ledger as a file that the one-file verifier checks away from the product; the export is recorded",
  body: z.object({
    /** Both absent: everything. */
    from: moment.optional(),
    to: moment.optional(),
    /** False: without the numbers of whom each event was about, and without the salts that prove them. */
    withEntries: z.boolean().default(true),
    purpose: z.enum(purposes).default("audit"),
  }),
  replyKind: "file",
  reply: z.object({ at: z.string(), from: z.string().nullable(), to: z.string().nullable(), withEntries: z.boolean(), treeSize: z.number() }),
});

export const downloadVerifier = endpoint({
  method: "POST",
  path: "/api/ledger/verifier",
  access: "signed-in",
  summary: "The one-file verifier: Node.js alone runs it",
  replyKind: "file",
  reply: z.object({ sha256: z.string() }),
});

export const showVerifier = endpoint({
  method: "GET",
  path: "/api/ledger/verifier",
  access: "signed-in",
  summary: "SHA-256 of the one-file verifier, and the keys that its user needs",
  reply: z.object({ sha256: z.string(), keys: z.array(z.string()) }),
});

/** Events in one statement at most; a narrower time gives the rest. */
export const mostStated = 5_000;
/** Events that a statement of not having seen is verified over at most. */
export const mostVerified = 500_000;

/** What somebody needs to check a statement: SHA-256 of the one-file verifier (hex) and the ledger's keys. */
const verifyWith = z.object({ sha256: z.string(), keys: z.array(z.string()) });

/** A moment to come stands for now. */
const seenBody = z.object({ from: moment, to: moment, purpose: z.literal("person-request").default("person-request") });
const statedEvent = z.object({
  sequence: z.number(),
  at: z.string(),
  type: z.string(),
  /** Key of a role, "system", "console" or "anyone". */
  role: z.string(),
  accountNo: z.number().nullable(),
  fields: z.array(z.object({ field: z.string(), ja: z.string(), en: z.string(), how: z.enum(["partial", "full"]) })),
  purpose: z.string().nullable(),
});
export type StatedEvent = z.output<typeof statedEvent>;

const seenReply = z.object({
  organisation: z.string(),
  customerNo: z.number(),
  at: z.string(),
  from: z.string(),
  to: z.string(),
  treeSize: z.number(),
  origin: z.string(),
  events: z.array(statedEvent),
  verifyWith,
  /** The signed statement as JSON text; what the one-file verifier reads. */
  proof: z.string(),
});
export type SeenStatement = z.output<typeof seenReply>;

const seen = (form: "json" | "pdf") =>
  endpoint({
    method: "POST",
    path: form === "json" ? "/api/customers/:customerNo/seen-statement.json" : "/api/customers/:customerNo/seen-statement.pdf",
    access: "answer-person",
    summary: `Who saw a customer over a time, signed, with the proof of each event and of nobody else (${form === "json" ? "for the verifier" : "for reading"})`,
    params: z.object({ customerNo: z.coerce.number().int().positive().max(2_147_483_647) }),
    body: seenBody,
    replyKind: "file",
    reply: seenReply,
  });
export const stateSeenJson = seen("json");
export const stateSeenPdf = seen("pdf");

const notSeenReply = z.object({
  organisation: z.string(),
  accountNo: z.number(),
  customerNos: z.array(z.number()),
  eventsOfAccount: z.number(),
  at: z.string(),
  from: z.string(),
  to: z.string(),
  treeSize: z.number(),
  origin: z.string(),
  verifyWith,
  /** As of {@link seenReply}. */
  proof: z.string(),
});
export type NotSeenStatement = z.output<typeof notSeenReply>;

const notSeen = (form: "json" | "pdf") =>
  endpoint({
    method: "POST",
    path: form === "json" ? "/api/ledger/not-seen-statement" : "/api/ledger/not-seen-statement.pdf",
    access: "signed-in",
    summary: `A signed statement that an account did not see given people over a time; one's own, or anybody's for a reader of the ledger (${form === "json" ? "for the verifier" : "for reading"})`,
    body: z.object({
      /** Absent: one's own. */
      accountNo: z.number().int().positive().max(2_147_483_647).optional(),
      customerNos: z.array(customerNo).min(1).max(100),
      from: moment,
      /** A moment to come stands for now. */
      to: moment,
    }),
    replyKind: "file",
    reply: notSeenReply,
  });
export const stateNotSeen = notSeen("json");
export const stateNotSeenPdf = notSeen("pdf");
