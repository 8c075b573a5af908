import { useJudgement } from "#web/incidents/drafts/use-drafts.ts";
import type { WholeIncident } from "#web/incidents/use-incident.ts";

/** The day on which the 確報 is due. Which of both holds follows from the facts; until that is judged, the earlier one. */
export function useFinalDue({ incident, terms }: Pick<WholeIncident, "incident" | "terms">): { isLong: boolean; final: string } {
  const { data: judged } = useJudgement(incident.incidentNo);
  const isLong = judged?.terms.final.days === 60;
  return { isLong, final: isLong ? terms.final60 : terms.final30 };
}
