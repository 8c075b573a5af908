import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReplyOf } from "#shared/endpoint.ts";
import { showIncident } from "#shared/incidents.ts";
import { call } from "#web/call.ts";
import { tellRefusal } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

export type WholeIncident = ReplyOf<typeof showIncident>;

export function useIncident(incidentNo: number) {
  return useQuery({ queryKey: ["incident", incidentNo], queryFn: () => call(showIncident, { params: { incidentNo } }), staleTime: 0 });
}

/** An act on incidents: says what came of it where there is something to say, and has whatever it may have changed fetched anew. */
export function useIncidentAct<Given, Reply>(act: (given: Given) => Promise<Reply>, onDone?: (reply: Reply) => string | undefined) {
  const spoken = useWords();
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (reply) => {
      const message = onDone?.(reply);
      if (message !== undefined) notifications.show({ message });
    },
    onError: (error) => notifications.show({ message: tellRefusal(error, spoken), color: "red" }),
    onSettled: () => {
      for (const key of ["incidents", "incident"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
}
