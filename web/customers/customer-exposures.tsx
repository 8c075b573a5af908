import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { customerExposures } from "#shared/customers.ts";
import { purposes } from "#shared/rights.ts";
import { call } from "#web/call.ts";
import { AccountChip } from "#web/parts/chip.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { Timeline } from "#web/parts/timeline.tsx";
import { useAllFields } from "#web/parts/use-directory.ts";
import { useEventName } from "#web/words/event-names.ts";
import { useWords } from "#web/words/words.ts";

/** 閲覧記録: who saw this person, when, by which act and which fields. Read out of the ledger. */
export function CustomerExposures({ customerNo }: { customerNo: number }) {
  const { w, label, list } = useWords();
  const eventName = useEventName();
  const fields = useAllFields("customer");
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["exposures", customerNo],
    queryFn: ({ pageParam }) => call(customerExposures, { params: { customerNo }, ...(pageParam === null ? {} : { query: { before: pageParam } }) }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextBefore,
    staleTime: 0,
  });
  if (error !== null) return <ProblemNotice error={error} />;
  const seen = data?.pages.flatMap((page) => page.exposures);
  if (seen === undefined) return <p className="soft">{w.act.loading}</p>;
  if (seen.length === 0) return <p className="soft">{w.person.noExposures}</p>;
  const nameOf = (key: string) => {
    const field = fields.find((one) => one.key === key);
    return field === undefined ? key : label(field);
  };
  return (
    <div className="column">
      <Timeline
        label={w.person.exposures}
        happenings={seen.map((one) => {
          const purpose = purposes.find((known) => known === one.purpose);
          return {
            key: one.eventNo,
            at: one.at,
            who: <AccountChip no={one.accountNo} />,
            what: `${eventName(one.type)}${purpose === undefined ? "" : ` / ${w.purposes[purpose]}`}`,
            detail: (
              <p className="small soft">
                {list(one.fields.map((field) => (field.how === "full" ? nameOf(field.field) : w.person.partial(nameOf(field.field)))))}
              </p>
            ),
          };
        })}
      />
      {hasNextPage ? (
        <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {w.act.more}
        </Button>
      ) : null}
    </div>
  );
}
