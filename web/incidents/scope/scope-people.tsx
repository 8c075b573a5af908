import { Button, Checkbox } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listScopePeople, mostScopePeople, type ScopePerson, type ScopeTier } from "#shared/incident-scope.ts";
import { call } from "#web/call.ts";
import { MoveDialog } from "#web/incidents/scope/move-dialog.tsx";
import { PersonEvents } from "#web/incidents/scope/person-events.tsx";
import styles from "#web/incidents/scope/scope.module.css";
import type { Run } from "#web/incidents/scope/use-scope.ts";
import { CustomerChip } from "#web/parts/chip.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf, useAllFields } from "#web/parts/use-directory.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

/** The people of one tier, fifty at a time: what of each got out and when, the red thread to the events, and the officer's move. */
export function ScopePeople({ incidentNo, run, tier }: { incidentNo: number; run: Run; tier: ScopeTier }) {
  const { w } = useWords();
  const words = w.incidentScope;
  const [offset, setOffset] = useState(0);
  const [isMoved, setIsMoved] = useState(false);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [isMoving, setIsMoving] = useState(false);
  const { data, error } = useQuery({
    queryKey: ["scope-people", incidentNo, run.runNo, tier, offset, isMoved],
    queryFn: () => call(listScopePeople, { params: { incidentNo, runNo: run.runNo }, body: { tier, offset, ...(isMoved ? { isMoved } : {}) } }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  if (error !== null) return <ProblemNotice error={error} />;
  if (data === undefined) return <p className="soft">{w.act.loading}</p>;
  const last = Math.min(offset + mostScopePeople, data.total);
  const choose = (no: number, isIn: boolean) => {
    const next = new Set(chosen);
    if (isIn) next.add(no);
    else next.delete(no);
    setChosen(next);
  };
  return (
    <section className="column tight">
      <div className="line apart">
        <h3>{words.list.title(words.tiers[tier], data.total)}</h3>
        <Checkbox
          size="sm"
          label={words.list.onlyMoved}
          checked={isMoved}
          onChange={(event) => {
            setIsMoved(event.currentTarget.checked);
            setOffset(0);
          }}
        />
      </div>
      {data.people.length === 0 ? (
        <p className="soft">{words.list.empty}</p>
      ) : (
        <ul className="ruled" aria-label={words.list.title(words.tiers[tier], data.total)}>
          {data.people.map((person) => (
            <li key={person.customerNo}>
              <PersonLine incidentNo={incidentNo} runNo={run.runNo} person={person} isChosen={chosen.has(person.customerNo)} onChoose={choose} />
            </li>
          ))}
        </ul>
      )}
      {data.total > mostScopePeople ? (
        <div className="line">
          <Button variant="default" size="xs" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - mostScopePeople))}>
            {words.list.before}
          </Button>
          <span className="small soft">{words.list.page(offset + 1, last, data.total)}</span>
          <Button variant="default" size="xs" disabled={last >= data.total} onClick={() => setOffset(offset + mostScopePeople)}>
            {words.list.next}
          </Button>
        </div>
      ) : null}
      {chosen.size === 0 ? null : (
        <div className={`line ${styles["sticky"]}`}>
          <span>{words.list.chosen(chosen.size)}</span>
          <Button onClick={() => setIsMoving(true)}>{words.list.move}</Button>
          <Button variant="default" onClick={() => setChosen(new Set())}>
            {w.act.clear}
          </Button>
        </div>
      )}
      {isMoving ? (
        <MoveDialog
          incidentNo={incidentNo}
          runNo={run.runNo}
          from={tier}
          customerNos={[...chosen]}
          onClose={() => setIsMoving(false)}
          onMoved={() => {
            setIsMoving(false);
            setChosen(new Set());
          }}
        />
      ) : null}
    </section>
  );
}

function PersonLine({
  incidentNo,
  runNo,
  person,
  isChosen,
  onChoose,
}: {
  incidentNo: number;
  runNo: number;
  person: ScopePerson;
  isChosen: boolean;
  onChoose: (no: number, isIn: boolean) => void;
}) {
  const { w, label, list, short } = useWords();
  const words = w.incidentScope;
  const fields = useAllFields("customer");
  const [isOpen, setIsOpen] = useState(false);
  const nameOf = (key: string): string => {
    const known = fields.find((one) => one.key === key);
    return known === undefined ? key : label(known);
  };
  const who = textOf(person.name) ?? w.customers.ofNumber(person.customerNo);
  const got = person.fields.map(({ field, isFull }) => (isFull ? nameOf(field) : words.list.masked(nameOf(field))));
  return (
    <>
      <div className={styles["head"]}>
        <Checkbox
          size="sm"
          aria-label={words.list.choose(who)}
          checked={isChosen}
          onChange={(event) => onChoose(person.customerNo, event.currentTarget.checked)}
        />
        <CustomerChip no={person.customerNo} name={textOf(person.name)} />
        {textOf(person.name) === undefined && person.name !== null ? <Value shown={person.name} isBare /> : null}
        {person.name === null ? <span className="small soft">{words.list.erased}</span> : null}
        {person.tier === person.computedTier ? null : <Mark tone="look">{words.list.computedAs(words.tiers[person.computedTier])}</Mark>}
        {person.ways.map((way) => (way === "released" ? null : <Mark key={way}>{words.ways[way]}</Mark>))}
        {person.firstAt === null || person.lastAt === null ? null : (
          <span className="small soft">{person.events === 1 ? short(person.firstAt) : words.list.firstLast(short(person.firstAt), short(person.lastAt))}</span>
        )}
        {person.events === 0 ? null : (
          <Button
            variant="subtle"
            size="compact-xs"
            aria-expanded={isOpen}
            aria-label={`${isOpen ? words.list.hideEvents : words.list.events(person.events)}: ${who}`}
            onClick={() => setIsOpen(!isOpen)}
          >
            {isOpen ? words.list.hideEvents : words.list.events(person.events)}
          </Button>
        )}
      </div>
      {got.length === 0 ? null : <p className="small">{list(got)}</p>}
      {person.mergedNos.length === 0 ? null : <p className="small soft">{words.list.merged(list(person.mergedNos.map(String)))}</p>}
      {person.move === null ? null : (
        <p className="small">
          <span className="soft">{words.list.movedBy}: </span>
          <Value shown={person.move.reason} isBare />
        </p>
      )}
      {isOpen ? <PersonEvents incidentNo={incidentNo} runNo={runNo} customerNo={person.customerNo} /> : null}
    </>
  );
}
