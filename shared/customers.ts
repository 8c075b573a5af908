import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { purposes } from "./rights.ts";
import { shown, shownValues } from "./shown.ts";

const customerNo = z.coerce.number().int().positive().max(2147483647);
const customerParams = z.object({ customerNo });

/** Values as typed, by field key. `null` or "" empties a field. */
export const typedValues = z.record(z.string().max(40), z.string().max(4000).nullable());

/** Why a row was found: the field and the way its value matched. */
export const hitReason = z.object({ field: z.string(), how: z.enum(["exact", "prefix", "inside", "last-four"]) });

export const customerStates = ["active", "trashed"] as const;

export const customerRow = z.object({
  customerNo: z.number(),
  ownerNo: z.number().nullable(),
  cellNo: z.number(),
  companyNo: z.number().nullable(),
  /** 利用停止: shown as a mark; the values are masked. */
  isSuspended: z.boolean(),
  updatedAt: z.string(),
  /** In the trash: days until it may be disposed of. */
  trashDaysLeft: z.number().optional(),
  values: shownValues,
  reasons: z.array(hitReason),
});

/** Marks of a customer that a list is narrowed to: 利用停止, without it, 重複候補 (as far as the caller may be told of the pair). */
export const customerMarks = ["suspended", "not-suspended", "alike"] as const;

export const viewFilters = z.object({
  ownerNo: z.number().int().nullable().optional(),
  cellNo: z.number().int().optional(),
  companyNo: z.number().int().optional(),
  importNo: z.number().int().optional(),
  state: z.enum(customerStates).optional(),
  /** Changed within so many days. */
  updatedWithin: z.number().int().min(1).max(3650).optional(),
  /** Only the customers that the caller starred, or the last that the caller looked at (by number: the last one first). */
  atHand: z.enum(["starred", "recent"]).optional(),
  mark: z.enum(customerMarks).optional(),
});

/** `company` puts the customers of a company together, the companies by reading where the caller reads them. */
export const viewSort = z.object({ by: z.enum(["number", "kana", "companyName", "updatedAt", "company"]), descending: z.boolean() });

/**
 * A view is a list as it was asked for: what was typed travels in this body and stands in the URL as `viewId` only
 * (a personal value never stands in a URL). The view is a stable snapshot of numbers: rows do not jump while scrolling.
 */
export const openView = endpoint({
  method: "POST",
  path: "/api/customers/views",
  access: "customer.read",
  summary: "Open a list: search, filters and sort; replies a short-lived handle, the total and the first rows",
  body: z.object({
    search: z.string().max(200).default(""),
    filters: viewFilters.default({}),
    sort: viewSort.default({ by: "number", descending: false }),
    columns: z.array(z.string().max(40)).max(24).optional(),
    first: z.number().int().min(0).max(100).default(50),
  }),
  reply: z.object({
    viewId: z.uuid(),
    total: z.number(),
    /** False when more candidates match than a search examines; then `total` is a lower bound. */
    isComplete: z.boolean(),
    search: shown,
    rows: z.array(customerRow),
  }),
});

export const viewRows = endpoint({
  method: "GET",
  path: "/api/customers/views/:viewId/rows",
  access: "customer.read",
  summary: "A page of an opened list",
  params: z.object({ viewId: z.uuid() }),
  query: z.object({ offset: z.coerce.number().int().min(0), limit: z.coerce.number().int().min(1).max(100).default(50) }),
  reply: z.object({ total: z.number(), rows: z.array(customerRow) }),
});

/** What was asked in a view, for a colleague's link or after a reload. Only its owner sees the typed words. */
export const showView = endpoint({
  method: "GET",
  path: "/api/customers/views/:viewId",
  access: "customer.read",
  summary: "What an opened list asked for",
  params: z.object({ viewId: z.uuid() }),
  reply: z.object({
    viewId: z.uuid(),
    total: z.number(),
    isComplete: z.boolean(),
    search: shown,
    filters: viewFilters,
    sort: viewSort,
  }),
});

export const showCustomer = endpoint({
  method: "GET",
  path: "/api/customers/:customerNo",
  access: "customer.read",
  summary: "One customer: values by class, masked ones keep their shape",
  params: customerParams,
  reply: z.object({
    customerNo: z.number(),
    version: z.number(),
    state: z.enum([...customerStates, "merged"]),
    /** The customer that this one was merged into. */
    mergedInto: z.number().nullable(),
    /** In the trash: days until it may be disposed of, 0 when the term is over. */
    trashDaysLeft: z.number().nullable(),
    ownerNo: z.number().nullable(),
    cellNo: z.number(),
    companyNo: z.number().nullable(),
    createdAt: z.string(),
    /** 利用停止 */
    isSuspended: z.boolean(),
    updatedAt: z.string(),
    values: shownValues,
    may: z.object({ write: z.boolean(), delete: z.boolean(), reveal: z.boolean(), seeLedger: z.boolean() }),
  }),
});

export const retiredValues = endpoint({
  method: "GET",
  path: "/api/customers/:customerNo/retired",
  access: "customer.read",
  summary: "The values of one customer in fields that are out of use",
  params: customerParams,
  reply: z.object({ values: shownValues }),
});

export const revealValues = endpoint({
  method: "POST",
  path: "/api/customers/:customerNo/reveal",
  access: "reveal",
  summary: "Reveal masked values for a purpose; recorded as a full release",
  params: customerParams,
  body: z.object({ fields: z.array(z.string().max(40)).min(1).max(200), purpose: z.enum(purposes) }),
  reply: z.object({ values: shownValues, seconds: z.number() }),
});

export const createCustomer = endpoint({
  method: "POST",
  path: "/api/customers",
  access: "create",
  summary: "Create a customer",
  body: z.object({ values: typedValues, cellNo: z.number().int().positive().optional(), companyNo: z.number().int().positive().nullable().optional() }),
  reply: z.object({ customerNo: z.number(), version: z.number() }),
});

/** `version` is the one that was read; another one now means `conflict`, with nothing written. */
export const changeCustomer = endpoint({
  method: "PATCH",
  path: "/api/customers/:customerNo",
  access: "customer.write",
  summary: "Change values, owner or department of a customer",
  params: customerParams,
  body: z.object({
    version: z.number().int(),
    values: typedValues.optional(),
    ownerNo: z.number().int().positive().nullable().optional(),
    cellNo: z.number().int().positive().optional(),
    companyNo: z.number().int().positive().nullable().optional(),
  }),
  reply: z.object({ customerNo: z.number(), version: z.number() }),
});

export const trashCustomer = endpoint({
  method: "POST",
  path: "/api/customers/:customerNo/trash",
  access: "delete",
  summary: "Move a customer to the trash; can be restored",
  params: customerParams,
  body: z.object({ version: z.number().int() }),
  reply: z.object({ kind: z.literal("trashed"), version: z.number() }),
});

export const restoreCustomer = endpoint({
  method: "POST",
  path: "/api/customers/:customerNo/restore",
  access: "delete",
  summary: "Take a customer out of the trash",
  params: customerParams,
  reply: z.object({ kind: z.literal("restored"), version: z.number() }),
});

/** The edits of a customer, newest first, with before and after as far as the caller may read the fields. */
export const customerHistory = endpoint({
  method: "GET",
  path: "/api/customers/:customerNo/history",
  access: "customer.read",
  summary: "Edits of a customer (履歴)",
  params: customerParams,
  query: z.object({ before: z.coerce.number().int().optional() }),
  reply: z.object({
    edits: z.array(
      z.object({
        eventNo: z.number(),
        at: z.string(),
        accountNo: z.number().nullable(),
        type: z.string(),
        fields: z.array(z.object({ field: z.string(), before: shown, after: shown })),
      }),
    ),
    nextBefore: z.number().nullable(),
  }),
});

/** Who saw this customer: read out of the ledger. Of any customer for who reads the ledger, else of one whom one may read. */
export const customerExposures = endpoint({
  method: "GET",
  path: "/api/customers/:customerNo/exposures",
  access: "read-exposures",
  summary: "Who saw this customer, when, how, which fields (閲覧記録)",
  params: customerParams,
  query: z.object({ before: z.coerce.number().int().optional() }),
  reply: z.object({
    exposures: z.array(
      z.object({
        eventNo: z.number(),
        at: z.string(),
        accountNo: z.number().nullable(),
        type: z.string(),
        purpose: z.string().nullable(),
        fields: z.array(z.object({ field: z.string(), how: z.enum(["partial", "full"]) })),
      }),
    ),
    nextBefore: z.number().nullable(),
  }),
});

export const companyRow = z.object({ companyNo: z.number(), customers: z.number(), values: shownValues });

export const listCompanies = endpoint({
  method: "POST",
  path: "/api/companies/views",
  access: "company.read",
  summary: "Companies, by search or all",
  body: z.object({ search: z.string().max(200).default(""), offset: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(100).default(50) }),
  reply: z.object({ total: z.number(), rows: z.array(companyRow) }),
});

export const showCompany = endpoint({
  method: "GET",
  path: "/api/companies/:companyNo",
  access: "company.read",
  summary: "One company",
  params: z.object({ companyNo: z.coerce.number().int().positive() }),
  reply: z.object({
    companyNo: z.number(),
    version: z.number(),
    state: z.enum([...customerStates, "merged"]),
    /** The company that this one was merged into. */
    mergedInto: z.number().nullable(),
    /** In the trash: days until it may be disposed of, 0 when the term is over. */
    trashDaysLeft: z.number().nullable(),
    customers: z.number(),
    values: shownValues,
    may: z.object({ write: z.boolean() }),
  }),
});

export const createCompany = endpoint({
  method: "POST",
  path: "/api/companies",
  access: "company.write",
  summary: "Create a company",
  body: z.object({ values: typedValues }),
  reply: z.object({ companyNo: z.number(), version: z.number() }),
});

/** `version` is the one that was read; another one now means `conflict`, with nothing written. */
export const changeCompany = endpoint({
  method: "PATCH",
  path: "/api/companies/:companyNo",
  access: "company.write",
  summary: "Change values of a company",
  params: z.object({ companyNo: z.coerce.number().int().positive() }),
  body: z.object({ version: z.number().int(), values: typedValues }),
  reply: z.object({ companyNo: z.number(), version: z.number() }),
});
