import type { Context, Draft, Input } from "#server/core/door/index.ts";
import { nameRecords } from "#server/modules/customers/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { Consignor, ConsignorPack, listConsignors as endpoint } from "#shared/incident-consignors.ts";
import { findIncident, noteIncident } from "../case/incident-records.ts";
import { textOfIncident } from "../case/seal-incident-text.ts";
import { draftsOf } from "../drafts/draft-records.ts";
import { consignorsOfScope, exposedOf, type ConsignorsOfScope, type EntrustedPeople } from "./consignors-of-scope.ts";
import { packsOf, type PackRow } from "./pack-records.ts";
import { promptUntil } from "./told-consignors.ts";

export async function listConsignors(context: Context, { params }: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const incident = await findIncident(context, params.incidentNo);
  const found = await consignorsOfScope(context, incident.incident_no);
  const packs = await packsOf(context, incident.incident_no);
  // A company whose people are in the scope no more still has what it was told.
  const former = packs.filter((pack) => found?.companies.every(({ companyNo }) => companyNo !== pack.company_no) ?? true).map((pack) => pack.company_no);
  const companies: readonly EntrustedPeople[] = [
    ...(found?.companies ?? []),
    ...[...new Set(former)].map((companyNo) => ({ companyNo, confirmed: [], possible: [] })),
  ];
  const named = await nameRecords(context, { customers: [], companies: companies.map(({ companyNo }) => companyNo) });
  const names = new Map(named.companies.map(({ no, name }) => [no, name]));
  const approved = (await draftsOf(context, incident.incident_no, "consignor-notice")).find((row) => row.state === "approved");
  noteIncident(context, incident);
  context.journal.fact("consignors", companies.length);
  for (const { companyNo } of companies) context.journal.touched("company", companyNo);
  return {
    consignors: companies.map((company): Draft<Consignor> => ({
      companyNo: company.companyNo,
      name: names.get(company.companyNo) ?? null,
      confirmed: company.confirmed.length,
      possible: company.possible.length,
      ...figuresOf(context, found, company),
      packs: packs.filter((pack) => pack.company_no === company.companyNo).map((pack) => packOut(pack, company)),
    })),
    own: found?.own ?? 0,
    paper: approved === undefined ? null : { draftNo: approved.draft_no, version: approved.version },
    scope: found === null ? null : { runNo: found.scope.scope_no, isPending: found.scope.verification === "pending" },
    until: promptUntil(incident.known_at),
  };
}

export function figuresOf(context: Context, found: ConsignorsOfScope | null, company: EntrustedPeople): Pick<Consignor, "fields" | "firstAt" | "lastAt"> {
  const fields = new Map<string, number>();
  let [firstAt, lastAt]: [string | null, string | null] = [null, null];
  if (found === null) return { fields: [], firstAt, lastAt };
  for (const no of [...company.confirmed, ...company.possible]) {
    const exposed = exposedOf(context, found.tiers, no);
    for (const field of exposed.fields) fields.set(field, (fields.get(field) ?? 0) + 1);
    if (exposed.firstAt !== null && (firstAt === null || exposed.firstAt < firstAt)) firstAt = exposed.firstAt;
    if (exposed.lastAt !== null && (lastAt === null || exposed.lastAt > lastAt)) lastAt = exposed.lastAt;
  }
  return { fields: [...fields].map(([field, people]) => ({ field, people })).toSorted((a, b) => b.people - a.people), firstAt, lastAt };
}

function packOut(row: PackRow, company: EntrustedPeople): Draft<ConsignorPack> {
  const isSame = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((no, at) => no === b[at]);
  return {
    packNo: row.pack_no,
    state: row.state,
    version: row.version,
    runNo: row.scope_no,
    hasPossible: row.has_possible,
    confirmed: row.confirmed.length,
    possible: row.possible.length,
    madeAt: row.made_at.toISOString(),
    requestNo: row.request_no,
    approvedBy: row.approved_by,
    sentOn: row.sent_on,
    sentHow: row.sent_how,
    sentBy: row.sent_by,
    receipt: textOfIncident(row.incident_no, row.sealed_receipt, "receipt"),
    isStale: !isSame(row.confirmed, company.confirmed) || (row.has_possible && !isSame(row.possible, company.possible)),
  };
}
