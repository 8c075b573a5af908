import { randomBytes, randomUUID } from "node:crypto";
import { scopeFor, visibleScope } from "#server/core/access/compile.ts";
import { visibleTo } from "#server/core/access/sql-scope.ts";
import { recordFieldOf } from "#server/core/access/policy.ts";
import {
  confirming,
  examineSearch,
  planSearch,
  SealedValues,
  sealText,
  SealedText,
  type Context,
  type Draft,
  type Input,
  type SearchPlan,
} from "#server/core/door/index.ts";
import type { openView as endpoint } from "#shared/customers.ts";
import type { BodyOf, ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { classesOf, filterConditions, listCustomers, searchCandidates, type CustomerRow } from "./customer-records.ts";
import { orderedNumbers } from "./kana-order.ts";
import { orderByCompany } from "./list/order-by-company.ts";
import { resolveFilters } from "./list/resolve-filters.ts";
import { listVersions } from "./order/listed-customers.ts";
import { orderListed } from "./order/order-listed.ts";
import { trashTerms } from "./trash-rules.ts";
import type { OpenView, ViewCache } from "./view-cache.ts";

export type ViewRequest = BodyOf<typeof endpoint>;
/** What a list is put together with beside the rows. */
type ListMeans = Pick<ViewCache, "orders" | "alikeNumbers">;

/** Fields of a list where the caller names none. */
export const listColumns = ["fullName", "kana", "companyName", "jobTitle", "phone", "mobile", "mail", "address"] as const;

/** Candidates fetched at first, then at a time, and the most that a sorted search looks at. */
const firstCandidates = 60;
const candidateStep = 200;
const mostSorted = 10_000;

/** Opens a list and replies its handle with the first rows. */
export async function openView(context: Context, input: Input<typeof endpoint>, cache: ViewCache): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { body } = input;
  const accountNo = context.actor.accountNo as number;
  const viewId = randomUUID();
  const search = body.search.trim();
  const stored = storeView(context, viewId, accountNo, body, search);
  const plan = search === "" ? null : planSearch(context, "customer", search);
  const [view] = await Promise.all([buildView(context, viewId, body, plan, body.first, cache), stored]);
  cache.put(view);
  context.journal.fact("view", viewId);
  context.journal.fact("total", view.numbers.length);
  return {
    viewId,
    total: view.numbers.length,
    isComplete: view.searchedTo === null,
    search: null,
    rows: await rowsOf(context, view, 0, body.first),
  };
}

/** Keeps what was asked, the typed words sealed under a key of their own, so that a reload opens the same list. */
async function storeView(context: Context, viewId: string, accountNo: number, body: ViewRequest, search: string): Promise<void> {
  const { filters, sort, first } = body;
  // A key that names no column was typed: it is not kept.
  const columns = body.columns?.filter((key) => recordFieldOf(context.policy, "customer", key) !== undefined);
  const queryNo = randomBytes(5).readUIntBE(0, 5);
  let blob: Buffer | null = null;
  if (search !== "") {
    blob = sealText(context.door.vault, { kind: "query", no: queryNo }, "personal", 1, { query: search });
    context.journal.sealed({ label: "query", subject: { kind: "query", no: queryNo }, fieldClass: "personal", blob });
  }
  await context.db.note(
    `insert into customer_views (view_id, account_no, query_no, request, sealed_search, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6::timestamptz, $6::timestamptz + interval '12 hours')`,
    [viewId, accountNo, queryNo, JSON.stringify({ filters, sort, columns, first }), blob, context.now],
    "view-stored",
  );
}

/** Finds the numbers of a view: by the blind index where something was typed, else by its filters alone. */
export async function buildView(
  context: Context,
  viewId: string,
  request: ViewRequest,
  plan: SearchPlan | null,
  first: number,
  means: ListMeans,
): Promise<OpenView> {
  const columns = (request.columns ?? listColumns).filter((key) => recordFieldOf(context.policy, "customer", key) !== undefined);
  const view: OpenView = {
    viewId,
    accountNo: context.actor.accountNo as number,
    policyVersion: context.policy.version,
    openedAt: context.now.getTime(),
    numbers: [],
    reasons: new Map(),
    searchedTo: null,
    columns,
  };
  demandSortable(context, request);
  if (plan === null) {
    view.numbers = await numbersByFilter(context, request, means);
    return view;
  }
  if (!plan.canSearch) {
    return view;
  }
  view.searchedTo = 0;
  const isByNumber = request.sort.by === "number" && !request.sort.descending;
  await searchOn(context, view, request, plan, means, isByNumber ? Math.max(first, 1) : mostSorted);
  if (!isByNumber) {
    view.numbers = await sortNumbers(context, view.numbers as number[], request);
    view.searchedTo = null;
  }
  return view;
}

/** Goes on with a search until the view holds `most` hits or no candidate is left. */
export async function searchOn(context: Context, view: OpenView, request: ViewRequest, plan: SearchPlan, means: ListMeans, most: number): Promise<void> {
  const hits = view.numbers as number[];
  const classes = classesOf(context, [...new Set([...view.columns, ...plan.conditions.flatMap((condition) => condition.ways.map((way) => way.field.key))])]);
  const filters = await resolveFilters(context, request.filters, means.alikeNumbers);
  // A page and a few more at first: most searches end there. Whoever needs more looks further at a time.
  let step = Math.max(firstCandidates, Math.min(most - hits.length + 10, candidateStep));
  while (view.searchedTo !== null && hits.length < most) {
    const { rows, lastNo } = await searchCandidates(context, { terms: plan.terms, after: view.searchedTo, most: step, filters, classes });
    view.searchedTo = lastNo;
    const found = examineSearch(
      context,
      plan,
      rows.map((row) => row.record),
    );
    for (const row of rows) {
      const reasons = found.get(row.customerNo);
      if (reasons !== undefined) {
        hits.push(row.customerNo);
        view.reasons.set(row.customerNo, reasons);
        remember(view, row);
      }
    }
    step = candidateStep;
  }
}

/** Rows that a search has just opened serve the page that follows in the same request. */
const justOpened = new WeakMap<OpenView, Map<number, CustomerRow>>();
function remember(view: OpenView, row: CustomerRow): void {
  let rows = justOpened.get(view);
  if (rows === undefined) {
    rows = new Map();
    justOpened.set(view, rows);
  }
  rows.set(row.customerNo, row);
}

async function numbersByFilter(context: Context, request: ViewRequest, { orders, alikeNumbers }: ListMeans): Promise<number[] | Int32Array> {
  const { sort } = request;
  const filters = await resolveFilters(context, request.filters, alikeNumbers);
  const { conditions, values } = filterConditions(filters, 1);
  const scope = visibleTo(context.actor.rights, "customer", { startAt: values.length + 1 });
  conditions.push(scope.text);
  values.push(...scope.values);
  if (sort.by === "kana" || sort.by === "companyName") {
    const listed = await listVersions(context, conditions.join(" and "), values);
    return listed.numbers.length > orders.longList
      ? orderListed(context, sort.by, listed, sort.descending, orders)
      : sortNumbers(context, [...listed.numbers], request);
  }
  const order = sort.by === "updatedAt" ? "updated_at" : "customer_no";
  const direction = sort.descending ? "desc" : "asc";
  const rows = await context.db.query<{ numbers: number[] | null }>(
    `select array_agg(customer_no order by ${order} ${direction}, customer_no) as numbers from customers where ${conditions.join(" and ")}`,
    values,
  );
  const numbers = rows[0]?.numbers ?? [];
  if (filters.among !== undefined && sort.by === "number" && !sort.descending) {
    const found = new Set(numbers);
    return filters.among.filter((no) => found.has(no));
  }
  return sort.by === "number" || sort.by === "updatedAt" ? Int32Array.from(numbers) : sortNumbers(context, numbers, request);
}

async function sortNumbers(context: Context, numbers: number[], request: ViewRequest): Promise<number[]> {
  const { by, descending } = request.sort;
  if (by === "number") {
    return numbers.toSorted((a, b) => (descending ? b - a : a - b));
  }
  if (by === "updatedAt") {
    const rows = await context.db.query<{ customer_no: number }>(
      `select customer_no from customers where customer_no = any($1) order by updated_at ${descending ? "desc" : "asc"}, customer_no`,
      [numbers],
    );
    return rows.map((row) => row.customer_no);
  }
  context.journal.fact("examined", numbers.length);
  if (by === "company") {
    return orderByCompany(context, numbers, descending);
  }
  return orderedNumbers(context, by, numbers, descending);
}

/** Sorting by a field is an oracle unless the caller reads it in full on every row of the list. */
function demandSortable(context: Context, request: ViewRequest): void {
  const { by } = request.sort;
  if (by === "number" || by === "updatedAt" || by === "company") {
    return;
  }
  const field = recordFieldOf(context.policy, "customer", by);
  const { rights } = context.actor;
  const seen = visibleScope(rights, "customer");
  const read = field === undefined ? undefined : scopeFor(rights, "customer", field.class, { level: "read", unmasked: field.mask !== "none" });
  if (read === undefined || (seen.all && !read.all) || (seen.cells && !read.cells) || (seen.own && !read.own)) {
    throw new Problem("not-searchable", { field: by });
  }
}

/** The rows of a page, as handles. */
export async function rowsOf(context: Context, view: OpenView, offset: number, limit: number): Promise<Draft<ReplyOf<typeof endpoint>>["rows"]> {
  const numbers = [...view.numbers.slice(offset, offset + limit)];
  const opened = justOpened.get(view);
  justOpened.delete(view);
  const rows =
    opened !== undefined && numbers.every((no) => opened.has(no))
      ? numbers.map((no) => opened.get(no) as CustomerRow)
      : await listCustomers(context, numbers, classesOf(context, view.columns));
  const trashed = rows.filter((row) => row.state === "trashed").map((row) => row.customerNo);
  const terms = trashed.length === 0 ? undefined : await trashTerms(context, "customer", trashed);
  return rows.map((row) => ({
    customerNo: row.customerNo,
    ownerNo: row.ownerNo,
    cellNo: row.cellNo,
    companyNo: row.companyNo,
    isSuspended: row.isSuspended,
    updatedAt: row.updatedAt.toISOString(),
    trashDaysLeft: terms?.get(row.customerNo),
    values: new SealedValues(row.record, view.columns),
    reasons: reasonsOf(view, row),
  }));
}

/** Why a row was found. That a field answered is something of it, whether or not it stands among the columns. */
function reasonsOf(view: OpenView, { customerNo, record }: CustomerRow): Draft<ReplyOf<typeof endpoint>>["rows"][number]["reasons"] {
  const reasons = view.reasons.get(customerNo);
  if (reasons === undefined) {
    return [];
  }
  return confirming(
    record,
    reasons.map((reason) => reason.field),
    [...reasons],
  );
}

/** What was typed into a view: only its author may read it again. */
export function typedSearch(queryNo: number, blob: Buffer | null, authorNo: number): SealedText | null {
  return blob === null ? null : new SealedText({ kind: "query", no: queryNo }, blob, "query", { authorNo });
}
