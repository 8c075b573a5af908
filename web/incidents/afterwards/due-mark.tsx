import { Mark } from "#web/parts/mark.tsx";
import { useWords } from "#web/words/words.ts";

const dayMs = 86_400_000;
const soonDays = 7;

/** Until when something is to be done, and how far off that is. Both days in Japan. */
export function DueMark({ dueOn, today }: { dueOn: string; today: string }) {
  const { w, date } = useWords();
  const words = w.incidentAfterwards;
  const days = Math.round((Date.parse(`${dueOn}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / dayMs);
  return (
    <span className="line">
      <Mark tone={days < 0 ? "loss" : days <= soonDays ? "look" : "plain"}>{words.daysLeft(days)}</Mark>
      <span className="small soft">{words.due(date(`${dueOn}T12:00:00+09:00`))}</span>
    </span>
  );
}
