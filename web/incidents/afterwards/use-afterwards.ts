import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { tellRefusal } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

/** An act afterwards: says what came of it, and has whatever it may have changed fetched anew. */
export function useAfterwardsAct<Given, Reply>(act: (given: Given) => Promise<Reply>, onDone?: (reply: Reply) => string | undefined) {
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
      for (const key of ["incident", "preventions"]) void client.invalidateQueries({ queryKey: [key] });
    },
  });
}
