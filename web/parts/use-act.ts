import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { tellRefusal } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

/**
 * An act of a person: says what came of it where there is something to say, or why it was refused, and has what it may have changed
 * (the first words of query keys) fetched anew. `keeps` is how long what was given and replied stays in memory, in ms.
 */
export function useAct<Given, Reply>(
  act: (given: Given) => Promise<Reply>,
  onDone: ((reply: Reply, given: Given) => string | undefined) | undefined,
  { changes, keeps }: { changes: readonly string[]; keeps?: number },
) {
  const spoken = useWords();
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    ...(keeps === undefined ? {} : { gcTime: keeps }),
    onSuccess: (reply, given) => {
      const message = onDone?.(reply, given);
      if (message !== undefined) notifications.show({ message });
    },
    onError: (error) => notifications.show({ message: tellRefusal(error, spoken), color: "red" }),
    onSettled: () => {
      for (const key of changes) void client.invalidateQueries({ queryKey: [key] });
    },
  });
}
