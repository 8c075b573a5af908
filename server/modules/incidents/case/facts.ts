import type { Context, Draft, Handle, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { factDefinition, isFactValue, type Certainty, type StatedFact } from "#shared/incident-facts.ts";
import type * as contract from "#shared/incidents.ts";
import { Problem } from "#shared/problems.ts";
import { findIncident, findOpenIncident, noteIncident } from "./incident-records.ts";
import { hashOfText, sealIncidentText, textOfIncident } from "./seal-incident-text.ts";

interface FactRow {
  readonly fact_no: number;
  readonly incident_no: number;
  readonly key: string;
  readonly certainty: Certainty;
  readonly value: string | null;
  readonly sealed_text: Buffer | null;
  readonly stated_by: number | null;
  readonly stated_at: Date;
}

interface Asked {
  readonly db: Pick<Context["db"], "query">;
}

const columns = "fact_no, incident_no, key, certainty, value, sealed_text, stated_by, stated_at";
const mostVersions = 200;

function versionOf(row: FactRow): Draft<contract.FactVersion> {
  return {
    factNo: row.fact_no,
    key: row.key,
    certainty: row.certainty,
    value: row.value,
    text: textOfIncident(row.incident_no, row.sealed_text, "value"),
    source: textOfIncident(row.incident_no, row.sealed_text, "source"),
    by: row.stated_by,
    at: row.stated_at.toISOString(),
  };
}

async function lastFacts(context: Asked, incidentNo: number, until?: number): Promise<FactRow[]> {
  return context.db.query<FactRow>(
    `select distinct on (key) ${columns} from incident_facts where incident_no = $1 and ($2::integer is null or fact_no <= $2) order by key, fact_no desc`,
    [incidentNo, until ?? null],
  );
}

/** The facts of an incident as the rules read them: the last version of each key, or as they stood after the version `until`. */
export async function statedFacts(context: Asked, incidentNo: number, until?: number): Promise<StatedFact[]> {
  return (await lastFacts(context, incidentNo, until)).map((row) => ({
    factNo: row.fact_no,
    key: row.key,
    value: row.value,
    certainty: row.certainty,
    at: row.stated_at.toISOString(),
    by: row.stated_by,
  }));
}

/** What was typed of some facts of an incident, as handles by number of the version. */
export function factTexts(context: Asked, incidentNo: number, factNos: readonly number[]): Promise<ReadonlyMap<number, Handle>> {
  return typedOf(context, incidentNo, factNos, "value");
}

/** Where some facts are known from, likewise. */
export function factSources(context: Asked, incidentNo: number, factNos: readonly number[]): Promise<ReadonlyMap<number, Handle>> {
  return typedOf(context, incidentNo, factNos, "source");
}

async function typedOf(context: Asked, incidentNo: number, factNos: readonly number[], label: "value" | "source"): Promise<ReadonlyMap<number, Handle>> {
  const rows = await context.db.query<FactRow>(`select ${columns} from incident_facts where incident_no = $1 and fact_no = any($2)`, [incidentNo, factNos]);
  return new Map(rows.map((row) => [row.fact_no, textOfIncident(incidentNo, row.sealed_text, label)]));
}

export async function listFacts(context: Context, input: Input<typeof contract.listFacts>): Promise<Draft<ReplyOf<typeof contract.listFacts>>> {
  const incident = await findIncident(context, input.params.incidentNo);
  const rows = await lastFacts(context, incident.incident_no);
  const counts = await context.db.query<{ key: string; versions: number }>(
    "select key, count(*)::integer as versions from incident_facts where incident_no = $1 group by key",
    [incident.incident_no],
  );
  const versions = new Map(counts.map((row) => [row.key, row.versions]));
  noteIncident(context, incident);
  return { facts: rows.map((row) => ({ ...versionOf(row), versions: versions.get(row.key) ?? 1 })) };
}

export async function listFactVersions(
  context: Context,
  input: Input<typeof contract.listFactVersions>,
): Promise<Draft<ReplyOf<typeof contract.listFactVersions>>> {
  const incident = await findIncident(context, input.params.incidentNo);
  const rows = await context.db.query<FactRow>(
    `select ${columns} from incident_facts where incident_no = $1 and key = $2 order by fact_no desc limit ${mostVersions}`,
    [incident.incident_no, input.params.key],
  );
  noteIncident(context, incident);
  context.journal.fact("fact", input.params.key);
  return { versions: rows.map(versionOf) };
}

/**
 * States a fact in a new version. A text is sealed, and its hash stands in the event; a code, a day or a number stands clear.
 * @throws Problem not-found, invalid-input {field: "value"}, card-number, conflict {reason: "incident-closed"}
 */
export async function stateFact(context: Context, input: Input<typeof contract.stateFact>): Promise<{ factNo: number }> {
  const { db, journal, actor, now } = context;
  const { key, certainty, source } = input.body;
  const value = input.body.value === "" ? null : input.body.value;
  const definition = factDefinition(key);
  if (definition === undefined || (value === null) !== (certainty === "unknown") || (value !== null && !isFactValue(definition, value))) {
    throw new Problem("invalid-input", { field: "value" });
  }
  const incident = await findOpenIncident(context, input.params.incidentNo);
  const isText = definition.type === "text";
  const typed = { value: isText ? value : null, source: source === "" ? null : source };
  const sealed = typed.value === null && typed.source === null ? null : sealIncidentText(context, incident.incident_no, typed);
  const clear = isText ? null : value;
  const [row] = await db.query<{ fact_no: number }>(
    `insert into incident_facts (incident_no, key, certainty, value, sealed_text, stated_by, stated_at) values ($1, $2, $3, $4, $5, $6, $7) returning fact_no`,
    [incident.incident_no, key, certainty, clear, sealed, actor.accountNo, now],
  );
  const factNo = row?.fact_no as number;
  noteIncident(context, incident);
  journal.fact("factNo", factNo);
  journal.fact("fact", key);
  journal.fact("certainty", certainty);
  if (clear !== null) journal.fact("value", clear);
  if (sealed !== null) journal.fact("hash", hashOfText(sealed));
  return { factNo };
}
