import { queryOver, type Context } from "#server/core/door/index.ts";
import { listEvents } from "#server/core/ledger/index.ts";
import { dayInJapan } from "#shared/day-in-japan.ts";
import type { StatedFact } from "#shared/incident-facts.ts";
import { statedFacts } from "../case/facts.ts";
import type { IncidentRow } from "../case/incident-records.ts";
import { judge } from "../law/judge.ts";
import { terms } from "../law/terms.ts";
import { toldConsignors } from "../consignors/told-consignors.ts";
import { nameOfItem, type Ground } from "./ground.ts";
import { latestScope } from "./latest-scope.ts";
import { noticeFigures } from "./notice-figures.ts";

/** A form has room for so many lines of its course of events. */
const mostNotes = 100;
/** What is done with keys; looking at a value is every other event. */
const keyEvents = ["backup.written", "backup.restored", "keys.copied", "erasure.keys-destroyed"];
const mostKeyEvents = 200;

/** Everything that the papers of an incident are made of, as it is now. */
export async function gatherGround(context: Context, incident: IncidentRow): Promise<Ground> {
  const { db, policy } = context;
  const facts = await factsWithReporter(context, incident);
  const scope = await latestScope(context, incident.incident_no);
  const notes = await db.query<{ note_no: number; happened_at: Date }>(
    "select note_no, happened_at from incident_notes where incident_no = $1 order by happened_at, note_no limit $2",
    [incident.incident_no, mostNotes],
  );
  const [organisation] = await db.query<{ name: string }>("select name from organisation");
  const consignors = await toldConsignors(context, incident);
  const judgement = judge({ facts, playbook: incident.playbook, scope, consignors }, dayInJapan(incident.known_at));
  return {
    isDrill: incident.is_drill,
    playbook: incident.playbook,
    knownAt: incident.known_at,
    organisation: organisation?.name ?? "",
    facts,
    scope,
    judgement,
    terms: terms(incident.known_at, judgement.limbs),
    notes: notes.map((note) => ({ noteNo: note.note_no, happenedAt: note.happened_at })),
    fieldNames: new Map(policy.fields.filter((field) => field.kind === "customer").map((field) => [field.key, nameOfItem(field.ja)])),
    consignors,
    notices: await noticeFigures(context, incident.incident_no),
    keyUse: facts.get("encryption.applied")?.value === "yes" ? await keyUseOf(context, incident, facts) : [],
  };
}

/** Who reports and the desk are the same from one incident to the next: what is not stated here is taken from the last one. */
async function factsWithReporter(context: Context, incident: IncidentRow): Promise<ReadonlyMap<string, StatedFact>> {
  const former = await context.db.query<{ incident_no: number }>(
    `select distinct on (f.key) f.incident_no from incident_facts f join incidents i using (incident_no)
      where f.incident_no <> $1 and i.is_drill = $2 and (f.key like 'reporter.%' or f.key like 'desk.%' or f.key in ('routing.operator', 'routing.delegated', 'routing.authority', 'routing.privacyMark'))
      order by f.key, f.fact_no desc`,
    [incident.incident_no, incident.is_drill],
  );
  const facts = new Map<string, StatedFact>();
  for (const no of [...new Set(former.map((row) => row.incident_no))].toSorted((a, b) => a - b)) {
    for (const fact of await statedFacts(context, no)) {
      if (/^(?:reporter|desk)\.|^routing\.(?:operator|delegated|authority|privacyMark)$/.test(fact.key)) facts.set(fact.key, fact);
    }
  }
  for (const fact of await statedFacts(context, incident.incident_no)) {
    facts.set(fact.key, fact);
  }
  return facts;
}

async function keyUseOf(context: Context, incident: IncidentRow, facts: ReadonlyMap<string, StatedFact>): Promise<Ground["keyUse"]> {
  const occurred = facts.get("outline.occurredOn")?.value;
  const { events } = await listEvents(queryOver(context.db), {
    types: keyEvents,
    ...(occurred === null || occurred === undefined ? {} : { from: new Date(`${occurred}T00:00:00+09:00`) }),
    limit: mostKeyEvents,
  });
  const until = incident.closed_at ?? context.now;
  return keyEvents.flatMap((type) => {
    const ofType = events.filter((event) => event.type === type && event.at <= until);
    const [last] = ofType;
    return last === undefined ? [] : [{ type, times: ofType.length, lastEvent: last.eventNo }];
  });
}
