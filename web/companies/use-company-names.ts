import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { nameCompanies } from "#shared/working-list.ts";
import { call } from "#web/call.ts";
import { textOf } from "#web/parts/use-directory.ts";
import { useMe } from "#web/parts/use-me.ts";

const mostNamed = 100;

/** Names of companies by number, for those that have one and may be read. */
export function useCompanyNames(companyNos: readonly number[]): ReadonlyMap<number, string> {
  const { mayRead } = useMe();
  const asked = companyNos.slice(0, mostNamed);
  const { data } = useQuery({
    queryKey: ["company-names", ...asked],
    queryFn: () => call(nameCompanies, { body: { companyNos: asked } }),
    enabled: mayRead.company && asked.length > 0,
    staleTime: 300_000,
    placeholderData: (former) => former,
  });
  return useMemo(
    () =>
      new Map(data?.companies.flatMap(({ companyNo, companyName }) => (textOf(companyName) === undefined ? [] : [[companyNo, textOf(companyName) as string]]))),
    [data],
  );
}
