import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { countCustomers, type countedBy } from "#shared/working-list.ts";
import { call } from "#web/call.ts";
import type { Filters } from "#web/customers/use-customer-view.ts";

/** Customers by each choice of a filter; undefined until they are known, or while nobody asks. */
export function useCounts(by: (typeof countedBy)[number], filters: Filters, isAsked: boolean): ReadonlyMap<string, number> | undefined {
  const { data } = useQuery({
    queryKey: ["counts", by, filters],
    queryFn: () => call(countCustomers, { body: { by, filters } }),
    enabled: isAsked,
    staleTime: 20_000,
  });
  return useMemo(() => (data === undefined ? undefined : new Map(data.choices.map(({ choice, customers }) => [choice, customers]))), [data]);
}
