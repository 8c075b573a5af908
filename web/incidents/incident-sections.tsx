import { lazy, type ReactNode } from "react";

const AfterwardsView = lazy(() => import("#web/incidents/afterwards/afterwards-view.tsx").then((room) => ({ default: room.AfterwardsView })));
const DeskSection = lazy(() => import("#web/desk/desk-section.tsx").then((room) => ({ default: room.DeskSection })));
const DraftsView = lazy(() => import("#web/incidents/drafts/drafts-view.tsx").then((room) => ({ default: room.DraftsView })));
const EvidenceView = lazy(() => import("#web/incidents/evidence/evidence-view.tsx").then((room) => ({ default: room.EvidenceView })));
const MeasuresPanel = lazy(() => import("#web/measures/measures-panel.tsx").then((room) => ({ default: room.MeasuresPanel })));
const ConsignorsView = lazy(() => import("#web/incidents/consignors/consignors-view.tsx").then((room) => ({ default: room.ConsignorsView })));
const NoticesView = lazy(() => import("#web/incidents/notices/notices-view.tsx").then((room) => ({ default: room.NoticesView })));
const ScopeView = lazy(() => import("#web/incidents/scope/scope-view.tsx").then((room) => ({ default: room.ScopeView })));

/** What a section of an incident's page is given. */
export interface SectionProps {
  readonly incidentNo: number;
  readonly isDrill: boolean;
  /** Beside others on the overview, in a third of a wide screen. */
  readonly isBrief?: boolean;
}

export const sectionKeys = [
  "all",
  "tasks",
  "facts",
  "measures",
  "scope",
  "drafts",
  "notices",
  "consignors",
  "desk",
  "evidence",
  "afterwards",
  "timeline",
  "team",
] as const;
export type SectionKey = (typeof sectionKeys)[number];

/** Sections that other rooms bring, by their place in the address `/incidents/7/scope`. */
export const incidentSections: Partial<
  Record<"desk" | "scope" | "drafts" | "measures" | "notices" | "consignors" | "evidence" | "afterwards", (given: SectionProps) => ReactNode>
> = {
  desk: ({ incidentNo }) => <DeskSection incidentNo={incidentNo} />,
  scope: ({ incidentNo, isBrief }) => <ScopeView incidentNo={incidentNo} isBrief={isBrief ?? false} />,
  drafts: ({ incidentNo, isBrief }) => <DraftsView incidentNo={incidentNo} isBrief={isBrief ?? false} />,
  consignors: ({ incidentNo }) => <ConsignorsView incidentNo={incidentNo} />,
  notices: ({ incidentNo, isDrill }) => <NoticesView incidentNo={incidentNo} isDrill={isDrill} />,
  evidence: ({ incidentNo }) => <EvidenceView incidentNo={incidentNo} />,
  afterwards: ({ incidentNo }) => <AfterwardsView incidentNo={incidentNo} />,
  measures: ({ incidentNo, isDrill }) => <MeasuresPanel incidentNo={incidentNo} isDrill={isDrill} />,
};
