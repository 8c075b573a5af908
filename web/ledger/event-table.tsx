import { AccountChip } from "#web/parts/chip.tsx";
import { At } from "#web/parts/at.tsx";
import { DataTable, type Column } from "#web/parts/data-table.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { usePeek } from "#web/parts/use-peek.ts";
import { describeSubjects, isBeforeSignIn, isKnownOutcome, type LedgerEvent } from "#web/ledger/describe-event.ts";
import { useEventName } from "#web/words/event-names.ts";
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
  hasMore,
  onMore,
  hasWho,
  listKey,
}: {
  label: string;
  events: readonly LedgerEvent[];
  hasMore: boolean;
  onMore: () => void;
  hasWho: boolean;
  listKey: string;
}) {
  const { w } = useWords();
  const eventName = useEventName();
  const { peek, show } = usePeek();
  const columns: readonly Column<LedgerEvent>[] = [
    { key: "at", label: w.ledger.at, width: "116px", render: (event) => <At iso={event.at} form="short" /> },
    { key: "type", label: w.ledger.type, width: "minmax(180px, 1.4fr)", render: (event) => <span>{eventName(event.type)}</span> },
    ...(hasWho
      ? [
          {
            key: "who",
            label: w.ledger.who,
            width: "minmax(128px, 1fr)",
            render: (event: LedgerEvent) => <AccountChip no={event.accountNo} nobody={isBeforeSignIn(event) ? w.ledger.anyone : undefined} />,
          },
        ]
      : []),
    { key: "what", label: w.ledger.what, width: "minmax(140px, 1.4fr)", render: (event) => <span>{describeSubjects(event, w)}</span> },
    { key: "outcome", label: w.ledger.outcome, width: "80px", render: (event) => <Outcome outcome={event.outcome} /> },
    {
      key: "sequence",
      label: w.ledger.sequence,
      width: "112px",
      isNumber: true,
      render: (event) => <span className="soft">{event.sequence === null ? w.ledger.unsequenced : formatNumber(event.sequence)}</span>,
    },
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
        <>
          <span>
            {eventName(event.type)} <Outcome outcome={event.outcome} />
          </span>
          <span className="small soft">
            <At iso={event.at} form="short" /> {describeSubjects(event, w)}
          </span>
        </>
      )}
      isFilling
    />
  );
}
