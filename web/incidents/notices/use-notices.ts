import { useQuery } from "@tanstack/react-query";
import type { ReplyOf } from "#shared/endpoint.ts";
import { listNotices, showNoticeMail, type Notice, type NoticeOutcome, type NoticeWay } from "#shared/incident-notices.ts";
import { call } from "#web/call.ts";

export type Notices = ReplyOf<typeof listNotices>;

const whileWorkingMs = 1_500;

/** Everything stands under ["incident", no]: an act on the incident has it fetched anew. While something is being worked out or sent, by itself. */
export function useNotices(incidentNo: number) {
  return useQuery({
    queryKey: ["incident", incidentNo, "notices"],
    queryFn: () => call(listNotices, { params: { incidentNo } }),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.notices.some((notice) => ["planning", "sending"].includes(notice.state)) === true ? whileWorkingMs : false),
  });
}

export function useNoticeMail() {
  return useQuery({ queryKey: ["incident", "notice-mail"], queryFn: () => call(showNoticeMail, {}), staleTime: 0 });
}

export function peopleOf({ counts }: Pick<Notice, "counts">, way: NoticeWay, ...outcomes: readonly NoticeOutcome[]): number {
  return counts.filter((one) => one.way === way && (outcomes.length === 0 || outcomes.includes(one.outcome))).reduce((sum, one) => sum + one.people, 0);
}
