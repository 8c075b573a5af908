import { z } from "zod";
import { viewFilters, viewSort } from "./customers.ts";
import { endpoint } from "./endpoint.ts";
import { shown } from "./shown.ts";

const key = z.string().regex(/^[a-zA-Z][\w-]{0,39}$/);
const number = z.number().int().positive().max(2147483647);

export const densities = ["comfortable", "compact"] as const;

/** Columns of a list that are no fields of the customer. `reach` is the mobile, else the other phone. */
export const plainColumns = ["number", "reach", "owner", "department", "updated"] as const;

/** The list as it stands where nobody arranged it. */
export const defaultColumns: readonly string[] = ["number", "fullName", "kana", "companyName", "jobTitle", "reach", "mail", "owner", "department", "updated"];

/** How one person arranges the list: keys, pixels and numbers. */
export const listLayout = z.object({
  columns: z.array(key).max(30),
  widths: z.record(key, z.number().int().min(48).max(800)),
  density: z.enum(densities),
  /** The saved view that opens first. */
  firstViewNo: number.nullable(),
});
export type ListLayout = z.output<typeof listLayout>;

export const showLayout = endpoint({
  method: "GET",
  path: "/api/list-layout",
  access: "customer.read",
  summary: "How the caller arranged the list of customers; null: as shipped",
  reply: z.object({ layout: listLayout.nullable() }),
});

export const saveLayout = endpoint({
  method: "PUT",
  path: "/api/list-layout",
  access: "customer.read",
  summary: "Arrange the list of customers; keys that name no column are dropped",
  body: listLayout,
  reply: z.object({ layout: listLayout }),
});

export const sharings = ["own", "department", "all"] as const;
const savedRequest = { filters: viewFilters, sort: viewSort, columns: z.array(key).max(30).nullable() };

export const savedView = z.object({
  savedViewNo: z.number(),
  accountNo: z.number(),
  name: shown,
  sharing: z.enum(sharings),
  cellNo: z.number().nullable(),
  /** What was typed, for its author; a shared view never holds typed words. */
  search: shown,
  ...savedRequest,
});

export const listSavedViews = endpoint({
  method: "GET",
  path: "/api/saved-views",
  access: "customer.read",
  summary: "The caller's saved views, and those shared with the caller",
  reply: z.object({ views: z.array(savedView) }),
});

const typedView = z.object({
  name: z.string().trim().min(1).max(60),
  sharing: z.enum(sharings),
  /** The department's cell, where it is shared with a department of the caller's. */
  cellNo: number.nullable(),
  search: z.string().max(200),
  ...savedRequest,
});

/** Refused with `invalid-input` and the reason `shared-words` where a view to be shared holds typed words. */
export const createSavedView = endpoint({
  method: "POST",
  path: "/api/saved-views",
  access: "customer.read",
  summary: "Keep a view, for oneself or shared",
  body: typedView,
  reply: z.object({ savedViewNo: z.number() }),
});

export const changeSavedView = endpoint({
  method: "PUT",
  path: "/api/saved-views/:savedViewNo",
  access: "customer.read",
  summary: "Change one's own saved view",
  params: z.object({ savedViewNo: z.coerce.number().int().positive().max(2147483647) }),
  body: typedView,
  reply: z.object({ savedViewNo: z.number() }),
});

export const removeSavedView = endpoint({
  method: "DELETE",
  path: "/api/saved-views/:savedViewNo",
  access: "customer.read",
  summary: "Remove one's own saved view",
  params: z.object({ savedViewNo: z.coerce.number().int().positive().max(2147483647) }),
  reply: z.object({ kind: z.literal("removed") }),
});

export const listStars = endpoint({
  method: "GET",
  path: "/api/stars",
  access: "customer.read",
  summary: "Numbers of the customers that the caller starred",
  reply: z.object({ customerNos: z.array(z.number()) }),
});

export const putStars = endpoint({
  method: "PUT",
  path: "/api/stars",
  access: "customer.read",
  summary: "Star customers, or take their stars away",
  body: z.object({ customerNos: z.array(number).min(1).max(500), isStarred: z.boolean() }),
  reply: z.object({ customerNos: z.array(z.number()) }),
});

export const countedBy = ["owner", "cell", "company", "import", "state", "updated", "mark"] as const;

/**
 * How many customers each choice of a filter would leave, the other filters staying as they are. Only customers that the
 * caller sees are counted, and only over facts that every row of a list carries in clear. What was typed is not counted.
 */
export const countCustomers = endpoint({
  method: "POST",
  path: "/api/customers/counts",
  access: "customer.read",
  summary: "Customers by each choice of a filter",
  body: z.object({ by: z.enum(countedBy), filters: viewFilters }),
  /** `choice`: the number, the state or the days; "none" where there is none. At most 200, the most customers first. */
  reply: z.object({ choices: z.array(z.object({ choice: z.string(), customers: z.number() })) }),
});

const viewParams = z.object({ viewId: z.uuid() });

export const viewNumbers = endpoint({
  method: "GET",
  path: "/api/customers/views/:viewId/numbers",
  access: "customer.read",
  summary: "The numbers of all customers of an opened list; of a search those within the first 10,000 hits",
  params: viewParams,
  reply: z.object({ customerNos: z.array(z.number()), isComplete: z.boolean() }),
});

/** The groups of a list that was opened with the sort `company`, in its order. */
export const viewGroups = endpoint({
  method: "GET",
  path: "/api/customers/views/:viewId/groups",
  access: "customer.read",
  summary: "An opened list by company: how many customers stand together",
  params: viewParams,
  reply: z.object({ groups: z.array(z.object({ companyNo: z.number().nullable(), customers: z.number() })) }),
});

export const nameCompanies = endpoint({
  method: "POST",
  path: "/api/companies/names",
  access: "company.read",
  summary: "Names of companies by number",
  body: z.object({ companyNos: z.array(number).max(100) }),
  reply: z.object({ companies: z.array(z.object({ companyNo: z.number(), companyName: shown })) }),
});
