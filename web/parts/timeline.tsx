import type { ReactNode } from "react";
import { dayInJapan } from "#shared/day-in-japan.ts";
import { At } from "#web/parts/at.tsx";
import styles from "#web/parts/timeline.module.css";

export interface Happening {
  readonly key: number | string;
  readonly at: string;
  readonly what: ReactNode;
  readonly who?: ReactNode;
  readonly detail?: ReactNode;
  /** Stands in the place of the dot. */
  readonly icon?: ReactNode;
  /** The day is known and the time of day is not. */
  readonly isWholeDay?: boolean;
}

/** What happened, newest first. With `hasDays` under the heading of its day, with the time of day alone. */
export function Timeline({ happenings, label, hasDays = false }: { happenings: readonly Happening[]; label: string; hasDays?: boolean }) {
  if (!hasDays) return <Happenings happenings={happenings} label={label} form="full" />;
  const days: { day: string; happenings: Happening[] }[] = [];
  for (const one of happenings) {
    const day = dayInJapan(new Date(one.at));
    const last = days.at(-1);
    if (last?.day === day) last.happenings.push(one);
    else days.push({ day, happenings: [one] });
  }
  return (
    <div className={styles["days"]}>
      {days.map(({ day, happenings: ofDay }) => (
        <section key={day} aria-label={day}>
          <h3 className={styles["day"]}>
            <At iso={`${day}T12:00:00+09:00`} form="date" />
          </h3>
          <Happenings happenings={ofDay} label={`${label} ${day}`} form="time" />
        </section>
      ))}
    </div>
  );
}

function Happenings({ happenings, label, form }: { happenings: readonly Happening[]; label: string; form: "full" | "time" }) {
  return (
    <ol className={styles["timeline"]} aria-label={label}>
      {happenings.map((one) => (
        <li key={one.key} data-icon={one.icon !== undefined || undefined}>
          {one.icon === undefined ? null : <span className={styles["icon"]}>{one.icon}</span>}
          <div className={styles["head"]}>
            {one.isWholeDay === true ? null : (
              <span className="small soft">
                <At iso={one.at} form={form} />
              </span>
            )}
            {one.who}
          </div>
          <div>{one.what}</div>
          {one.detail}
        </li>
      ))}
    </ol>
  );
}
