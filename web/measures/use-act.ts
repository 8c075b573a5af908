import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { tellRefusal } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

/** An act on a measure: says what came of it, and has what it may have changed fetched anew. */
export function useAct<Given, Reply>(act: (given: Given) => Promise<Reply>, onDone: (reply: Reply) => string) {
  const spoken = useWords();
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (reply) => {
      notifications.show({ message: onDone(reply) });
      for (const key of ["measures", "approvals", "lists", "incident"]) void client.invalidateQueries({ queryKey: [key] });
    },
    onError: (error) => notifications.show({ message: tellRefusal(error, spoken), color: "red" }),
  });
}
