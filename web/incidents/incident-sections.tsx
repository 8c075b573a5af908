import { lazy, type ReactNode } from "react";

const DraftsView = lazy(() => import("#web/incidents/drafts/drafts-view.tsx").then((room) => ({ default: room.DraftsView })));
const MeasuresPanel = lazy(() => import("#web/measures/measures-panel.tsx").then((room) => ({ default: room.MeasuresPanel })));
const ScopeView = lazy(() => import("#web/incidents/scope/scope-view.tsx").then((room) => ({ default: room.ScopeView })));

/** What a section of an incident's page is given. */
export interface SectionProps {
  readonly incidentNo: number;
  readonly isDrill: boolean;
  /** Beside others on the overview, in a third of a wide screen. */
  readonly isBrief?: boolean;
}

export const sectionKeys = ["all", "tasks", "facts", "measures", "scope", "drafts", "timeline", "team"] as const;
export type SectionKey = (typeof sectionKeys)[number];

/** Sections that other rooms bring, by their place in the address `/incidents/7/scope`. */
export const incidentSections: Partial<Record<"scope" | "drafts" | "measures", (given: SectionProps) => ReactNode>> = {
  scope: ({ incidentNo, isBrief }) => <ScopeView incidentNo={incidentNo} isBrief={isBrief ?? false} />,
  drafts: ({ incidentNo, isBrief }) => <DraftsView incidentNo={incidentNo} isBrief={isBrief ?? false} />,
  measures: ({ incidentNo, isDrill }) => <MeasuresPanel incidentNo={incidentNo} isDrill={isDrill} />,
};
