import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { liftMeasure, listMeasures, measureKinds, type MeasureKind, type MeasureRow } from "#shared/measures.ts";
import { call } from "#web/call.ts";
import { useMeantWords } from "#web/measures/measure-words.ts";
import styles from "#web/measures/measures.module.css";
import { TakeDialog } from "#web/measures/take-dialog.tsx";
import { useMeasureAct } from "#web/measures/use-measure-act.ts";
import { At } from "#web/parts/at.tsx";
import { AccountChip } from "#web/parts/chip.tsx";
import { Confirm } from "#web/parts/confirm.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

const hard = new Set<MeasureKind>(["freeze", "stop"]);
/** A measure falls back by itself, and a second person may act on another machine. */
const lookMilliseconds = 10_000;

/** What is in force, what can be done, and what was: for the page of its own, and inside an incident. A drill stops nothing. */
export function MeasuresPanel({ incidentNo = null, isDrill = false }: { incidentNo?: number | null; isDrill?: boolean }) {
  const { w } = useWords();
  const words = w.measures;
  const [taking, setTaking] = useState<MeasureKind>();
  const { data, error } = useQuery({
    queryKey: ["measures", incidentNo],
    queryFn: () => call(listMeasures, incidentNo === null ? {} : { query: { incidentNo } }),
    staleTime: 0,
    refetchInterval: lookMilliseconds,
  });
  if (error !== null && data === undefined) return <ProblemNotice error={error} />;
  const isNow = (one: MeasureRow) => one.state === "standing" || one.state === "provisional" || one.state === "waiting";
  const now = data?.measures.filter(isNow) ?? [];
  const past = data?.measures.filter((one) => !isNow(one)) ?? [];
  return (
    <div className="column">
      <section className="column tight">
        <h2>{words.inForce}</h2>
        {data === undefined ? (
          <p className="soft">{w.act.loading}</p>
        ) : now.length === 0 ? (
          <p className="soft">{words.noneInForce}</p>
        ) : (
          <Rows measures={now} label={words.inForce} />
        )}
      </section>
      <section className="column tight">
        <h2>{words.acts}</h2>
        {isDrill ? (
          <p className="line small">
            <Mark tone="look">{words.drill}</Mark> {words.drillHelp}
          </p>
        ) : null}
        <div className={styles["acts"]}>
          {measureKinds.map((kind) => (
            <button key={kind} type="button" className={styles["act"]} data-hard={hard.has(kind) || undefined} onClick={() => setTaking(kind)}>
              <strong>{words.kinds[kind]}</strong>
              <span className="small soft">{words.helps[kind]}</span>
            </button>
          ))}
        </div>
      </section>
      {past.length === 0 ? null : (
        <section className="column tight">
          <h2>{words.past}</h2>
          <Rows measures={past} label={words.past} />
        </section>
      )}
      {taking === undefined ? null : <TakeDialog kind={taking} incidentNo={incidentNo} isDrill={isDrill} onClose={() => setTaking(undefined)} />}
    </div>
  );
}

function Rows({ measures, label }: { measures: readonly MeasureRow[]; label: string }) {
  return (
    <ul className={styles["rows"]} aria-label={label}>
      {measures.map((one) => (
        <Line key={one.measureNo} measure={one} />
      ))}
    </ul>
  );
}

function Line({ measure }: { measure: MeasureRow }) {
  const { w, dateTime } = useWords();
  const words = w.measures;
  const meantWords = useMeantWords();
  const [isAsked, setIsAsked] = useState(false);
  const lift = useMeasureAct(
    () => call(liftMeasure, { params: { measureNo: measure.measureNo } }),
    () => {
      setIsAsked(false);
      return words.lifted;
    },
  );
  const isStanding = measure.state === "standing" || measure.state === "provisional";
  return (
    <li data-standing={(isStanding && !measure.isDrill) || undefined}>
      <div className="column tight">
        <div className="line">
          <span className={styles["what"]}>{words.kinds[measure.kind]}</span>
          {measure.target === "service" ? null : <span>{meantWords(measure)}</span>}
          <Mark tone={measure.state === "ended" || measure.state === "done" ? "plain" : measure.state === "standing" ? "loss" : "look"}>
            {measure.endedHow === null ? words.states[measure.state] : words.ended[measure.endedHow]}
          </Mark>
          {measure.isDrill ? <Mark tone="look">{words.drill}</Mark> : null}
        </div>
        <p className="line small soft">
          <At iso={measure.takenAt} />
          {measure.takenBy === null ? <span>{words.terminal}</span> : <AccountChip no={measure.takenBy} />}
          {measure.confirmedBy === null ? null : (
            <>
              <span>{words.confirmed}</span> <AccountChip no={measure.confirmedBy} />
            </>
          )}
          {measure.accounts === 0 ? null : <span>{words.accounts(measure.accounts)}</span>}
          {measure.sessionsCut === 0 ? null : <span>{words.cut(measure.sessionsCut)}</span>}
          {measure.incidentNo === null ? null : <span>{words.ofIncident(measure.incidentNo)}</span>}
        </p>
        <p className="small">
          <span className="soft">{words.reason}</span> <Value shown={measure.reason} isBare />
        </p>
        {isStanding || measure.state === "waiting" ? (
          <p className="small">
            {measure.state === "provisional" && measure.confirmBy !== null
              ? words.confirmBy(dateTime(measure.confirmBy))
              : measure.endsAt === null
                ? words.untilLifted
                : words.until(dateTime(measure.endsAt))}
          </p>
        ) : measure.endedAt === null ? null : (
          <p className="small soft">
            <At iso={measure.endedAt} />
          </p>
        )}
      </div>
      {measure.mayLift ? (
        <div>
          <Button variant="default" onClick={() => setIsAsked(true)}>
            {words.lift}
          </Button>
        </div>
      ) : null}
      <Confirm
        title={words.liftTitle}
        lead={
          <>
            <p>
              <strong>{words.kinds[measure.kind]}</strong> {measure.target === "service" ? "" : meantWords(measure)}
            </p>
            <p>{words.liftLead}</p>
          </>
        }
        action={words.lift}
        isOpen={isAsked}
        isBusy={lift.isPending}
        onConfirm={() => lift.mutate(undefined)}
        onClose={() => setIsAsked(false)}
      />
    </li>
  );
}
