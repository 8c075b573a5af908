import type { DraftState } from "#shared/incident-drafts.ts";
import type { PaperKey } from "#shared/incident-papers.ts";
import { useDrafts, useJudgement } from "#web/incidents/drafts/use-drafts.ts";
import type { SectionKey } from "#web/incidents/incident-sections.tsx";
import { useScopeRuns } from "#web/incidents/scope/use-scope.ts";
import type { WholeIncident } from "#web/incidents/use-incident.ts";

/** The papers that every reportable incident comes to, in the order in which they leave. */
const stepPapers = ["preliminary", "person-notice", "final"] as const satisfies readonly PaperKey[];
export type StepKey = "measures" | "scope" | "judgement" | (typeof stepPapers)[number];

export interface IncidentStep {
  readonly key: StepKey;
  readonly section: SectionKey;
  readonly paper?: PaperKey;
  /** `waiting`: somebody else has it in hand. */
  readonly standing: "open" | "waiting" | "done";
  readonly state: DraftState | "none" | "handed";
}

export interface IncidentSteps {
  readonly steps: readonly IncidentStep[];
  /** The first that nobody has in hand; none in a closed incident. */
  readonly next: StepKey | undefined;
  /** What is left, as marks of the tabs; 0 is done. */
  readonly left: Partial<Readonly<Record<SectionKey, number>>>;
}

/** How far an incident is on its way to the reports; undefined while that is being fetched. */
export function useIncidentSteps({ incident, tasks, milestones }: WholeIncident): IncidentSteps | undefined {
  const { data: scope } = useScopeRuns(incident.incidentNo);
  const { data: judgement } = useJudgement(incident.incidentNo);
  const { data: drafts } = useDrafts(incident.incidentNo);
  if (scope === undefined || judgement === undefined || drafts === undefined) return undefined;
  const isTaken = milestones.some(({ key }) => key === "measure");
  // Not where the playbook asks for no measure. A drill stops nothing, and leads straight to the draft.
  const asksForMeasure = !incident.isDrill && tasks.some((task) => task.link === "measures" && task.state === "open");
  const papers = stepPapers.flatMap((key): IncidentStep[] => {
    const paper = drafts.papers.find((one) => one.paper === key);
    if (paper === undefined || (!paper.isNeeded && paper.latest === null)) return [];
    const state = paper.handed === null ? (paper.latest?.state ?? "none") : "handed";
    return [
      { key, section: "drafts", paper: key, standing: state === "approved" || state === "handed" ? "done" : state === "asked" ? "waiting" : "open", state },
    ];
  });
  const steps: readonly IncidentStep[] = [
    ...(isTaken || asksForMeasure ? [{ key: "measures", section: "measures", standing: isTaken ? "done" : "open", state: "none" } as const] : []),
    { key: "scope", section: "scope", standing: scope.runs.length > 0 ? "done" : "open", state: "none" },
    { key: "judgement", section: "drafts", standing: judgement.overall === "undetermined" ? "open" : "done", state: "none" },
    ...papers,
  ];
  const needed = drafts.papers.filter((paper) => paper.isNeeded || paper.latest !== null);
  return {
    steps,
    next: incident.closedAt === null ? steps.find(({ standing }) => standing === "open")?.key : undefined,
    left: {
      tasks: tasks.filter((task) => task.state === "open").length,
      // None that the judgement waits for says nothing of the others.
      ...(judgement.missing.length === 0 ? {} : { facts: judgement.missing.length }),
      scope: scope.runs.length > 0 ? 0 : 1,
      drafts: needed.filter((paper) => paper.latest?.state !== "approved").length,
    },
  };
}
