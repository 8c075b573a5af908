import { planSealedSearch, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type { showView as showEndpoint, viewRows as endpoint } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { buildView, rowsOf, searchOn, typedSearch, type ViewRequest } from "./open-view.ts";
import type { OpenView, ViewCache } from "./view-cache.ts";

interface StoredView {
  readonly accountNo: number;
  readonly queryNo: number;
  readonly request: ViewRequest;
  readonly sealedSearch: Buffer | null;
}

/** A page of an opened list. */
export async function viewRows(context: Context, input: Input<typeof endpoint>, cache: ViewCache): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { offset, limit } = input.query;
  const { viewId } = input.params;
  const view = await viewFor(context, viewId, cache, offset + limit);
  context.journal.fact("view", viewId);
  context.journal.fact("offset", offset);
  return { total: view.numbers.length, rows: await rowsOf(context, view, offset, limit) };
}

/** An opened list of the caller's, with its first `most` numbers at least. @throws Problem not-found */
export async function viewFor(context: Context, viewId: string, cache: ViewCache, most: number): Promise<OpenView> {
  const known = cache.get(viewId, context.actor.accountNo as number, context.policy.version, context.now.getTime());
  if (known !== undefined && (known.searchedTo === null || known.numbers.length >= most)) {
    return known;
  }
  const view = await reopen(context, viewId, known, most, cache);
  cache.put(view);
  return view;
}

/** What an opened list asked for. */
export async function showView(context: Context, input: Input<typeof showEndpoint>, cache: ViewCache): Promise<Draft<ReplyOf<typeof showEndpoint>>> {
  const { viewId } = input.params;
  const stored = await storedView(context, viewId);
  let view = cache.get(viewId, stored.accountNo, context.policy.version, context.now.getTime());
  if (view === undefined) {
    view = await reopen(context, viewId, undefined, 50, cache);
    cache.put(view);
  }
  return {
    viewId,
    total: view.numbers.length,
    isComplete: view.searchedTo === null,
    search: typedSearch(stored.queryNo, stored.sealedSearch, stored.accountNo),
    filters: stored.request.filters,
    sort: stored.request.sort,
  };
}

/** Opens a view again, or goes on with its search, from the sealed words it was asked with. */
async function reopen(context: Context, viewId: string, known: OpenView | undefined, most: number, cache: ViewCache): Promise<OpenView> {
  const stored = await storedView(context, viewId);
  const search = typedSearch(stored.queryNo, stored.sealedSearch, stored.accountNo);
  const plan = search === null ? null : planSealedSearch(context, "customer", search);
  if (known !== undefined && plan !== null) {
    await searchOn(context, known, stored.request, plan, cache, most);
    return known;
  }
  return buildView(context, viewId, stored.request, plan, most, cache);
}

async function storedView(context: Context, viewId: string): Promise<StoredView> {
  const [row] = await context.db.query<{ account_no: number; query_no: number; request: Omit<ViewRequest, "search">; sealed_search: Buffer | null }>(
    "select account_no, query_no, request, sealed_search from customer_views where view_id = $1 and expires_at > $2",
    [viewId, context.now],
    "view-read",
  );
  if (row === undefined || row.account_no !== context.actor.accountNo) {
    throw new Problem("not-found");
  }
  return { accountNo: row.account_no, queryNo: row.query_no, request: { ...row.request, search: "" }, sealedSearch: row.sealed_search };
}
