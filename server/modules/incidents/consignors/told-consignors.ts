import { queryOver, type Context } from "#server/core/door/index.ts";
import { dayInJapan } from "#shared/day-in-japan.ts";
import type { IncidentRow } from "../case/incident-records.ts";
import type { ToldConsignors } from "../law/read-facts.ts";
import { consignorsOfScope } from "./consignors-of-scope.ts";
import { packsOf } from "./pack-records.ts";

/** 概ね3〜5日 (規則9条): so many days count as prompt, the day of knowing among them. */
const promptDays = 5;
const dayMs = 86_400_000;

export function promptUntil(knownAt: Date): string {
  return dayInJapan(new Date(knownAt.getTime() + (promptDays - 1) * dayMs));
}

/** Null where nobody entrusted us with anybody of the scope. */
export async function toldConsignors(context: Context, incident: IncidentRow): Promise<ToldConsignors | null> {
  const { rows } = await queryOver(context.db).query("select exists (select from entrusted_customers) as any_entrusted", []);
  if (rows[0]?.["any_entrusted"] !== true) return null;
  const found = await consignorsOfScope(context, incident.incident_no);
  if (found === null || found.companies.length === 0) return null;
  const until = promptUntil(incident.known_at);
  const sent = (await packsOf(context, incident.incident_no)).filter((pack) => pack.state === "sent");
  const told = found.companies.map(({ companyNo, confirmed, possible }) => {
    const people = new Set(sent.filter((pack) => pack.company_no === companyNo).flatMap((pack) => [...pack.confirmed, ...pack.possible]));
    const first = sent.findLast((pack) => pack.company_no === companyNo)?.sent_on ?? null;
    return { isTold: [...confirmed, ...possible].every((no) => people.has(no)), isPrompt: first !== null && first <= until };
  });
  return {
    companies: told.length,
    told: told.filter(({ isTold }) => isTold).length,
    own: found.own,
    isPrompt: told.every(({ isTold, isPrompt }) => !isTold || isPrompt),
  };
}
