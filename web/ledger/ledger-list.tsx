import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { actGroupNames } from "#shared/ledger-filter.ts";
import { purposes } from "#shared/rights.ts";
import { isKnownOutcome } from "#web/ledger/describe-event.ts";
import { EventTable } from "#web/ledger/event-table.tsx";
import { LastSeal } from "#web/ledger/last-seal.tsx";
import { ExportLedger } from "#web/ledger/export-ledger.tsx";
import { filterOf, momentOf, type LedgerFilter, type LedgerSearch } from "#web/ledger/ledger-ask.ts";
import styles from "#web/ledger/ledger.module.css";
import { NamesSwitch } from "#web/ledger/names-switch.tsx";
import { NumberField } from "#web/ledger/number-field.tsx";
import { Questions } from "#web/ledger/questions.tsx";
import { TakeLines } from "#web/ledger/take-lines.tsx";
import { TimeAxis } from "#web/ledger/time-axis.tsx";
import { useEvents } from "#web/ledger/use-events.ts";
import { DayField } from "#web/parts/day-field.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { FilterChip } from "#web/parts/filter-chip.tsx";
import { PageHead, useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf, useStaff } from "#web/parts/use-directory.ts";
import { useMay } from "#web/parts/use-me.ts";
import { knownEventTypes, useEventName } from "#web/words/event-names.ts";
import { useWords } from "#web/words/words.ts";

const asked = ["group", "type", "account", "customer", "outcome", "purpose", "off", "large"] as const;

/** The ledger: the seal, questions, events over time, chips, rows. */
export function LedgerList() {
  const { w } = useWords();
  useDocumentTitle(w.ledger.title);
  const mayList = useMay()("read-ledger");
  const search: LedgerSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  // An address belongs to a member of staff: it stands in no URL.
  const [address, setAddress] = useState<string>();
  const filter: LedgerFilter = useMemo(() => ({ ...filterOf(search), ...(address === undefined ? {} : { address }) }), [search, address]);
  const { events, names, more, hasMore, error, isLoading } = useEvents("all", filter, { isOn: mayList, withNames: search.names === 1 });
  const put = (part: Readonly<Record<string, string | number | undefined>>) =>
    void navigate({
      to: "/ledger",
      search: (former: object) => Object.fromEntries(Object.entries({ ...former, ...part }).filter(([, value]) => value !== undefined)),
    });
  return (
    <>
      <div className={styles["head"]}>
        <PageHead title={w.ledger.title} lead={w.ledger.lead}>
          {mayList ? (
            <>
              <Button variant="default" component={Link} to="/reviews">
                {w.reviews.title}
              </Button>
              <ExportLedger />
              <TakeLines filter={filter} />
            </>
          ) : null}
        </PageHead>
        <LastSeal />
        {mayList ? (
          <>
            <Questions
              search={search}
              onAsk={(question) => {
                setAddress(undefined);
                put({ ...Object.fromEntries(asked.map((key) => [key, undefined])), ...question });
              }}
            />
            <TimeAxis
              whose="all"
              filter={filter}
              onWindow={(from, to) => put({ from: from === undefined ? undefined : momentOf(from), to: to === undefined ? undefined : momentOf(to) })}
            />
            <Filters search={search} address={address} seen={events} onAddress={setAddress} onPut={put} />
          </>
        ) : null}
      </div>
      {error === null ? null : <ProblemNotice error={error} />}
      {!mayList || isLoading || error !== null ? null : events.length === 0 && !hasMore ? (
        <EmptyState title={w.ledger.none} help={w.ledger.noneHelp} />
      ) : (
        <EventTable label={w.ledger.title} listKey={JSON.stringify(filter)} events={events} names={names} hasMore={hasMore} onMore={more} hasWho />
      )}
    </>
  );
}

function Filters({
  search,
  address,
  seen,
  onAddress,
  onPut,
}: {
  search: LedgerSearch;
  address: string | undefined;
  seen: readonly { readonly type: string; readonly address: string | null }[];
  onAddress: (address: string | undefined) => void;
  onPut: (part: Readonly<Record<string, string | number | undefined>>) => void;
}) {
  const { w } = useWords();
  const staff = useStaff();
  const eventName = useEventName();
  const types = [...new Set([...knownEventTypes, ...seen.map((event) => event.type)])].map((type) => ({ value: type, label: eventName(type) }));
  const addresses = [...new Set([...(address === undefined ? [] : [address]), ...seen.flatMap((event) => event.address ?? [])])];
  const isPhone = useMediaQuery("(width < 720px)", false, { getInitialValueInEffect: false }) === true;
  const [isOpen, setIsOpen] = useState(false);
  const set = [...asked, "from", "to"].filter((key) => search[key as keyof LedgerSearch] !== undefined).length + (address === undefined ? 0 : 1);
  if (isPhone && !isOpen) {
    return (
      <div className="line apart">
        <Button size="xs" variant="default" aria-expanded={false} onClick={() => setIsOpen(true)}>
          {w.customers.filter}
          {set === 0 ? "" : ` (${set})`}
        </Button>
        <NamesSwitch isOn={search.names === 1} onChange={(isOn) => onPut({ names: isOn ? 1 : undefined })} />
      </div>
    );
  }
  return (
    <div className="line" role="group" aria-label={w.customers.filter}>
      <FilterChip
        label={w.records.group}
        choices={actGroupNames.map((group) => ({ value: group, label: w.records.groups[group] }))}
        value={search.group ?? null}
        onChange={(group) => onPut({ group: group ?? undefined })}
      />
      <FilterChip label={w.ledger.filterType} choices={types} value={search.type ?? null} onChange={(type) => onPut({ type: type ?? undefined })} />
      <FilterChip
        label={w.ledger.filterWho}
        choices={[...staff].map(([no, name]) => ({ value: String(no), label: textOf(name) ?? w.settings.ofNumber(no) }))}
        value={search.account === undefined ? null : String(search.account)}
        onChange={(account) => onPut({ account: account === null ? undefined : Number(account) })}
      />
      <FilterChip
        label={w.ledger.outcome}
        choices={["ok", "refused", "failed"].map((outcome) => ({ value: outcome, label: isKnownOutcome(outcome) ? w.ledger.outcomes[outcome] : outcome }))}
        value={search.outcome ?? null}
        onChange={(outcome) => onPut({ outcome: outcome ?? undefined })}
      />
      <FilterChip
        label={w.ledger.purpose}
        choices={purposes.map((purpose) => ({ value: purpose, label: w.purposes[purpose] }))}
        value={search.purpose ?? null}
        onChange={(purpose) => onPut({ purpose: purpose ?? undefined })}
      />
      <FilterChip
        label={w.records.when}
        choices={[{ value: "1", label: w.records.offHours }]}
        value={search.off === undefined ? null : "1"}
        onChange={(off) => onPut({ off: off === null ? undefined : 1 })}
      />
      <FilterChip
        label={w.records.size}
        choices={[{ value: "1", label: w.records.large }]}
        value={search.large === undefined ? null : "1"}
        onChange={(large) => onPut({ large: large === null ? undefined : 1 })}
      />
      <FilterChip
        label={w.records.address}
        choices={addresses.map((one) => ({ value: one, label: one }))}
        value={address ?? null}
        onChange={(next) => onAddress(next ?? undefined)}
      />
      <NumberField label={w.ledger.filterCustomer} value={search.customer} onChange={(customer) => onPut({ customer })} />
      <DayField label={w.ledger.from} value={search.from?.slice(0, 10)} onChange={(from) => onPut({ from })} />
      <span aria-hidden>–</span>
      <DayField label={w.ledger.to} value={search.to?.slice(0, 10)} onChange={(to) => onPut({ to })} />
      <NamesSwitch isOn={search.names === 1} onChange={(isOn) => onPut({ names: isOn ? 1 : undefined })} />
    </div>
  );
}
