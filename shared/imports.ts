import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { shown } from "./shown.ts";

const importParams = z.object({ importNo: z.coerce.number().int().positive() });

/**
 * uploaded → (reading) → mapped → running → done | failed; done → undoing → undone.
 * `failed` says why in `problem`; nothing half-written stays.
 */
export const importStates = ["reading", "awaits-mapping", "running", "done", "failed", "undoing", "undone"] as const;

/** What the rows of a file become. */
export const importKinds = ["customers", "purchases"] as const;
export type ImportKind = (typeof importKinds)[number];

/** What a column of a file of purchases may become. The unit price stands in for a missing amount and is not kept. */
export const purchaseColumns = ["boughtOn", "product", "quantity", "unitPrice", "amount", "purchaseNote"] as const;
/** Fields of a customer by which a row of purchases says who bought. */
export const buyerColumns = ["memberNumber", "mail", "phone", "mobile", "fullName", "companyName"] as const;

export const rowProblemCodes = [
  "card-number",
  "bad-date",
  "bad-mail",
  "bad-phone",
  "bad-postal",
  "bad-number",
  "bad-choice",
  "bad-url",
  /** A field that the organisation asks of everybody is empty. */
  "required",
  "too-long",
  "control-character",
  "broken-character",
  /** A quote in CSV that was never closed, or text behind a closing one: the row may be cut at the wrong places. */
  "broken-quote",
  /** A formula of a spreadsheet that had failed (#N/A, #REF! …). */
  "cell-error",
  /** A card of a vCard file that follows no version of the format. */
  "broken-card",
  "empty-row",
  "duplicate-in-file",
  "duplicate-in-store",
  "unknown-department",
  "unknown-owner",
  /** Nobody within the importer's reach answers to what a row of purchases says of its buyer. */
  "unknown-customer",
  /** Several answer, or one of whom other values of the row say otherwise: a person decides. */
  "ambiguous-customer",
  /** The customer may not be written to: use suspended, or no right. */
  "customer-closed",
  /** The customer has the same purchase of the same day already. */
  "purchase-known",
] as const;

/** Products whose exports are known by their headers. */
export const importSources = ["salesforce", "kintone", "hubspot", "sansan", "eight", "yayoi", "google", "outlook", "shopify", "rakuten"] as const;

/** How one column of the file is used. `field: null` leaves it out. */
export const columnMapping = z.object({ column: z.number().int().min(0), field: z.string().nullable() });
export const mapping = z.object({
  sheet: z.number().int().min(0),
  /** From 1; 0: no header. */
  headerRow: z.number().int().min(0),
  /**
   * In joining order where several columns make one field. `owner` and `department` name who is in charge. Of purchases:
   * `purchaseColumns` and `buyerColumns`.
   */
  columns: z.array(columnMapping).max(500),
  duplicates: z.enum(["skip", "update", "add"]),
  cellNo: z.number().int().positive(),
  /** The company that entrusted us with the people of the file (委託元). */
  consignorNo: z.number().int().positive().max(2_147_483_647).nullable().optional(),
});
export type Mapping = z.output<typeof mapping>;

export const importOut = z.object({
  importNo: z.number(),
  kind: z.enum(importKinds),
  state: z.enum(importStates),
  fileName: shown,
  bytes: z.number(),
  encoding: z.string().nullable(),
  accountNo: z.number().nullable(),
  startedAt: z.string(),
  finishedAt: z.string().nullable(),
  rowsTotal: z.number().nullable(),
  rowsDone: z.number(),
  added: z.number(),
  updated: z.number(),
  skipped: z.number(),
  duplicates: z.number(),
  heldBack: z.number(),
  problems: z.number(),
  /** Rows a second over the last seconds, and the remaining seconds by that rate. */
  rowsPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
  problem: z.string().nullable(),
  mayUndo: z.boolean(),
});

export const listImports = endpoint({
  method: "GET",
  path: "/api/imports",
  access: "import",
  summary: "Imports, newest first",
  reply: z.object({ imports: z.array(importOut) }),
});

/** The raw file is the body; its name comes percent-encoded (RFC 3986) in the header `x-file-name`. */
export const uploadImport = endpoint({
  method: "POST",
  path: "/api/imports",
  access: "import",
  summary: "Upload an Excel or CSV file of customers or purchases; it is sealed while it arrives",
  query: z.object({ kind: z.enum(importKinds).default("customers") }),
  bodyKind: "stream",
  bodyLimit: 512 * 1024 * 1024,
  reply: z.object({ importNo: z.number() }),
});

export const showImport = endpoint({
  method: "GET",
  path: "/api/imports/:importNo",
  access: "import",
  summary: "State and progress of an import",
  params: importParams,
  /** Whoever only watches the progress leaves the file's name out: it is a typed value, and each release is an event. */
  query: z.object({ named: z.enum(["yes", "no"]).default("yes") }),
  reply: importOut,
});

/** What the file looks like and the guessed mapping, with up to 20 rows. The cells are personal values. */
export const previewImport = endpoint({
  method: "GET",
  path: "/api/imports/:importNo/preview",
  access: "import",
  summary: "Sheets, columns, guessed mapping and 20 rows",
  params: importParams,
  query: z.object({ sheet: z.coerce.number().int().min(0).optional(), headerRow: z.coerce.number().int().min(0).optional() }),
  reply: z.object({
    sheets: z.array(z.object({ sheet: z.number(), name: shown, rows: z.number() })),
    /** Whose export it looks like. */
    source: z.enum(importSources).nullable(),
    mapping,
    columns: z.array(
      z.object({ column: z.number(), header: shown, confidence: z.number(), reason: z.enum(["saved", "learned", "header", "contents", "none"]) }),
    ),
    rows: z.array(z.object({ row: z.number(), cells: z.array(shown) })),
  }),
});

/** Corrected columns are proposed again in every file; this forgets those of the headers of one. */
export const forgetMapping = endpoint({
  method: "POST",
  path: "/api/imports/:importNo/forget-mapping",
  access: "import",
  summary: "Forget what earlier corrections taught about the headers of this file",
  params: importParams,
  body: z.object({ sheet: z.number().int().min(0), headerRow: z.number().int().min(0) }),
  reply: z.object({ forgotten: z.number() }),
});

export const startImport = endpoint({
  method: "POST",
  path: "/api/imports/:importNo/start",
  access: "import",
  summary: "Import with a mapping; runs in the background",
  params: importParams,
  body: mapping,
  reply: z.object({ kind: z.literal("running") }),
});

export const listRowProblems = endpoint({
  method: "GET",
  path: "/api/imports/:importNo/problems",
  access: "import",
  summary: "Rows that were not imported or had a value held back, with the cell",
  params: importParams,
  query: z.object({ offset: z.coerce.number().int().min(0).default(0), limit: z.coerce.number().int().min(1).max(200).default(100) }),
  reply: z.object({
    total: z.number(),
    problems: z.array(
      z.object({
        problemNo: z.number(),
        row: z.number(),
        column: z.number().nullable(),
        field: z.string().nullable(),
        code: z.enum(rowProblemCodes),
        /** What happened with the row all the same. */
        outcome: z.enum(["row-kept-value-held-back", "row-held-back", "row-skipped"]),
        value: shown,
        /** Customers to choose among. */
        candidates: z.array(z.object({ customerNo: z.number(), name: shown })),
        state: z.enum(["open", "corrected", "dismissed"]),
      }),
    ),
  }),
});

/** Rows of one download; of more problems than that the first ones are in it. */
export const mostDownloadedRows = 2_000;

/**
 * The rows that still need a look as a CSV file: each once, with what is wrong in words and its cells under the names of the
 * fields that they were mapped to, so that the corrected file can be imported as it is.
 */
export const downloadRowProblems = endpoint({
  method: "POST",
  path: "/api/imports/:importNo/problems/download",
  access: "import",
  summary: "Rows that need a look as a CSV file to correct and import again",
  params: importParams,
  body: z.object({ language: z.enum(["ja", "en"]).default("ja") }),
  replyKind: "file",
  reply: z.object({
    importNo: z.number(),
    language: z.enum(["ja", "en"]),
    /** Rows beyond those of this file. */
    leftOut: z.number(),
    /** Labels of the mapped columns in the order of the file, in the asked language. */
    columns: z.array(z.object({ column: z.number(), label: z.string() })),
    rows: z.array(
      z.object({
        row: z.number(),
        problems: z.array(z.object({ label: z.string().nullable(), code: z.enum(rowProblemCodes), value: shown })),
        /** By the places of `columns`. Empty where nothing of the row can be corrected. */
        cells: z.array(shown),
      }),
    ),
  }),
});

/** With `customerNo` the row of a purchase goes to one of its candidates and the cell stays as it is. */
export const correctRow = endpoint({
  method: "POST",
  path: "/api/imports/:importNo/problems/:problemNo/correct",
  access: "import",
  summary: "Correct a cell and try its row again",
  params: importParams.extend({ problemNo: z.coerce.number().int().positive() }),
  body: z.union([z.object({ value: z.string().max(4000) }), z.object({ customerNo: z.number().int().positive() })]),
  reply: z.union([
    /** The cell is right now, but another one of its row still stops it. */
    z.object({ kind: z.literal("waits") }),
    z.object({ kind: z.literal("imported"), customerNo: z.number() }),
    z.object({ kind: z.literal("still-wrong"), code: z.enum(rowProblemCodes) }),
  ]),
});

export const undoImport = endpoint({
  method: "POST",
  path: "/api/imports/:importNo/undo",
  access: "import",
  summary: "Undo a whole import: what it added goes, updated customers get their former values back",
  params: importParams,
  reply: z.object({ kind: z.literal("undoing") }),
});
