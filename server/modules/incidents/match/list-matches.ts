import { confirming, sealed, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { classesOf, listCustomers } from "#server/modules/customers/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as contract from "#shared/incident-match.ts";
import { listedKeys, type ListedReason } from "#shared/incident-match.ts";
import { countUndecided, demandMatch, matchesOf, textOfMatch, type MatchedRow } from "./match-records.ts";

export async function listMatches(context: Context, input: Input<typeof contract.listMatches>): Promise<Draft<ReplyOf<typeof contract.listMatches>>> {
  const { incidentNo } = input.params;
  context.journal.fact("incidentNo", incidentNo);
  return { matches: await matchesOf(context, incidentNo), undecided: await countUndecided(context, incidentNo) };
}

/** The fields of a record of which a reason tells something. */
const fieldsOfSign: Readonly<Record<string, readonly string[]>> = {
  name: ["fullName", "kana"],
  mail: ["mail"],
  phone: ["phone", "mobile"],
  "member-number": ["memberNumber"],
  address: ["address"],
  company: ["companyName"],
  "birth-date": ["birthDate"],
};
const fieldsTold = (reasons: readonly ListedReason[]): string[] => [
  ...new Set(reasons.flatMap((reason) => fieldsOfSign[reason.replace(/^[a-z]+-/, "")] ?? [])),
];

export async function listMatchRows(context: Context, input: Input<typeof contract.listMatchRows>): Promise<Draft<ReplyOf<typeof contract.listMatchRows>>> {
  const { incidentNo, matchNo } = input.params;
  const { outcome, isUndecided, offset, limit } = input.body;
  await demandMatch(context, incidentNo, matchNo);
  const open = isUndecided === true ? "and chosen is null" : "";
  const [count] = await context.db.query<{ total: number }>(
    `select count(*)::integer as total from incident_match_rows where match_no = $1 and outcome = $2 ${open}`,
    [matchNo, outcome],
  );
  const rows = await context.db.query<MatchedRow>(
    `select row_no, outcome, sealed_listed, keys, candidates, reasons, chosen from incident_match_rows
      where match_no = $1 and outcome = $2 ${open} order by row_no offset $3 limit $4`,
    [matchNo, outcome, offset, limit],
  );
  const shownOf = (row: MatchedRow): number[] => [...new Set([...row.candidates, ...(row.chosen ?? [])])];
  const customers = await listCustomers(context, [...new Set(rows.flatMap(shownOf))], classesOf(context, ["fullName", "companyName"]));
  const byNo = new Map(customers.map((customer) => [customer.customerNo, customer.record]));
  context.journal.fact("incidentNo", incidentNo);
  context.journal.fact("matchNo", matchNo);
  return {
    total: count?.total ?? 0,
    rows: rows.map((row) => ({
      row: row.row_no,
      outcome: row.outcome,
      listed: listedKeys.filter((key) => row.keys.includes(key)).map((key) => ({ key, text: textOfMatch(incidentNo, row.sealed_listed, key) })),
      candidates: shownOf(row).map((no) => {
        const record = byNo.get(no);
        const reasons = row.reasons[row.candidates.indexOf(no)] ?? [];
        return {
          customerNo: no,
          fullName: record === undefined ? null : sealed(record, "fullName"),
          companyName: record === undefined ? null : sealed(record, "companyName"),
          reasons: record === undefined ? [...reasons] : confirming(record, fieldsTold(reasons), [...reasons]),
          isChosen: row.chosen?.includes(no) === true,
        };
      }),
      isDecided: row.chosen !== null,
    })),
  };
}

export async function listMatchedPeople(
  context: Context,
  input: Input<typeof contract.listMatchedPeople>,
): Promise<Draft<ReplyOf<typeof contract.listMatchedPeople>>> {
  const { incidentNo, matchNo } = input.params;
  await demandMatch(context, incidentNo, matchNo);
  const [found] = await context.db.query<{ numbers: number[]; undecided: number }>(
    `select coalesce(array_agg(distinct no order by no) filter (where no is not null), '{}') as numbers,
            count(distinct row_no) filter (where outcome = 'ambiguous' and chosen is null)::integer as undecided
       from incident_match_rows left join lateral unnest(chosen) no on true where match_no = $1`,
    [matchNo],
  );
  context.journal.fact("incidentNo", incidentNo);
  context.journal.fact("matchNo", matchNo);
  return { customerNos: found?.numbers ?? [], undecided: found?.undecided ?? 0 };
}
