import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReplyOf } from "#shared/endpoint.ts";
import { listEvents, listOwnEvents } from "#shared/ledger.ts";
import { call } from "#web/call.ts";
import type { LedgerEvent } from "#web/ledger/describe-event.ts";

export interface EventFilter {
  readonly types?: string[];
  readonly accountNo?: number;
  readonly customerNo?: number;
  readonly from?: string;
  readonly to?: string;
}
type Page = ReplyOf<typeof listEvents>;

/** Pages of the ledger, newest first. `own`: what is recorded about oneself. */
export function useEvents(whose: "all" | "own", filter: EventFilter, isOn = true) {
  const query = useInfiniteQuery({
    queryKey: ["events", whose, filter],
    queryFn: ({ pageParam }): Promise<Page> => {
      const page = pageParam === null ? {} : { before: pageParam };
      return whose === "own" ? call(listOwnEvents, { body: { ...page, limit: 50 } }) : call(listEvents, { body: { ...filter, ...page, limit: 50 } });
    },
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextBefore,
    enabled: isOn,
    staleTime: 10_000,
  });
  const events: readonly LedgerEvent[] = query.data?.pages.flatMap((page) => page.events) ?? [];
  const more = () => {
    if (query.hasNextPage && !query.isFetchingNextPage) void query.fetchNextPage();
  };
  return { events, more, hasMore: query.hasNextPage, error: query.error, isLoading: query.isLoading, refetch: query.refetch };
}
