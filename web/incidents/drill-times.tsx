import { Link } from "@tanstack/react-router";
import { milestoneKeys } from "#shared/incidents.ts";
import styles from "#web/incidents/incidents.module.css";
import type { WholeIncident } from "#web/incidents/use-incident.ts";
import { useWords } from "#web/words/words.ts";

/** Of a drill: how long each milestone took from the button, and after how many acts the first draft stood. */
export function DrillTimes({ whole: { incident, milestones, steps } }: { whole: WholeIncident }) {
  const { w } = useWords();
  const words = w.incidents;
  const after = (at: string): string => {
    const seconds = Math.max(0, Math.round((Date.parse(at) - Date.parse(incident.openedAt)) / 1000));
    return words.after(Math.floor(seconds / 60), seconds % 60);
  };
  const next = incident.closedAt !== null ? undefined : (["scope", "draft"] as const).find((key) => !milestones.some((one) => one.key === key));
  const params = { incidentNo: String(incident.incidentNo) };
  return (
    <section className={styles["drill"]} aria-label={words.drillTimes}>
      <p>
        <strong>{words.drillBanner}</strong>{" "}
        {incident.closedAt !== null ? null : next === undefined ? (
          words.drillNext.done
        ) : (
          <Link to="/incidents/$incidentNo/$section" params={{ ...params, section: next === "draft" ? "drafts" : "scope" }}>
            {words.drillNext[next]}
          </Link>
        )}
      </p>
      <dl>
        {milestoneKeys.map((key) => {
          const reached = milestones.find((one) => one.key === key);
          return (
            <div key={key}>
              <dt>{words.milestones[key]}</dt>
              <dd data-reached={reached !== undefined || undefined}>{reached === undefined ? words.drillNotYet : after(reached.at)}</dd>
            </div>
          );
        })}
        <div>
          <dt>{words.drillStepsLabel}</dt>
          <dd data-reached>{words.drillSteps(steps)}</dd>
        </div>
      </dl>
    </section>
  );
}
