import { Mark } from "#web/parts/mark.tsx";
import { daysLeft } from "#web/requests/days-left.ts";
import { useWords } from "#web/words/words.ts";

/** By when a request is to be answered, and how far that is. */
export function DueMark({ dueOn, isWaiting }: { dueOn: string; isWaiting: boolean }) {
  const { w, date } = useWords();
  const days = daysLeft(dueOn, new Date());
  return (
    <span className="line tight">
      <time dateTime={dueOn}>{date(`${dueOn}T00:00:00+09:00`)}</time>
      {isWaiting ? <Mark tone={days < 0 ? "loss" : days <= 3 ? "look" : "plain"}>{days < 0 ? w.requests.overdue(-days) : w.requests.left(days)}</Mark> : null}
    </span>
  );
}
