import { useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { z } from "zod";
import { openView, showView, viewRows, type viewFilters } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { call } from "#web/call.ts";

export type CustomerRow = ReplyOf<typeof viewRows>["rows"][number];
export type Filters = z.output<typeof viewFilters>;
export type ViewSort = ReplyOf<typeof showView>["sort"];
export interface Ask {
  readonly search: string;
  readonly filters: Filters;
  readonly sort: ViewSort;
}
/** `isExhausted`: a search that went on while scrolling has come to its end. */
export type OpenedView = ReplyOf<typeof showView> & { readonly isExhausted?: boolean };

const pageRows = 50;
const restMilliseconds = 80;

/** The pages that hold rows `first`–`last`. Never more: a row that was fetched counts as seen. */
export function pagesOf(first: number, last: number, total: number): readonly number[] {
  if (total === 0) return [];
  const from = Math.floor(Math.max(0, first) / pageRows);
  const to = Math.floor(Math.min(total - 1, Math.max(first, last)) / pageRows);
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Opens a list with the fields that are shown of it, and no others. What was typed travels in the body and stands nowhere else. */
export function useOpenView() {
  const client = useQueryClient();
  const newest = useRef(0);
  return useCallback(
    async (ask: Ask, columns: readonly string[]): Promise<string | undefined> => {
      const mine = ++newest.current;
      const reply = await client.fetchQuery({
        queryKey: ["open-view"],
        queryFn: () => call(openView, { body: { ...ask, columns: [...columns], first: pageRows } }),
        staleTime: 0,
        gcTime: 0,
      });
      // A slower answer to older words is dropped.
      if (mine !== newest.current) return undefined;
      const { viewId, total, isComplete } = reply;
      client.setQueryData<OpenedView>(["view", viewId], { viewId, total, isComplete, ...ask });
      client.setQueryData(["rows", viewId, 0], { total, rows: reply.rows });
      return viewId;
    },
    [client],
  );
}

export function useOpenedView(viewId: string | undefined) {
  return useQuery({
    queryKey: ["view", viewId],
    queryFn: (): Promise<OpenedView> => call(showView, { params: { viewId: viewId ?? "" } }),
    enabled: viewId !== undefined,
    staleTime: Infinity,
  });
}

/** How many rows to lay out: while a search goes on, one more than are known, whose sight asks for the next. */
export function rowsToShow(view: Pick<OpenedView, "total" | "isComplete" | "isExhausted"> | undefined): number {
  if (view === undefined) return 0;
  return view.total + (view.isComplete || view.isExhausted === true ? 0 : 1);
}

/** Rows of an opened view, fetched page by page: at once after a single step, and while somebody runs through the list where that comes to rest. */
export function useViewRows(viewId: string | undefined, total: number) {
  const client = useQueryClient();
  const [seen, setSeen] = useState<{ viewId: string | undefined; first: number; last: number }>({ viewId, first: 0, last: 0 });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const movedAt = useRef(0);
  useEffect(() => () => clearTimeout(timer.current), []);
  // Where another list was scrolled to says nothing about this one: fetching there would show people nobody asked for.
  const pages = useMemo(() => (seen.viewId === viewId ? pagesOf(seen.first, seen.last, total) : pagesOf(0, 0, total)), [seen, total, viewId]);
  const results = useQueries({
    queries:
      viewId === undefined
        ? []
        : pages.map((page) => ({
            queryKey: ["rows", viewId, page],
            queryFn: async () => {
              const reply = await call(viewRows, { params: { viewId }, query: { offset: page * pageRows, limit: pageRows } });
              const isLast = reply.total <= page * pageRows + reply.rows.length;
              client.setQueryData<OpenedView>(
                ["view", viewId],
                (view) => view && { ...view, total: Math.max(view.total, reply.total), ...(isLast ? { isExhausted: true } : {}) },
              );
              return reply;
            },
            staleTime: Infinity,
          })),
  });
  const arrived = new Map(pages.map((page, place) => [page, results[place]?.data]));
  const rowAt = (index: number): CustomerRow | undefined => {
    const page = Math.floor(index / pageRows);
    const held = arrived.get(page) ?? client.getQueryData<{ rows: CustomerRow[] }>(["rows", viewId, page]);
    return held?.rows[index % pageRows];
  };
  const onVisible = useCallback(
    (first: number, last: number) => {
      clearTimeout(timer.current);
      const look = () => setSeen((former) => (former.viewId === viewId && former.first === first && former.last === last ? former : { viewId, first, last }));
      const isRunning = performance.now() - movedAt.current < restMilliseconds;
      movedAt.current = performance.now();
      if (isRunning) timer.current = setTimeout(look, restMilliseconds);
      else look();
    },
    [viewId],
  );
  return { rowAt, onVisible, error: results.find((result) => result.error !== null)?.error ?? null };
}
