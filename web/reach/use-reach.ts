import { useQuery } from "@tanstack/react-query";
import type { ReplyOf } from "#shared/endpoint.ts";
import { showReach, type ReachFigure, type ReachKind } from "#shared/reach.ts";
import { call } from "#web/call.ts";
import { deviceName } from "#web/parts/device-name.ts";
import { textOf, useStaff } from "#web/parts/use-directory.ts";
import { useRoleName } from "#web/reviews/use-role-name.ts";
import { useWords } from "#web/words/words.ts";

export type Reach = ReplyOf<typeof showReach>;

const lookAgainMs = 2_000;

/** The figures of one kind; looked at again while they are counted. */
export function useReach(kind: ReachKind) {
  return useQuery({
    queryKey: ["reach", kind],
    queryFn: () => call(showReach, { params: { kind } }),
    staleTime: 30_000,
    refetchInterval: ({ state }) => (state.data !== undefined && state.data.counting !== null ? lookAgainMs : false),
  });
}

/** What a figure is of, as people call it. */
export function useFigureName(kind: ReachKind): (figure: ReachFigure) => string {
  const { w } = useWords();
  const staff = useStaff();
  const roleName = useRoleName();
  return (figure) => {
    if (kind === "role") return roleName(figure.key);
    if (kind === "account") return textOf(staff.get(Number(figure.key))) ?? w.settings.ofNumber(Number(figure.key));
    return figure.device?.name == null ? w.reach.unknownDevice : deviceName(figure.device.name);
  };
}

export function percentOf(people: number, customers: number): number {
  return customers === 0 ? 0 : Math.round((people / customers) * 100);
}
