import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { showCase, showDesk } from "#shared/desk.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { call } from "#web/call.ts";
import { tellRefusal } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

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

/** An act at the desk: says what came of it, and has what it may have changed fetched anew. */
export function useDeskAct<Given, Reply>(act: (given: Given) => Promise<Reply>, onDone?: (reply: Reply) => string | undefined) {
  const spoken = useWords();
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    // What was stated and told does not outlive the screen.
    gcTime: 0,
    onSuccess: (reply) => {
      const message = onDone?.(reply);
      if (message !== undefined) notifications.show({ message });
    },
    onError: (error) => notifications.show({ message: tellRefusal(error, spoken), color: "red" }),
    onSettled: () => {
      for (const key of ["desk", "desks", "desk-cases", "desk-case", "incident", "staff"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
}
