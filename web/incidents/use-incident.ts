import { useQuery } from "@tanstack/react-query";
import type { ReplyOf } from "#shared/endpoint.ts";
import { showIncident } from "#shared/incidents.ts";
import { call } from "#web/call.ts";
import { useAct } from "#web/parts/use-act.ts";

export type WholeIncident = ReplyOf<typeof showIncident>;

export function useIncident(incidentNo: number) {
  return useQuery({ queryKey: ["incident", incidentNo], queryFn: () => call(showIncident, { params: { incidentNo } }), staleTime: 0 });
}

/** An act on incidents. */
export function useIncidentAct<Given, Reply>(act: (given: Given) => Promise<Reply>, onDone?: (reply: Reply, given: Given) => string | undefined) {
  return useAct(act, onDone, { changes: ["incidents", "incident"] });
}
