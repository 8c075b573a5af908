import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { listScopeEvents } from "#shared/incident-scope.ts";
import { call } from "#web/call.ts";
import styles from "#web/incidents/scope/scope.module.css";
import { At } from "#web/parts/at.tsx";
import { AccountChip, EventChip } from "#web/parts/chip.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useAllFields } from "#web/parts/use-directory.ts";
import { useEventName } from "#web/words/event-names.ts";
import { useWords } from "#web/words/words.ts";

/** The red thread: every event of the run that concerns one person, each opening in the ledger. */
export function PersonEvents({ incidentNo, runNo, customerNo }: { incidentNo: number; runNo: number; customerNo: number }) {
  const { w, label, list } = useWords();
  const eventName = useEventName();
  const words = w.incidentScope;
  const fields = useAllFields("customer");
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["scope-events", incidentNo, runNo, customerNo],
    queryFn: ({ pageParam }) =>
      call(listScopeEvents, { params: { incidentNo, runNo, customerNo }, body: { ...(pageParam === null ? {} : { before: pageParam }), limit: 20 } }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextBefore,
    staleTime: 0,
  });
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="small soft">{w.act.loading}</p>;
  const events = data.pages.flatMap((page) => page.events);
  if (events.length === 0) return <p className="small soft">{words.list.noEvents}</p>;
  const nameOf = (key: string): string => {
    const known = fields.find((one) => one.key === key);
    return known === undefined ? key : label(known);
  };
  return (
    <>
      {data.pages.some((page) => page.found.length > 0) ? <p role="alert">{words.doubted}</p> : null}
      <ul className={styles["thread"]}>
        {events.map((event) => (
          <li key={event.eventNo}>
            <EventChip no={event.eventNo}>{eventName(event.type)}</EventChip>
            <At iso={event.at} />
            <AccountChip no={event.accountNo} />
            {event.address === null ? null : <span className="soft">{event.address}</span>}
            <span className="soft">{list(event.fields.map(({ field, isFull }) => (isFull ? nameOf(field) : words.list.masked(nameOf(field)))))}</span>
          </li>
        ))}
      </ul>
      {hasNextPage ? (
        <Button variant="default" size="compact-xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {words.list.more}
        </Button>
      ) : null}
    </>
  );
}
