import { useQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { listEvents } from "#shared/ledger.ts";
import { purposes } from "#shared/rights.ts";
import { call } from "#web/call.ts";
import { describeSubject, isBeforeSignIn, subjectsToTell, type LedgerEvent } from "#web/ledger/describe-event.ts";
import { Outcome } from "#web/ledger/event-table.tsx";
import styles from "#web/ledger/ledger.module.css";
import { At } from "#web/parts/at.tsx";
import { AccountChip, CompanyChip, CustomerChip } from "#web/parts/chip.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useAllFields } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useEventName } from "#web/words/event-names.ts";
import { formatNumber } from "#web/words/format.ts";
import { useWords, type Words } from "#web/words/words.ts";

/** The event as a list already holds it: reading the ledger once more would be one more event. */
function useEvent(eventNo: number) {
  const client = useQueryClient();
  return useQuery({
    queryKey: ["event", eventNo],
    queryFn: async (): Promise<LedgerEvent | null> => {
      const lists = client.getQueriesData<InfiniteData<{ events: LedgerEvent[] }>>({ queryKey: ["events"] });
      const held = lists.flatMap(([, list]) => list?.pages.flatMap((page) => page.events) ?? []).find((event) => event.eventNo === eventNo);
      if (held !== undefined) return held;
      const reply = await call(listEvents, { body: { before: eventNo + 1, limit: 1 } });
      return reply.events.find((event) => event.eventNo === eventNo) ?? null;
    },
    staleTime: Infinity,
  });
}

function Subject({ kind, no, w }: { kind: string; no: number; w: Words }) {
  if (kind === "customer") return <CustomerChip no={no} />;
  if (kind === "company") return <CompanyChip no={no} />;
  if (kind === "account") return <AccountChip no={no} />;
  return <span>{kind === "import" ? w.imports.ofNumber(no) : `${kind} ${no}`}</span>;
}

export function EventPreview({ eventNo }: { eventNo: number }) {
  const { w, label, list } = useWords();
  const eventName = useEventName();
  const fields = [...useAllFields("customer"), ...useAllFields("company")];
  const { data, error } = useEvent(eventNo);
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  if (data === null) return <p className="soft">{w.ledger.none}</p>;
  const nameOf = (key: string) => {
    const field = fields.find((one) => one.key === key);
    return field === undefined ? key : label(field);
  };
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
      {subjectsToTell(data).map((subject) => (
        <section key={subject.kind} className="column tight">
          <h3>{describeSubject(subject, w)}</h3>
          <div className={styles["chips"]}>
            {subject.first.map((no) => (
              <Subject key={no} kind={subject.kind} no={no} w={w} />
            ))}
            {subject.count > subject.first.length ? <span className="soft">… {w.imports.more(subject.count - subject.first.length)}</span> : null}
          </div>
        </section>
      ))}
    </div>
  );
}
