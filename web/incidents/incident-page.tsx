import { Tabs, VisuallyHidden } from "@mantine/core";
import { useNavigate, useParams } from "@tanstack/react-router";
import { DrillTimes } from "#web/incidents/drill-times.tsx";
import { FactSheet, useFacts } from "#web/incidents/fact-sheet.tsx";
import { IncidentHead } from "#web/incidents/incident-head.tsx";
import { incidentSections, sectionKeys, type SectionKey } from "#web/incidents/incident-sections.tsx";
import { IncidentTimeline } from "#web/incidents/incident-timeline.tsx";
import styles from "#web/incidents/incidents.module.css";
import { useScopeRuns } from "#web/incidents/scope/use-scope.ts";
import { TaskList } from "#web/incidents/task-list.tsx";
import { TeamBoard } from "#web/incidents/team-board.tsx";
import { useIncident, type WholeIncident } from "#web/incidents/use-incident.ts";
import { useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useWords } from "#web/words/words.ts";

/** One incident: what it is, where it stands, both clocks, and its sections, an address each. */
export function IncidentPage() {
  const { w } = useWords();
  const words = w.incidents;
  const { incidentNo = "0", section }: { incidentNo?: string; section?: string } = useParams({ strict: false });
  const no = Number(incidentNo);
  useDocumentTitle(words.nth(no));
  const navigate = useNavigate();
  const { data: whole, error } = useIncident(no);
  // What is judged and drafted changes once the scope is verified, whichever section is open.
  useScopeRuns(no);
  if (error !== null && whole === undefined)
    return (
      <div className="page">
        <ProblemNotice error={error} />
      </div>
    );
  if (whole === undefined) return <div className="page">{w.act.loading}</div>;
  const keys = sectionKeys.filter((key) => !isBrought(key) || incidentSections[key] !== undefined);
  const here = keys.find((key) => key === section) ?? "all";
  const left = whole.tasks.filter((task) => task.state === "open").length;
  return (
    <div className={`page ${styles["wide"] ?? ""}`}>
      <IncidentHead whole={whole} />
      {whole.incident.isDrill ? <DrillTimes whole={whole} /> : null}
      <Tabs
        value={here}
        keepMounted={false}
        onChange={(key) =>
          void (key === "all" || key === null
            ? navigate({ to: "/incidents/$incidentNo", params: { incidentNo: String(no) } })
            : navigate({ to: "/incidents/$incidentNo/$section", params: { incidentNo: String(no), section: key } }))
        }
      >
        <Tabs.List mb={24}>
          {keys.map((key) => (
            <Tabs.Tab key={key} value={key} ref={key === here ? bringIntoSight : undefined}>
              {words.sections[key]}
              {key === "tasks" && left > 0 ? ` ${left}` : ""}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {keys.map((key) => (
          <Tabs.Panel key={key} value={key}>
            {isBrought(key) ? <VisuallyHidden component="h2">{words.sections[key]}</VisuallyHidden> : null}
            {key === "all" ? <Overview whole={whole} /> : <Section name={key} whole={whole} />}
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  );
}

/** On a phone the tabs are wider than the screen: the one that is open is in sight. */
function bringIntoSight(tab: HTMLButtonElement | null): void {
  tab?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function isBrought(key: SectionKey): key is keyof typeof incidentSections {
  return key in incidentSections;
}

function Section({ name, whole, isBrief = false }: { name: SectionKey; whole: WholeIncident; isBrief?: boolean }) {
  const { incidentNo, isDrill, closedAt } = whole.incident;
  const isOpen = closedAt === null;
  switch (name) {
    case "tasks":
      return <TaskList whole={whole} />;
    case "facts":
      return <FactSheet incidentNo={incidentNo} isOpen={isOpen} />;
    case "timeline":
      return <IncidentTimeline incidentNo={incidentNo} isOpen={isOpen} />;
    case "team":
      return <TeamBoard whole={whole} />;
    case "all":
      return null;
    default:
      return incidentSections[name]?.({ incidentNo, isDrill, isBrief });
  }
}

/** Left what is to be done and what is known, in the middle of whom, right what is to be sent. */
function Overview({ whole }: { whole: WholeIncident }) {
  const { w } = useWords();
  const words = w.incidents;
  return (
    <div className={styles["overview"]}>
      <div className="column">
        <TaskList whole={whole} />
        <FactProgress incidentNo={whole.incident.incidentNo} />
      </div>
      {(["scope", "drafts"] as const).map((name) =>
        incidentSections[name] === undefined ? null : (
          <section key={name} className="column tight" aria-label={words.sections[name]}>
            <h2>{words.sections[name]}</h2>
            <Section name={name} whole={whole} isBrief />
          </section>
        ),
      )}
    </div>
  );
}

function FactProgress({ incidentNo }: { incidentNo: number }) {
  const { w } = useWords();
  const words = w.incidents;
  const navigate = useNavigate();
  const { data } = useFacts(incidentNo);
  if (data === undefined) return null;
  const of = (certainty: "confirmed" | "assumed" | "unknown"): number => data.facts.filter((fact) => fact.certainty === certainty).length;
  return (
    <section className="column tight">
      <h2>{words.sections.facts}</h2>
      <p className="line">
        {(["confirmed", "assumed", "unknown"] as const).map((certainty) => (
          <span key={certainty}>
            {words.certainties[certainty]} <strong className="number">{of(certainty)}</strong>
          </span>
        ))}
        <button
          type="button"
          className={styles["more"]}
          onClick={() => void navigate({ to: "/incidents/$incidentNo/$section", params: { incidentNo: String(incidentNo), section: "facts" } })}
        >
          {words.links.facts}
        </button>
      </p>
    </section>
  );
}
