import { Button, Checkbox, TextInput } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listMatchRows, mostMatchRows, settleMatch, type MatchOutcome, type MatchRow } from "#shared/incident-match.ts";
import { call } from "#web/call.ts";
import styles from "#web/incidents/scope/scope.module.css";
import { useScopeAct } from "#web/incidents/scope/use-scope.ts";
import { CustomerChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf, useAllFields } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

/** Rows of a matched list with whom they may mean; one click settles a row, another takes it back. */
export function MatchRows({ incidentNo, matchNo, outcome }: { incidentNo: number; matchNo: number; outcome: MatchOutcome }) {
  const { w } = useWords();
  const words = w.incidentScope.match;
  const [isUndecided, setIsUndecided] = useState(outcome === "ambiguous");
  const [offset, setOffset] = useState(0);
  const { data, error } = useQuery({
    queryKey: ["match-rows", incidentNo, matchNo, outcome, isUndecided, offset],
    queryFn: () => call(listMatchRows, { params: { incidentNo, matchNo }, body: { outcome, offset, ...(isUndecided ? { isUndecided } : {}) } }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const settle = useScopeAct(
    (given: { row: number; customerNos: number[] }) => call(settleMatch, { params: { incidentNo, matchNo }, body: { rows: [given] } }),
    () => words.settled,
  );
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="small soft">{w.act.loading}</p>;
  const last = Math.min(offset + mostMatchRows, data.total);
  return (
    <div className="column tight">
      {outcome === "ambiguous" ? (
        <Checkbox
          size="sm"
          label={words.only}
          checked={isUndecided}
          onChange={(event) => {
            setIsUndecided(event.currentTarget.checked);
            setOffset(0);
          }}
        />
      ) : null}
      {data.rows.length === 0 ? <p className="small soft">{isUndecided ? words.allSettled : words.noRows}</p> : null}
      <ul className="ruled" aria-label={words.outcomes[outcome]}>
        {data.rows.map((row) => (
          <li key={row.row}>
            <Settling row={row} isBusy={settle.isPending} onSettle={(customerNos) => settle.mutate({ row: row.row, customerNos })} />
          </li>
        ))}
      </ul>
      {data.total > mostMatchRows ? (
        <div className="line">
          <Button variant="default" size="xs" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - mostMatchRows))}>
            {words.before}
          </Button>
          <span className="small soft">
            {offset + 1}–{last} / {words.rows(data.total)}
          </span>
          <Button variant="default" size="xs" disabled={last >= data.total} onClick={() => setOffset(offset + mostMatchRows)}>
            {words.next}
          </Button>
        </div>
      ) : null}
    </div>
  );
}

function Settling({ row, isBusy, onSettle }: { row: MatchRow; isBusy: boolean; onSettle: (customerNos: number[]) => void }) {
  const { w, label } = useWords();
  const words = w.incidentScope.match;
  const fields = useAllFields("customer");
  const [typed, setTyped] = useState("");
  const chosen = row.candidates.filter((one) => one.isChosen).map((one) => one.customerNo);
  const number = Number(typed.normalize("NFKC").trim());
  return (
    <>
      <div className={styles["listed"]}>
        <span className="small soft">{words.rowNo(row.row)}</span>
        {row.listed.length === 0 ? <span className="small soft">{words.erased}</span> : null}
        {row.listed.map(({ key, text }) => {
          const known = fields.find((one) => one.key === key);
          return (
            <span key={key}>
              <span className="small soft">{known === undefined ? key : label(known)} </span>
              <Value shown={text} isBare />
            </span>
          );
        })}
      </div>
      <ul className={styles["candidates"]}>
        {row.candidates.map((one) => (
          <li key={one.customerNo}>
            <CustomerChip no={one.customerNo} name={textOf(one.fullName)} />
            {one.companyName === null ? null : (
              <span className="small">
                <Value shown={one.companyName} isBare />
              </span>
            )}
            {one.reasons.map((reason) => (
              <Mark key={reason} tone={reason.startsWith("other-") ? "look" : "plain"}>
                {words.why[reason]}
              </Mark>
            ))}
            <Button
              size="compact-xs"
              variant={one.isChosen ? "light" : "default"}
              aria-pressed={one.isChosen}
              disabled={isBusy}
              onClick={() => onSettle(one.isChosen ? chosen.filter((no) => no !== one.customerNo) : [...chosen, one.customerNo])}
            >
              {one.isChosen ? words.chosen : words.choose}
            </Button>
          </li>
        ))}
        <li>
          <Button
            size="compact-xs"
            variant={row.isDecided && chosen.length === 0 ? "light" : "default"}
            aria-pressed={row.isDecided && chosen.length === 0}
            disabled={isBusy}
            onClick={() => onSettle([])}
          >
            {row.isDecided && chosen.length === 0 ? words.isNobody : words.nobody}
          </Button>
          <form
            className="line"
            onSubmit={(event) => {
              event.preventDefault();
              if (Number.isInteger(number) && number > 0) onSettle([...chosen, number]);
            }}
          >
            <TextInput
              size="xs"
              w={150}
              inputMode="numeric"
              aria-label={words.byNumber}
              placeholder={words.byNumber}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
          </form>
        </li>
      </ul>
    </>
  );
}
