import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { Refusal } from "#web/call.ts";

/**
 * Reading again is another look, and another look is another record: nothing is fetched anew on focus or reconnect,
 * and a refusal is not retried behind the reader's back.
 */
export function createQueryClient(on: { refusal: (refusal: Refusal) => void; success: (key: readonly unknown[]) => void }): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof Refusal) on.refusal(error);
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError, onSuccess: (_data, query) => on.success(query.queryKey) }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { retry: false, refetchOnWindowFocus: false, refetchOnReconnect: false, staleTime: 60_000, networkMode: "always" },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
