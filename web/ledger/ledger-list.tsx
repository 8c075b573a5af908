import { NumberField } from "#web/ledger/number-field.tsx";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { EventTable } from "#web/ledger/event-table.tsx";
import { LastSeal } from "#web/ledger/last-seal.tsx";
import styles from "#web/ledger/ledger.module.css";
import { useEvents, type EventFilter } from "#web/ledger/use-events.ts";
import { DayField } from "#web/parts/day-field.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { FilterChip } from "#web/parts/filter-chip.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf, useStaff } from "#web/parts/use-directory.ts";
import { useMay } from "#web/parts/use-me.ts";
import { knownEventTypes, useEventName } from "#web/words/event-names.ts";
import { useWords } from "#web/words/words.ts";

interface LedgerSearch {
  readonly type?: string;
  readonly account?: number;
  readonly customer?: number;
  readonly from?: string;
  readonly to?: string;
}

/** A day in Japan as the moments it begins and ends (+09:00 the whole year). */
function filterOf(search: LedgerSearch): EventFilter {
  return {
    ...(search.type === undefined ? {} : { types: [search.type] }),
    ...(search.account === undefined ? {} : { accountNo: search.account }),
    ...(search.customer === undefined ? {} : { customerNo: search.customer }),
    ...(search.from === undefined ? {} : { from: `${search.from}T00:00:00+09:00` }),
    ...(search.to === undefined ? {} : { to: `${search.to}T23:59:59.999+09:00` }),
  };
}

export function LedgerList() {
  const { w } = useWords();
  useDocumentTitle(w.ledger.title);
  const may = useMay();
  const mayList = may("read-ledger");
  const search: LedgerSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const staff = useStaff();
  const eventName = useEventName();
  const { events, more, hasMore, error, isLoading } = useEvents("all", filterOf(search), mayList);
  const put = (part: Record<string, string | number | undefined>) =>
    void navigate({
      to: "/ledger",
      search: (former: object) => Object.fromEntries(Object.entries({ ...former, ...part }).filter(([, value]) => value !== undefined)),
    });
  const types = [...new Set([...knownEventTypes, ...events.map((event) => event.type)])].map((type) => ({ value: type, label: eventName(type) }));
  return (
    <>
      <div className={styles["head"]}>
        <PageHead title={w.ledger.title} lead={w.ledger.lead} />
        <LastSeal />
        {mayList ? (
          <div className="line" role="group" aria-label={w.customers.filter}>
            <FilterChip label={w.ledger.filterType} choices={types} value={search.type ?? null} onChange={(type) => put({ type: type ?? undefined })} />
            <FilterChip
              label={w.ledger.filterWho}
              choices={[...staff].map(([no, name]) => ({ value: String(no), label: textOf(name) ?? w.settings.ofNumber(no) }))}
              value={search.account === undefined ? null : String(search.account)}
              onChange={(account) => put({ account: account === null ? undefined : Number(account) })}
            />
            <NumberField label={w.ledger.filterCustomer} value={search.customer} onChange={(customer) => put({ customer })} />
            <DayField label={w.ledger.from} value={search.from} onChange={(from) => put({ from })} />
            <span aria-hidden>–</span>
            <DayField label={w.ledger.to} value={search.to} onChange={(to) => put({ to })} />
          </div>
        ) : null}
      </div>
      {error === null ? null : <ProblemNotice error={error} />}
      {!mayList || isLoading || error !== null ? null : events.length === 0 ? (
        <EmptyState title={w.ledger.none} help={w.ledger.noneHelp} />
      ) : (
        <EventTable label={w.ledger.title} listKey={JSON.stringify(search)} events={events} hasMore={hasMore} onMore={more} hasWho />
      )}
    </>
  );
}
