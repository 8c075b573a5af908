import { useQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { Button } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { listEvents, listOwnEvents } from "#shared/ledger.ts";
import { purposes } from "#shared/rights.ts";
import { call } from "#web/call.ts";
import { describeSubject, isBeforeSignIn, subjectsToTell, type LedgerEvent, type Named } from "#web/ledger/describe-event.ts";
import { SubjectChip, useFieldNames } from "#web/ledger/event-sentence.tsx";
import { Outcome } from "#web/ledger/event-table.tsx";
import styles from "#web/ledger/ledger.module.css";
import { WhatWasShown } from "#web/ledger/what-was-shown.tsx";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useMay, useMe } from "#web/parts/use-me.ts";
import { Value } from "#web/parts/value.tsx";
import { useEventName } from "#web/words/event-names.ts";
import { formatNumber } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";

type Pages = InfiniteData<{ events: LedgerEvent[] }>;

/** The event as a list or a story already holds it: reading the ledger once more would be one more event. */
function useEvent(eventNo: number, mayReadAll: boolean) {
  const client = useQueryClient();
  return useQuery({
    queryKey: ["event", eventNo],
    queryFn: async (): Promise<LedgerEvent | null> => {
      const lists = [...client.getQueriesData<Pages>({ queryKey: ["events"] }), ...client.getQueriesData<Pages>({ queryKey: ["replay"] })];
      const held = lists.flatMap(([, list]) => list?.pages.flatMap((page) => page.events) ?? []).find((event) => event.eventNo === eventNo);
      if (held !== undefined) return held;
      const body = { before: eventNo + 1, limit: 1 };
      const reply = await (mayReadAll ? call(listEvents, { body }) : call(listOwnEvents, { body }));
      return reply.events.find((event) => event.eventNo === eventNo) ?? null;
    },
    staleTime: Infinity,
  });
}

const noNames: Named = new Map();

export function EventPreview({ eventNo }: { eventNo: number }) {
  const { w, list } = useWords();
  const eventName = useEventName();
  const nameOf = useFieldNames();
  const mayReadAll = useMay()("read-ledger");
  const { accountNo } = useMe();
  const [isOpen, setIsOpen] = useState(false);
  const { data, error } = useEvent(eventNo, mayReadAll);
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  if (data === null) return <p className="soft">{w.ledger.none}</p>;
  const purpose = purposes.find((known) => known === data.purpose);
  const facts = Object.entries(data.facts);
  const pairs: readonly (readonly [string, ReactNode])[] = [
    [w.ledger.at, <At key="at" iso={data.at} />],
    [w.ledger.who, <AccountChip key="who" no={data.accountNo} nobody={isBeforeSignIn(data) ? w.ledger.anyone : undefined} />],
    [w.ledger.outcome, <Outcome key="outcome" outcome={data.outcome} />],
    ...(data.purpose === null ? [] : [[w.ledger.purpose, purpose === undefined ? data.purpose : w.purposes[purpose]] as const]),
    ...(data.query === null ? [] : [[w.ledger.query, <Value key="query" shown={data.query} isBare />] as const]),
    ...(data.address === null ? [] : [[w.ledger.address, data.address] as const]),
    ...(data.fields.length === 0
      ? []
      : [[w.ledger.fields, list(data.fields.map((field) => (field.how === "full" ? nameOf(field.field) : w.person.partial(nameOf(field.field)))))] as const]),
    [w.ledger.sequence, data.sequence === null ? w.ledger.unsequenced : formatNumber(data.sequence)],
  ];
  return (
    <div className="column">
      <h2>{eventName(data.type)}</h2>
      <div className="line">
        <Button
          component={Link}
          size="xs"
          variant="default"
          leftSection={<IconHistory size={15} aria-hidden />}
          to={mayReadAll ? "/ledger/replay" : "/record"}
          search={{ event: eventNo } as never}
        >
          {w.records.replay.around}
        </Button>
        {isOpen || subjectsToTell(data).length === 0 || !(mayReadAll || data.accountNo === accountNo) ? null : (
          <Button size="xs" variant="default" onClick={() => setIsOpen(true)}>
            {w.records.shown.open}
          </Button>
        )}
      </div>
      {isOpen ? <WhatWasShown eventNo={eventNo} isOwn={!mayReadAll} /> : null}
      <dl className={styles["pairs"]}>
        {pairs.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {facts.length === 0 ? null : (
        <details className="small">
          <summary className="soft">{w.ledger.facts}</summary>
          <dl className={styles["pairs"]}>
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{String(value)}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      {(isOpen ? [] : subjectsToTell(data)).map((subject) => (
        <section key={subject.kind} className="column tight">
          <h3>{describeSubject(subject, w)}</h3>
          <div className={styles["chips"]}>
            {subject.first.map((no) => (
              <SubjectChip key={no} kind={subject.kind} no={no} names={noNames} />
            ))}
            {subject.count > subject.first.length ? <span className="soft">… {w.imports.more(subject.count - subject.first.length)}</span> : null}
          </div>
        </section>
      ))}
    </div>
  );
}
