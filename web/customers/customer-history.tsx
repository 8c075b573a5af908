import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { customerHistory } from "#shared/customers.ts";
import { call } from "#web/call.ts";
import styles from "#web/customers/customer-history.module.css";
import { AccountChip } from "#web/parts/chip.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { Timeline } from "#web/parts/timeline.tsx";
import { useFields } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useEventName } from "#web/words/event-names.ts";
import { useWords } from "#web/words/words.ts";

/** 履歴: the edits, newest first, with before and after as far as one may read them. */
export function CustomerHistory({ customerNo }: { customerNo: number }) {
  const { w, label } = useWords();
  const eventName = useEventName();
  const fields = useFields("customer");
  const { data, error, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["history", customerNo],
    queryFn: ({ pageParam }) => call(customerHistory, { params: { customerNo }, ...(pageParam === null ? {} : { query: { before: pageParam } }) }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextBefore,
  });
  if (error !== null) return <ProblemNotice error={error} />;
  const edits = data?.pages.flatMap((page) => page.edits);
  if (edits === undefined) return <p className="soft">{w.act.loading}</p>;
  if (edits.length === 0) return <p className="soft">{w.person.noHistory}</p>;
  return (
    <div className="column">
      <Timeline
        label={w.person.history}
        happenings={edits.map((edit) => ({
          key: edit.eventNo,
          at: edit.at,
          who: <AccountChip no={edit.accountNo} />,
          what: eventName(edit.type),
          detail:
            edit.fields.length === 0 ? undefined : (
              <dl className={styles["changes"]}>
                {edit.fields.map((change) => {
                  const field = fields.find((one) => one.key === change.field);
                  return (
                    <div key={change.field}>
                      <dt>{field === undefined ? change.field : label(field)}</dt>
                      <dd>
                        <Value shown={change.before} isBare /> <span className="soft">→</span> <Value shown={change.after} isBare />
                      </dd>
                    </div>
                  );
                })}
              </dl>
            ),
        }))}
      />
      {hasNextPage ? (
        <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {w.act.more}
        </Button>
      ) : null}
    </div>
  );
}
