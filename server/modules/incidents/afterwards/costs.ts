import type { Context, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { redressKinds, redressStates, type CostOut, type RedressKind, type RedressState, type showCosts as endpoint } from "#shared/incident-afterwards.ts";
import { findIncident, noteIncident } from "../case/incident-records.ts";
import { isHouseCost } from "./redress.ts";

const spentStates: readonly RedressState[] = ["sent", "settled"];
const plannedStates: readonly RedressState[] = ["planned", "sent", "settled"];

/** What an incident comes to so far, in yen, by kind. What was declined or came back costs nothing. */
export async function costsOf({ db }: Pick<Context, "db">, incidentNo: number): Promise<ReplyOf<typeof endpoint>> {
  const rows = await db.query<{ kind: RedressKind; state: RedressState; entries: number; people: number; yen: number }>(
    `select kind, state, count(*)::integer as entries, count(distinct customer_no)::integer as people, coalesce(sum(amount), 0)::float8 as yen
       from incident_redress where incident_no = $1 group by kind, state`,
    [incidentNo],
  );
  const [people] = await db.query<{ people: number }>(
    "select count(distinct customer_no)::integer as people from incident_redress where incident_no = $1 and state <> 'declined'",
    [incidentNo],
  );
  const costs = redressKinds.flatMap((kind): CostOut[] => {
    const ofKind = rows.filter((row) => row.kind === kind);
    if (ofKind.length === 0) return [];
    const sum = (states: readonly RedressState[]): number => ofKind.reduce((total, row) => (states.includes(row.state) ? total + row.yen : total), 0);
    return [
      {
        kind,
        isPerPerson: !isHouseCost(kind),
        people: ofKind.reduce((total, row) => total + row.people, 0),
        entries: ofKind.reduce((total, row) => total + row.entries, 0),
        planned: sum(plannedStates),
        spent: sum(spentStates),
        states: redressStates.flatMap((state) => ofKind.filter((row) => row.state === state).map((row) => ({ state, entries: row.entries }))),
      },
    ];
  });
  return {
    costs,
    people: people?.people ?? 0,
    planned: costs.reduce((total, cost) => total + cost.planned, 0),
    spent: costs.reduce((total, cost) => total + cost.spent, 0),
  };
}

export async function showCosts(context: Context, input: Input<typeof endpoint>): Promise<ReplyOf<typeof endpoint>> {
  const incident = await findIncident(context, input.params.incidentNo);
  noteIncident(context, incident);
  return costsOf(context, incident.incident_no);
}
