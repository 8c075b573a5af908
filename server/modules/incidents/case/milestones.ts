import { listEvents, type RecordedEvent } from "#server/core/ledger/index.ts";
import { queryOver, type Context } from "#server/core/door/index.ts";
import type { milestoneKeys } from "#shared/incidents.ts";
import type { IncidentRow } from "./incident-records.ts";

const mostActs = 1_000;

type MilestoneKey = (typeof milestoneKeys)[number];

/** Which acts reach which milestone, by the type of their event. */
const reached: readonly (readonly [MilestoneKey, RegExp])[] = [
  ["measure", /^measure\.(?:taken|asked)$/],
  ["scope", /^incident\.scoped$/],
  ["fact", /^incident\.fact-stated$/],
  ["draft", /^incident\.drafted$/],
  ["closed", /^incident\.closed$/],
];

/** What the ledger says was done about an incident, newest first. */
export async function actsOf(context: Context, row: IncidentRow, types: readonly string[]): Promise<readonly RecordedEvent[]> {
  const { events } = await listEvents(queryOver(context.db), {
    types,
    fact: { key: "incidentNo", value: row.incident_no },
    from: row.opened_at,
    limit: mostActs,
  });
  return events;
}

/** The first time of each milestone, and how many acts it took from opening to the first draft. */
export async function milestonesOf(
  context: Context,
  row: IncidentRow,
  types: readonly string[],
): Promise<{ milestones: { key: MilestoneKey; at: string; eventNo: number }[]; steps: number }> {
  const acts = (await actsOf(context, row, types)).filter((event) => event.outcome === "ok").toReversed();
  const milestones = reached.flatMap(([key, type]) => {
    const first = acts.find((event) => type.test(event.type));
    return first === undefined ? [] : [{ key, at: first.at.toISOString(), eventNo: first.eventNo }];
  });
  const draft = milestones.find((one) => one.key === "draft");
  const steps = acts.filter((event) => event.accountNo !== null && (draft === undefined || event.eventNo <= draft.eventNo)).length;
  return { milestones, steps };
}
