import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { ReplyOf } from "#shared/endpoint.ts";
import { replayLedger, replayOwn } from "#shared/ledger.ts";
import { call } from "#web/call.ts";
import { namesBy } from "#web/ledger/describe-event.ts";

export interface ReplayAsk {
  readonly eventNo?: number;
  readonly minutes?: number;
  readonly accountNo?: number;
  /** `2026-11-21`, in Japan. */
  readonly day?: string;
  readonly isEverybody?: boolean;
  readonly withNames: boolean;
}
type Part = ReplyOf<typeof replayLedger>;
export type Scene = Part["scenes"][number];

/** A story, oldest first, part by part. */
export function useReplay(whose: "all" | "own", ask: ReplayAsk | undefined) {
  const query = useInfiniteQuery({
    queryKey: ["replay", whose, ask],
    queryFn: ({ pageParam }): Promise<Part> => {
      const { eventNo, minutes, accountNo, day, isEverybody, withNames } = ask ?? { withNames: false };
      const body = {
        withNames,
        ...(eventNo === undefined ? {} : { eventNo }),
        ...(minutes === undefined ? {} : { minutes }),
        ...(day === undefined ? {} : { from: `${day}T00:00:00+09:00`, to: new Date(Date.parse(`${day}T00:00:00+09:00`) + dayMs).toISOString() }),
        ...(pageParam === null ? {} : { after: pageParam }),
      };
      if (whose === "own") return call(replayOwn, { body });
      return call(replayLedger, { body: { ...body, ...(accountNo === undefined ? {} : { accountNo }), ...(isEverybody === true ? { isEverybody } : {}) } });
    },
    initialPageParam: null as number | null,
    getNextPageParam: (part) => part.nextAfter,
    enabled: ask !== undefined,
    staleTime: 30_000,
  });
  const parts = query.data?.pages;
  return {
    parts,
    events: useMemo(() => new Map(parts?.flatMap((part) => part.events.map((event) => [event.eventNo, event] as const)) ?? []), [parts]),
    scenes: useMemo(() => parts?.flatMap((part) => part.scenes) ?? [], [parts]),
    names: useMemo(() => namesBy(parts?.map((part) => part.names) ?? []), [parts]),
    error: query.error,
    isLoading: query.isLoading,
    hasMore: query.hasNextPage,
    isMoreOnTheWay: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
  };
}

const dayMs = 86_400_000;
