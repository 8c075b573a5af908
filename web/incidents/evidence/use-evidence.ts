import { useQuery } from "@tanstack/react-query";
import type { ReplyOf } from "#shared/endpoint.ts";
import { listEvidence, lookAtEvidence } from "#shared/evidence.ts";
import { call } from "#web/call.ts";

export type Evidence = ReplyOf<typeof listEvidence>;
const takingMs = 1_500;

/** Stands under ["incident", no]: an act on the incident has it fetched anew. While a snapshot is being taken, or a hold extended, it is looked at again. */
export function useEvidence(incidentNo: number, isWanted: boolean) {
  return useQuery({
    queryKey: ["incident", incidentNo, "evidence"],
    queryFn: () => call(listEvidence, { params: { incidentNo } }),
    staleTime: 0,
    enabled: isWanted,
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? takingMs : false),
  });
}

function isUnderWay(evidence: Evidence | undefined): boolean {
  return evidence !== undefined && (evidence.snapshots.some(({ takenAt }) => takenAt === null) || evidence.holds.some(({ isBehind }) => isBehind));
}

/** The chain of custody of an item. Each look is noted in it, so it is asked once for each opening. */
export function useCustody(itemNo: number, opening: number) {
  return useQuery({
    queryKey: ["evidence-custody", itemNo, opening],
    queryFn: () => call(lookAtEvidence, { params: { itemNo } }),
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}
