import type { ReactNode } from "react";
import { At } from "#web/parts/at.tsx";
import styles from "#web/parts/timeline.module.css";

export interface Happening {
  readonly key: number | string;
  readonly at: string;
  readonly what: ReactNode;
  readonly who?: ReactNode;
  readonly detail?: ReactNode;
}

/** What happened, newest first. */
export function Timeline({ happenings, label }: { happenings: readonly Happening[]; label: string }) {
  return (
    <ol className={styles["timeline"]} aria-label={label}>
      {happenings.map((one) => (
        <li key={one.key}>
          <div className={styles["head"]}>
            <span className="small soft">
              <At iso={one.at} />
            </span>
            {one.who}
          </div>
          <div>{one.what}</div>
          {one.detail}
        </li>
      ))}
    </ol>
  );
}
