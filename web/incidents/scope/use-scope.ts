import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { ReplyOf } from "#shared/endpoint.ts";
import { listCauseKinds, listScopes, type ScopeCause, type ScopeSummary } from "#shared/incident-scope.ts";
import { listMatches } from "#shared/incident-match.ts";
import { call } from "#web/call.ts";
import { useAct } from "#web/parts/use-act.ts";

export type CauseKind = ReplyOf<typeof listCauseKinds>["kinds"][number];

/** While the ledger is being verified the result may still change. */
const verifyingMs = 2_000;

export function useCauseKinds(): readonly CauseKind[] {
  const { data } = useQuery({ queryKey: ["cause-kinds"], queryFn: () => call(listCauseKinds), staleTime: Infinity });
  return data?.kinds ?? [];
}

/** The runs of an incident's scope, newest first. Once the newest is verified, what rests on it is fetched anew. */
export function useScopeRuns(incidentNo: number) {
  const client = useQueryClient();
  const runs = useQuery({
    queryKey: ["scope", incidentNo],
    queryFn: () => call(listScopes, { params: { incidentNo } }),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.runs[0]?.verification.state === "pending" ? verifyingMs : false),
  });
  const standing = runs.data?.runs[0]?.verification.state;
  const former = useRef(standing);
  useEffect(() => {
    if (former.current === "pending" && standing !== "pending") void client.invalidateQueries({ queryKey: ["incident", incidentNo] });
    former.current = standing;
  }, [standing, client, incidentNo]);
  return runs;
}

export function useMatches(incidentNo: number, isWanted = true) {
  return useQuery({ queryKey: ["matches", incidentNo], queryFn: () => call(listMatches, { params: { incidentNo } }), staleTime: 0, enabled: isWanted });
}

/** An act on the scope. */
export function useScopeAct<Given, Reply>(act: (given: Given) => Promise<Reply>, onDone: (reply: Reply, given: Given) => string | undefined) {
  return useAct(act, onDone, { changes: ["scope", "scope-people", "scope-events", "scope-difference", "matches", "match-rows", "incident"] });
}

/** Whether two sets of causes ask the same. */
export function isSameCauses(a: readonly ScopeCause[], b: readonly ScopeCause[]): boolean {
  const signs = (causes: readonly ScopeCause[]): string =>
    causes
      .map(({ kind, values, keys, from, to }) => JSON.stringify([kind, [...values].map(String).toSorted(), keys ?? "", from ?? "", to ?? ""]))
      .toSorted()
      .join();
  return signs(a) === signs(b);
}

export type Run = ScopeSummary;
