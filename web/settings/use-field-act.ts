import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { reasonOf, refusalOf, sentenceOf } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

/** An act on fields: the list is read anew after it, and a refusal is said with its reason. */
export function useFieldAct<Given>(act: (given: Given) => Promise<unknown>, onDone?: (given: Given) => void) {
  const spoken = useWords();
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async (_, given) => {
      await client.invalidateQueries({ queryKey: ["fields"] });
      onDone?.(given);
    },
    onError: (error) => {
      const refusal = refusalOf(error);
      const reason = reasonOf(refusal, spoken);
      notifications.show({ message: reason === undefined ? sentenceOf(refusal.code, spoken) : reason, color: "red" });
    },
  });
}
