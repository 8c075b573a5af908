import { IconCheck } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useJudgement } from "#web/incidents/drafts/use-drafts.ts";
import styles from "#web/incidents/incidents.module.css";
import { useScopeRuns } from "#web/incidents/scope/use-scope.ts";
import type { WholeIncident } from "#web/incidents/use-incident.ts";
import { useIncidentSteps, type IncidentStep } from "#web/incidents/use-incident-steps.ts";
import { Mark } from "#web/parts/mark.tsx";
import { useWords } from "#web/words/words.ts";

/** The way to the reports: what stands, what is left, and which step is next, each leading to its place. */
export function IncidentSteps({ whole }: { whole: WholeIncident }) {
  const { w } = useWords();
  const words = w.incidents.way;
  const way = useIncidentSteps(whole);
  const stateOf = useStepState(whole.incident.incidentNo);
  if (way === undefined) return null;
  return (
    <nav aria-label={words.title}>
      <ol className={styles["way"]}>
        {way.steps.map((step) => {
          const isNext = step.key === way.next;
          return (
            <li key={step.key} data-next={isNext || undefined}>
              <Link
                to="/incidents/$incidentNo/$section"
                params={{ incidentNo: String(whole.incident.incidentNo), section: step.section }}
                search={(step.paper === undefined || step.state === "none" ? {} : { paper: step.paper }) as never}
                {...(isNext ? { "aria-current": "step" as const } : {})}
              >
                <span className={styles["step"]}>
                  {step.standing === "done" ? <IconCheck size={14} aria-hidden /> : null}
                  {words.steps[step.key]}
                  {isNext ? <Mark tone="act">{words.next}</Mark> : null}
                </span>
                <span className="small">{stateOf(step)}</span>
              </Link>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

/** How a step stands, in a few words. */
function useStepState(incidentNo: number): (step: IncidentStep) => string {
  const { w } = useWords();
  const words = w.incidents.way;
  const { data: scope } = useScopeRuns(incidentNo);
  const { data: judgement } = useJudgement(incidentNo);
  return ({ key, standing, state }) => {
    switch (key) {
      case "measures":
        return standing === "done" ? words.taken : words.notYet;
      case "scope": {
        const [newest] = scope?.runs ?? [];
        if (newest === undefined) return words.notYet;
        const people = words.people(newest.confirmed, newest.possible);
        return newest.verification.state === "holds" ? people : `${people} ${w.incidentScope.verification[newest.verification.state]}`;
      }
      case "judgement":
        return judgement === undefined
          ? ""
          : judgement.missing.length > 0
            ? words.missing(judgement.missing.length)
            : w.incidentDrafts.overall[judgement.overall];
      default:
        if (state === "handed") return w.incidentDrafts.handing.handed;
        return state === "none" ? w.incidentDrafts.notMade : w.incidentDrafts.states[state];
    }
  };
}
