import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { listActions } from "#shared/activities.ts";
import { dayAfter } from "#shared/day-in-japan.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import styles from "#web/activities/due-list.module.css";
import { useNoteActs } from "#web/activities/use-note-acts.ts";
import { call } from "#web/call.ts";
import { At } from "#web/parts/at.tsx";
import { EmptyState } from "#web/parts/empty-state.tsx";
import { Mark } from "#web/parts/mark.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { textOf } from "#web/parts/use-directory.ts";
import { useKeys } from "#web/parts/use-keys.ts";
import { Value } from "#web/parts/value.tsx";
import { useWords } from "#web/words/words.ts";

type Action = ReplyOf<typeof listActions>["actions"][number];

/** What is mine to do: overdue, today, within a week. j k choose, d ticks off, p and w put off, Enter opens. */
export function DueList() {
  const { w } = useWords();
  const { data, error, refetch } = useQuery({ queryKey: ["actions"], queryFn: () => call(listActions), staleTime: 10_000 });
  const acts = useNoteActs();
  const navigate = useNavigate();
  const [active, setActive] = useState(0);
  const actions = data?.actions ?? [];
  const today = data?.today ?? "";
  const at = Math.min(active, actions.length - 1);
  const chosen = actions[at];
  const withChosen = (act: (action: Action) => void) => () => {
    if (chosen !== undefined && !acts.isBusy) act(chosen);
  };
  const move = (by: number) => () => setActive(Math.max(0, Math.min(actions.length - 1, at + by)));
  useKeys(
    {
      j: move(1),
      ArrowDown: move(1),
      k: move(-1),
      ArrowUp: move(-1),
      d: withChosen((action) => action.mayAct && acts.setDone(action.noteNo, true)),
      p: withChosen((action) => action.mayAct && acts.putOff(action.noteNo, laterOf(action, today, 1))),
      w: withChosen((action) => action.mayAct && acts.putOff(action.noteNo, laterOf(action, today, 7))),
      Enter: withChosen((action) => void navigate({ to: placeOf(action) })),
    },
    actions.length > 0,
  );
  if (error !== null) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  return (
    <section className="column tight" aria-label={w.activities.myActions}>
      <div className="line apart">
        <h2>{w.activities.myActions}</h2>
        {data === undefined || actions.length === 0 ? null : (
          <span className="small soft number">{w.activities.dueSome(data.counts.overdue, data.counts.today, data.counts.soon)}</span>
        )}
      </div>
      {data === undefined ? (
        <p className="soft">{w.act.loading}</p>
      ) : actions.length === 0 ? (
        <EmptyState title={w.activities.noActions} help={w.activities.noActionsHelp} />
      ) : (
        <>
          <ul className={styles["list"]}>
            {actions.map((action, index) => (
              <DueRow key={action.noteNo} action={action} today={today} isActive={index === at} acts={acts} onPoint={() => setActive(index)} />
            ))}
          </ul>
          <p className={`${styles["keys"]} small soft`}>{w.activities.actionKeys}</p>
        </>
      )}
    </section>
  );
}

/** What is overdue is put off from today on. */
function laterOf(action: Action, today: string, days: number): string {
  return dayAfter(action.dueOn < today ? today : action.dueOn, days);
}

function placeOf(action: Action): string {
  return action.customerNo === null ? `/companies/${action.companyNo ?? 0}` : `/customers/${action.customerNo}`;
}

function DueRow({
  action,
  today,
  isActive,
  acts,
  onPoint,
}: {
  action: Action;
  today: string;
  isActive: boolean;
  acts: ReturnType<typeof useNoteActs>;
  onPoint: () => void;
}) {
  const { w } = useWords();
  const { noteNo, dueOn } = action;
  return (
    <li className={styles["row"]} data-active={isActive || undefined} aria-current={isActive || undefined} onPointerDown={onPoint}>
      <span className={styles["due"]}>
        {dueOn < today ? (
          <Mark tone="look">{w.activities.overdue}</Mark>
        ) : dueOn === today ? (
          <Mark tone="act">{w.activities.dueToday}</Mark>
        ) : (
          <At iso={`${dueOn}T12:00:00+09:00`} form="date" />
        )}
        {dueOn < today ? (
          <>
            {" "}
            <span className="soft">
              {Number(dueOn.slice(5, 7))}/{Number(dueOn.slice(8))}
            </span>
          </>
        ) : null}
      </span>
      <Link to={placeOf(action)} data-personal>
        {textOf(action.name) ?? (action.customerNo === null ? w.companies.ofNumber(action.companyNo ?? 0) : w.customers.ofNumber(action.customerNo))}
      </Link>
      <span className={styles["words"]}>
        <Value shown={action.text} isBare />
      </span>
      {action.mayAct ? (
        <span className={styles["acts"]}>
          <Button size="compact-sm" variant={isActive ? "filled" : "default"} disabled={acts.isBusy} onClick={() => acts.setDone(noteNo, true)}>
            {w.activities.done}
          </Button>
          <Button size="compact-sm" variant="default" disabled={acts.isBusy} onClick={() => acts.putOff(noteNo, laterOf(action, today, 1))}>
            {w.activities.postponeDay}
          </Button>
          <Button size="compact-sm" variant="default" disabled={acts.isBusy} onClick={() => acts.putOff(noteNo, laterOf(action, today, 7))}>
            {w.activities.postponeWeek}
          </Button>
        </span>
      ) : null}
    </li>
  );
}
