import { useQuery } from "@tanstack/react-query";
import { showCheckpoint } from "#shared/ledger.ts";
import { call } from "#web/call.ts";

export function useCheckpoint() {
  return useQuery({ queryKey: ["checkpoint"], queryFn: () => call(showCheckpoint), staleTime: 5000 });
}
