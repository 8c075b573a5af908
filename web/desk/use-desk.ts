import { useQuery } from "@tanstack/react-query";
import { showCase, showDesk } from "#shared/desk.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { call } from "#web/call.ts";
import { useAct } from "#web/parts/use-act.ts";

export type WholeDesk = ReplyOf<typeof showDesk>;
export type WholeCase = ReplyOf<typeof showCase>;

/** Others work at the same desk. */
const lookMilliseconds = 20_000;

export function useDesk(incidentNo: number) {
  return useQuery({
    queryKey: ["desk", incidentNo],
    queryFn: () => call(showDesk, { params: { incidentNo } }),
    staleTime: 0,
    refetchInterval: lookMilliseconds,
  });
}

/** An act at the desk. What was stated and told does not outlive the screen. */
export function useDeskAct<Given, Reply>(act: (given: Given) => Promise<Reply>, onDone?: (reply: Reply, given: Given) => string | undefined) {
  return useAct(act, onDone, { changes: ["desk", "desks", "desk-cases", "desk-case", "incident", "staff"], keeps: 0 });
}
