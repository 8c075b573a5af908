import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ReplyOf } from "#shared/endpoint.ts";
import { listEvents, listOwnEvents } from "#shared/ledger.ts";
import { call } from "#web/call.ts";
import type { LedgerEvent, Named } from "#web/ledger/describe-event.ts";
import { namesBy } from "#web/ledger/describe-event.ts";
import type { LedgerFilter } from "#web/ledger/ledger-ask.ts";

type Page = ReplyOf<typeof listEvents>;

/** Pages of the ledger, newest first. `own`: what is recorded about oneself. */
export function useEvents(whose: "all" | "own", filter: LedgerFilter, { isOn = true, withNames = false }: { isOn?: boolean; withNames?: boolean } = {}) {
  const query = useInfiniteQuery({
    queryKey: ["events", whose, filter, withNames],
    queryFn: ({ pageParam }): Promise<Page> => {
      const page = { ...(pageParam === null ? {} : { before: pageParam }), limit: 50, withNames };
      const { accountNo: _whose, ...ofOneself } = filter;
      return whose === "own" ? call(listOwnEvents, { body: { ...ofOneself, ...page } }) : call(listEvents, { body: { ...filter, ...page } });
    },
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextBefore,
    enabled: isOn,
    staleTime: 10_000,
  });
  const pages = query.data?.pages;
  const events: readonly LedgerEvent[] = pages?.flatMap((page) => page.events) ?? [];
  const names: Named = useMemo(() => namesBy(pages?.map((page) => page.names) ?? []), [pages]);
  const more = () => {
    if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
  };
  return {
    events,
    names,
    more,
    hasMore: query.hasNextPage,
    error: query.error,
    isLoading: query.isLoading,
    isFetching: query.isFetching,
    refetch: query.refetch,
  };
}
