import type { Context } from "#server/core/door/index.ts";
import { factDefinition, isFactValue, type Certainty } from "#shared/incident-facts.ts";
import { Problem } from "#shared/problems.ts";
import { hashOfText, sealIncidentText } from "./seal-incident-text.ts";

export interface FactGiven {
  readonly key: string;
  readonly value: string;
  readonly certainty: Certainty;
  readonly source: string;
}

/**
 * States facts that an act of another room comes to, each in a new version; the act's event names them by number, key and hash.
 * @throws Problem invalid-input {field: the key}, card-number
 */
export async function stateFacts(context: Context, incidentNo: number, given: readonly FactGiven[]): Promise<void> {
  const { db, journal, actor, now } = context;
  const stated = [];
  for (const { key, value, certainty, source } of given) {
    const definition = factDefinition(key);
    if (definition === undefined || !isFactValue(definition, value)) throw new Problem("invalid-input", { field: key });
    const isText = definition.type === "text";
    const sealed = sealIncidentText(context, incidentNo, { value: isText ? value : null, source });
    const [row] = await db.query<{ fact_no: number }>(
      `insert into incident_facts (incident_no, key, certainty, value, sealed_text, stated_by, stated_at) values ($1, $2, $3, $4, $5, $6, $7) returning fact_no`,
      [incidentNo, key, certainty, isText ? null : value, sealed, actor.accountNo, now],
    );
    stated.push({ factNo: row?.fact_no ?? 0, fact: key, certainty, ...(isText ? {} : { value }), hash: hashOfText(sealed) });
  }
  if (stated.length > 0) journal.fact("stated", stated);
}
