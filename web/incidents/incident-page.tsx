import { Tabs, VisuallyHidden } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { DrillTimes } from "#web/incidents/drill-times.tsx";
import { FactSheet, useFacts } from "#web/incidents/fact-sheet.tsx";
import { IncidentHead } from "#web/incidents/incident-head.tsx";
import { incidentSections, sectionKeys, type SectionKey } from "#web/incidents/incident-sections.tsx";
import { IncidentSteps } from "#web/incidents/incident-steps.tsx";
import { IncidentTimeline } from "#web/incidents/incident-timeline.tsx";
import styles from "#web/incidents/incidents.module.css";
import { useScopeRuns } from "#web/incidents/scope/use-scope.ts";
import { TaskList } from "#web/incidents/task-list.tsx";
import { TeamBoard } from "#web/incidents/team-board.tsx";
import { useIncident, type WholeIncident } from "#web/incidents/use-incident.ts";
import { useIncidentSteps } from "#web/incidents/use-incident-steps.ts";
import { useDocumentTitle } from "#web/parts/page-head.tsx";
import { ProblemNotice } from "#web/parts/problem-notice.tsx";
import { useKeptFocus } from "#web/parts/use-kept-focus.ts";
import { useKeys } from "#web/parts/use-keys.ts";
import { useWords } from "#web/words/words.ts";

/** One incident: what it is, where it stands, both clocks, and its sections, an address each. */
export function IncidentPage() {
  const { w } = useWords();
  const words = w.incidents;
  const { incidentNo = "0", section }: { incidentNo?: string; section?: string } = useParams({ strict: false });
  const no = Number(incidentNo);
  useDocumentTitle(words.nth(no));
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
  return <Sections whole={whole} section={section} />;
}

function Sections({ whole, section }: { whole: WholeIncident; section: string | undefined }) {
  const { w } = useWords();
  const words = w.incidents;
  const navigate = useNavigate();
  const room = useKeptFocus();
  const tabs = useRef<HTMLDivElement>(null);
  const { incidentNo: no } = whole.incident;
  const left = useIncidentSteps(whole)?.left;
  const keys = sectionKeys.filter((key) => !isBrought(key) || incidentSections[key] !== undefined);
  const here = keys.find((key) => key === section) ?? "all";
  const go = (key: SectionKey): void =>
    void navigate({ to: key === "all" ? "/incidents/$incidentNo" : "/incidents/$incidentNo/$section", params: { incidentNo: String(no), section: key } });
  // On a phone the tabs are wider than the screen: the one that is open is in sight.
  useEffect(() => {
    tabs.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [here]);
  const numbered = keys.slice(0, 9);
  useKeys(
    Object.fromEntries(
      numbered.map((key, at) => [
        String(at + 1),
        () => {
          go(key);
          tabs.current?.querySelectorAll<HTMLElement>("[role=tab]")[at]?.focus();
        },
      ]),
    ),
    true,
    Object.fromEntries(numbered.map((key, at) => [String(at + 1), words.sections[key]])),
  );
  return (
    <div ref={room} className={`page ${styles["wide"] ?? ""}`}>
      <div className={styles["top"]} data-brief={here !== "all" || undefined}>
        <IncidentHead whole={whole} />
        {whole.incident.isDrill ? <DrillTimes whole={whole} /> : null}
      </div>
      <Tabs value={here} keepMounted={false} onChange={(key) => key !== null && go(key as SectionKey)}>
        <Tabs.List ref={tabs} className={styles["sections"] ?? ""} aria-label={words.sectionsLabel}>
          {keys.map((key) => (
            <Tabs.Tab key={key} value={key}>
              {words.sections[key]}
              {marked.has(key) || left?.[key] !== undefined ? <Left count={left?.[key]} /> : null}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {keys.map((key) => (
          <Tabs.Panel key={key} value={key} {...(key === "all" ? {} : { className: styles["panel"] ?? "" })}>
            {isBrought(key) ? <VisuallyHidden component="h2">{words.sections[key]}</VisuallyHidden> : null}
            {key === "all" ? <Overview whole={whole} /> : <Section name={key} whole={whole} />}
          </Tabs.Panel>
        ))}
      </Tabs>
    </div>
  );
}

/** The sections of which it is always known what is left. */
const marked: ReadonlySet<SectionKey> = new Set(["tasks", "scope", "drafts"]);

/** What is left of a section, in the corner of its tab. Its room is kept: tabs must not move when a number comes. */
function Left({ count }: { count: number | undefined }) {
  const { w } = useWords();
  return count === undefined ? (
    <span className={styles["left"]} />
  ) : count === 0 ? (
    <span className={styles["left"]}>
      <IconCheck size={12} aria-hidden />
      <VisuallyHidden>{w.incidents.nothingLeft}</VisuallyHidden>
    </span>
  ) : (
    <span className={styles["left"]}>
      <span aria-hidden>{count}</span>
      <VisuallyHidden>{w.incidents.tasksLeft(count)}</VisuallyHidden>
    </span>
  );
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
      return <FactSheet incidentNo={incidentNo} playbook={whole.incident.playbook} isOpen={isOpen} />;
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
    <div className="column">
      <IncidentSteps whole={whole} />
      <div className={styles["overview"]}>
        <div className="column">
          <TaskList whole={whole} isBrief />
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
