import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { viewGroups } from "#shared/working-list.ts";
import { call } from "#web/call.ts";
import { useCompanyNames } from "#web/companies/use-company-names.ts";
import { layGroups, type Group, type Lines } from "#web/customers/list-groups.ts";
import type { GroupHead } from "#web/parts/data-table.tsx";
import { useWords } from "#web/words/words.ts";

const namesAround = 40;

/** A list by company: its lines, and the heads that open and close them. Only the names in sight are fetched. */
export function useListGroups(viewId: string | undefined, isGrouped: boolean) {
  const { w } = useWords();
  const { data, error } = useQuery({
    queryKey: ["view-groups", viewId],
    queryFn: async () => (await call(viewGroups, { params: { viewId: viewId ?? "" } })).groups,
    enabled: isGrouped && viewId !== undefined,
    staleTime: Infinity,
  });
  const groups: readonly Group[] = isGrouped ? (data ?? []) : [];
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set());
  const lines: Lines | undefined = useMemo(
    () => (isGrouped && data !== undefined ? layGroups(data, (group) => closed.has(group.companyNo ?? 0)) : undefined),
    [closed, data, isGrouped],
  );
  const [seen, setSeen] = useState<readonly [number, number]>([0, 20]);
  const from = Math.floor(seen[0] / namesAround) * namesAround;
  const names = useCompanyNames(groups.slice(from, Math.min(from + 2 * namesAround, seen[1] + namesAround)).flatMap((group) => group.companyNo ?? []));
  const toggle = (group: Group) => {
    const next = new Set(closed);
    if (!next.delete(group.companyNo ?? 0)) next.add(group.companyNo ?? 0);
    setClosed(next);
  };
  return {
    lines,
    error,
    headAt: (line: number): GroupHead | undefined => {
      const at = lines?.at(line);
      const group = at !== undefined && "head" in at ? groups[at.head] : undefined;
      if (group === undefined) return undefined;
      const name = group.companyNo === null ? w.list.noCompany : (names.get(group.companyNo) ?? w.companies.ofNumber(group.companyNo));
      return {
        label: (
          <>
            <span>{name}</span> <span className="soft number">{w.list.people(group.customers)}</span>
          </>
        ),
        isOpen: !closed.has(group.companyNo ?? 0),
        onToggle: () => toggle(group),
      };
    },
    /** Tells which lines are in sight. */
    onLines: (first: number, last: number) => {
      if (lines === undefined) return;
      const groupAt = (line: number) => {
        for (let at = Math.min(line, lines.total - 1); at >= 0; at -= 1) {
          const one = lines.at(at);
          if ("head" in one) return one.head;
        }
        return 0;
      };
      const next = [groupAt(first), groupAt(last)] as const;
      if (next[0] !== seen[0] || next[1] !== seen[1]) setSeen(next);
    },
    areClosed: groups.length > 0 && closed.size >= groups.length,
    closeAll: () => setClosed(new Set(groups.map((group) => group.companyNo ?? 0))),
    openAll: () => setClosed(new Set()),
  };
}
