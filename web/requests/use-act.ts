import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";

/** An act on a person's requests: says that it is done, and has everything that it may have changed fetched anew. */
export function useAct<Given, Reply>(act: (given: Given) => Promise<Reply>, onDone: (reply: Reply) => string | undefined) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (reply) => {
      const message = onDone(reply);
      if (message !== undefined) notifications.show({ message });
      for (const key of ["person-file", "person-requests", "erasures", "disposals", "customer", "use-purposes", "person-policy"]) {
        void client.invalidateQueries({ queryKey: [key] });
      }
    },
  });
}
