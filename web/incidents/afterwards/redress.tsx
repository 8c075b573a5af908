import { Button, NativeSelect } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import {
  changeRedress,
  listRedress,
  mostRedressShown,
  redressStates,
  type Redress as Entry,
  type RedressKind,
  type RedressState,
} from "#shared/incident-afterwards.ts";
import { call } from "#web/call.ts";
import styles from "#web/incidents/afterwards/afterwards.module.css";
import { CarryOn } from "#web/incidents/afterwards/carry-on.tsx";
import { CostsTable, useCosts } from "#web/incidents/afterwards/costs-table.tsx";
import { RedressDialog } from "#web/incidents/afterwards/redress-dialog.tsx";
import { useAfterwardsAct } from "#web/incidents/afterwards/use-afterwards.ts";
import { CustomerChip } from "#web/parts/chip.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { showUndo } from "#web/parts/show-undo.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

/** 補償・対応台帳: who got what, for how much, and how far it is. Names are fetched once the list is asked for. */
export function Redress({ incidentNo }: { incidentNo: number }) {
  const { w } = useWords();
  const words = w.incidentAfterwards;
  const [isListed, setIsListed] = useState(false);
  const [isEntering, setIsEntering] = useState(false);
  const { data, error } = useCosts(incidentNo);
  return (
    <section className="column tight" aria-label={words.redress}>
      <div className="line apart">
        <h3>{words.redress}</h3>
        <Button onClick={() => setIsEntering(true)}>{words.enter}</Button>
      </div>
      <p className="small soft">{words.redressLead}</p>
      {error !== null ? (
        <ProblemNotice error={error} />
      ) : data === undefined ? (
        <p className="soft">{w.act.loading}</p>
      ) : data.costs.length === 0 ? (
        <EmptyState title={words.noRedress} help={words.noRedressHelp} />
      ) : (
        <>
          <CostsTable incidentNo={incidentNo} />
          {isListed ? (
            <Entries incidentNo={incidentNo} used={data.costs.map((cost) => cost.kind)} />
          ) : (
            <div>
              <Button variant="default" onClick={() => setIsListed(true)}>
                {words.showEntries}
              </Button>
            </div>
          )}
        </>
      )}
      {isEntering ? <RedressDialog incidentNo={incidentNo} onClose={() => setIsEntering(false)} /> : null}
    </section>
  );
}

function Entries({ incidentNo, used }: { incidentNo: number; used: readonly RedressKind[] }) {
  const { w } = useWords();
  const words = w.incidentAfterwards;
  const [kind, setKind] = useState<RedressKind>();
  const [state, setState] = useState<RedressState>();
  const [offset, setOffset] = useState(0);
  const { data, error } = useQuery({
    queryKey: ["incident", incidentNo, "redress", kind, state, offset],
    queryFn: () =>
      call(listRedress, {
        params: { incidentNo },
        body: { offset, ...(kind === undefined ? {} : { kind }), ...(state === undefined ? {} : { state }) },
      }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  return (
    <>
      <div className={styles["tools"]}>
        <Filter
          label={words.filterKind}
          value={kind}
          all={used}
          nameOf={(one) => words.kinds[one]}
          onChange={(next) => {
            setKind(next);
            setOffset(0);
          }}
        />
        <Filter
          label={words.filterState}
          value={state}
          all={redressStates}
          nameOf={(one) => words.redressStates[one]}
          onChange={(next) => {
            setState(next);
            setOffset(0);
          }}
        />
        {kind === undefined || state === undefined || data.total === 0 ? null : (
          <CarryOn incidentNo={incidentNo} kind={kind} state={state} count={data.total} />
        )}
      </div>
      {data.total === 0 ? <p className="soft">{words.noEntries}</p> : null}
      <ul className="ruled" aria-label={words.redress}>
        {data.entries.map((row) => (
          <li key={row.redressNo}>
            <RedressLine incidentNo={incidentNo} row={row} />
          </li>
        ))}
      </ul>
      {data.total > mostRedressShown ? (
        <div className="line">
          <Button variant="default" size="xs" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - mostRedressShown))}>
            {words.before}
          </Button>
          <span className="small soft">{words.rowsOf(offset + 1, Math.min(offset + mostRedressShown, data.total), data.total)}</span>
          <Button variant="default" size="xs" disabled={offset + mostRedressShown >= data.total} onClick={() => setOffset(offset + mostRedressShown)}>
            {words.next}
          </Button>
        </div>
      ) : null}
    </>
  );
}

function Filter<Key extends string>({
  label,
  value,
  all,
  nameOf,
  onChange,
}: {
  label: string;
  value: Key | undefined;
  all: readonly Key[];
  nameOf: (one: Key) => string;
  onChange: (next: Key | undefined) => void;
}) {
  const { w } = useWords();
  return (
    <NativeSelect
      size="xs"
      label={label}
      value={value ?? ""}
      data={[{ value: "", label: w.incidentAfterwards.everything }, ...all.map((one) => ({ value: one, label: nameOf(one) }))]}
      onChange={(event) => onChange(all.find((one) => one === event.currentTarget.value))}
    />
  );
}

function RedressLine({ incidentNo, row }: { incidentNo: number; row: Entry }) {
  const { w, date } = useWords();
  const words = w.incidentAfterwards;
  const set = (state: RedressState) => call(changeRedress, { params: { incidentNo }, body: { redressNos: [row.redressNo], state } });
  const undo = useAfterwardsAct(set);
  const change = useAfterwardsAct(set, () => {
    const former = row.state;
    showUndo({ id: `redress-${row.redressNo}`, message: words.carriedOn(1), label: w.act.undo, onUndo: () => undo.mutate(former) });
    return undefined;
  });
  return (
    <>
      <div className="line apart">
        <span className="line">
          {row.customerNo === null ? (
            <Mark>{words.house}</Mark>
          ) : (
            <>
              <CustomerChip no={row.customerNo} name={textOf(row.name)} />
              {textOf(row.name) === undefined && row.name !== null ? <Value shown={row.name} isBare /> : null}
            </>
          )}
          {row.tier === null ? null : <Mark>{w.incidentScope.tiers[row.tier]}</Mark>}
          <span>{words.kinds[row.kind]}</span>
          <span className="number">{words.yen(row.amount)}</span>
          {row.onDay === null ? null : <span className="small soft">{date(`${row.onDay}T12:00:00+09:00`)}</span>}
        </span>
        <NativeSelect
          size="xs"
          aria-label={words.state}
          value={row.state}
          disabled={change.isPending}
          data={redressStates.map((value) => ({ value, label: words.redressStates[value] }))}
          onChange={(event) => {
            const next = redressStates.find((one) => one === event.currentTarget.value);
            if (next !== undefined && next !== row.state) change.mutate(next);
          }}
        />
      </div>
      {row.note === null ? null : (
        <p className="small">
          <Value shown={row.note} isBare />
        </p>
      )}
    </>
  );
}
