import { AroundLink } from "#web/ledger/around-link.tsx";
import { isKnownOutcome, type LedgerEvent, type Named } from "#web/ledger/describe-event.ts";
import { EventSentence } from "#web/ledger/event-sentence.tsx";
import styles from "#web/ledger/ledger.module.css";
import { At } from "#web/parts/at.tsx";
import { DataTable, type Column } from "#web/parts/data-table.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { usePeek } from "#web/parts/use-peek.ts";
import { formatNumber } from "#web/words/format.ts";
import { useWords } from "#web/words/words.ts";

export function Outcome({ outcome }: { outcome: string }) {
  const { w } = useWords();
  return (
    <Mark tone={outcome === "ok" ? "plain" : outcome === "refused" ? "loss" : "look"}>{isKnownOutcome(outcome) ? w.ledger.outcomes[outcome] : outcome}</Mark>
  );
}

/** Rows of the ledger, the same in the whole ledger and in one's own. */
export function EventTable({
  label,
  events,
  names,
  hasMore,
  onMore,
  hasWho,
  listKey,
}: {
  label: string;
  events: readonly LedgerEvent[];
  names: Named;
  hasMore: boolean;
  onMore: () => void;
  hasWho: boolean;
  listKey: string;
}) {
  const { w } = useWords();
  const { peek, show } = usePeek();
  const columns: readonly Column<LedgerEvent>[] = [
    { key: "at", label: w.ledger.at, width: "116px", render: (event) => <At iso={event.at} form="short" /> },
    {
      key: "sentence",
      label: w.records.sentence,
      width: "minmax(320px, 3fr)",
      render: (event) => <EventSentence event={event} names={names} hasWho={hasWho} />,
    },
    { key: "outcome", label: w.ledger.outcome, width: "76px", render: (event) => <Outcome outcome={event.outcome} /> },
    {
      key: "sequence",
      label: w.ledger.sequence,
      width: "92px",
      isNumber: true,
      render: (event) => <span className="soft">{event.sequence === null ? w.ledger.unsequenced : formatNumber(event.sequence)}</span>,
    },
    { key: "around", label: w.records.replay.aroundShort, width: "76px", render: (event) => <AroundLink eventNo={event.eventNo} isOwn={!hasWho} /> },
  ];
  return (
    <DataTable
      label={label}
      listKey={listKey}
      columns={columns}
      total={events.length + (hasMore ? 1 : 0)}
      rowAt={(index) => events[index]}
      keyOf={(event) => event.eventNo}
      selected={peek?.kind === "event" ? peek.no : undefined}
      onOpen={(event) => show({ kind: "event", no: event.eventNo })}
      onVisible={(_first, last) => {
        if (hasMore && last >= events.length) onMore();
      }}
      renderPhone={(event) => (
        <span className={styles["phone"]}>
          <span className={styles["phone-words"]}>
            <EventSentence event={event} names={names} hasWho={hasWho} />
            <span className="small soft">
              <At iso={event.at} form="short" /> {event.outcome === "ok" ? null : <Outcome outcome={event.outcome} />}
            </span>
          </span>
          <AroundLink eventNo={event.eventNo} isOwn={!hasWho} />
        </span>
      )}
      isFilling
    />
  );
}
