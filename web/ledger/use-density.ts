import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ledgerDensity, ownDensity } from "#shared/ledger.ts";
import { call } from "#web/call.ts";
import type { LedgerFilter } from "#web/ledger/ledger-ask.ts";

/** How many events there were over the time of a filter, in bars. */
export function useDensity(whose: "all" | "own", filter: LedgerFilter, isOn: boolean) {
  return useQuery({
    queryKey: ["density", whose, filter],
    queryFn: () => {
      const { accountNo: _whose, ...ofOneself } = filter;
      return whose === "own" ? call(ownDensity, { body: ofOneself }) : call(ledgerDensity, { body: filter });
    },
    enabled: isOn,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}
