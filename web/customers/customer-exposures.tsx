import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { customerExposures } from "#shared/customers.ts";
import { stateSeenJson, stateSeenPdf } from "#shared/ledger-export.ts";
import { purposes } from "#shared/rights.ts";
import { call, download } from "#web/call.ts";
import { daysOfExposures, type Looker } from "#web/customers/days-of-exposures.ts";
import styles from "#web/customers/customer-exposures.module.css";
import { AroundLink } from "#web/ledger/around-link.tsx";
import { TakeStatement } from "#web/ledger/take-statement.tsx";
import { FieldsShown } from "#web/ledger/what-was-shown.tsx";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useMay, useMe } from "#web/parts/use-me.ts";
import { useEventName } from "#web/words/event-names.ts";
import { useWords } from "#web/words/words.ts";

/** 閲覧記録: who saw this person, when, by which act and which fields, day by day. Read out of the ledger. */
export function CustomerExposures({ customerNo }: { customerNo: number }) {
  const { w } = useWords();
  const mayState = useMay()("answer-person");
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
  if (seen.length === 0 && !hasNextPage) return <p className="soft">{w.person.noExposures}</p>;
  return (
    <div className="column">
      {mayState ? (
        <div>
          <TakeStatement
            open={w.statements.seen}
            title={w.statements.seenTitle}
            lead={w.statements.seenLead}
            usualDays={365}
            onTake={(form, time) => download(form === "json" ? stateSeenJson : stateSeenPdf, { params: { customerNo }, body: time })}
          />
        </div>
      ) : null}
      {daysOfExposures(seen).map(({ day, lookers }) => (
        <section key={day} aria-label={day}>
          <h3 className={styles["day"]}>
            <At iso={`${day}T12:00:00+09:00`} form="date" />
          </h3>
          <ul className={styles["lookers"]} aria-label={`${w.person.exposures} ${day}`}>
            {lookers.map((looker) => (
              <li key={looker.accountNo ?? 0}>
                <LookerLine looker={looker} />
              </li>
            ))}
          </ul>
        </section>
      ))}
      {hasNextPage ? (
        <div>
          <Button variant="default" size="xs" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {w.act.more}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function LookerLine({ looker }: { looker: Looker }) {
  const { w } = useWords();
  const eventName = useEventName();
  const mayReplay = useMay()("read-ledger");
  const { accountNo } = useMe();
  const [first, last] = [looker.looks.at(-1), looker.looks[0]];
  const stated = purposes.filter((purpose) => looker.looks.some((look) => look.purpose === purpose));
  return (
    <>
      <div className="line">
        <AccountChip no={looker.accountNo} />
        <span className="small soft">
          {first === undefined ? null : <At iso={first.at} form="time" />}
          {last === undefined || last === first ? null : (
            <>
              {" – "}
              <At iso={last.at} form="time" />
            </>
          )}
        </span>
        {stated.map((purpose) => (
          <Mark key={purpose}>{w.purposes[purpose]}</Mark>
        ))}
      </div>
      <FieldsShown fields={looker.fields} />
      <details className="small">
        <summary className="soft">{w.records.exposures.times(looker.looks.length)}</summary>
        <ul className={styles["looks"]}>
          {looker.looks.map((look) => (
            <li key={look.eventNo}>
              <span className="soft">
                <At iso={look.at} form="time" />
              </span>
              <div>
                {eventName(look.type)}
                <FieldsShown fields={look.fields} />
              </div>
              {mayReplay ? (
                <AroundLink eventNo={look.eventNo} isOwn={false} />
              ) : look.accountNo === accountNo ? (
                <AroundLink eventNo={look.eventNo} isOwn />
              ) : null}
            </li>
          ))}
        </ul>
      </details>
    </>
  );
}
