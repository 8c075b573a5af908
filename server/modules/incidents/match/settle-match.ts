import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { settleMatch as endpoint } from "#shared/incident-match.ts";
import { Problem } from "#shared/problems.ts";
import { demandMatch, matchesOf } from "./match-records.ts";

/**
 * The officer's word about rows: these customers, or nobody. It may be given again until the incident is closed.
 * @throws Problem not-found, conflict, invalid-input for a customer that there never was
 */
export async function settleMatch(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { db, journal, now, actor } = context;
  const { incidentNo, matchNo } = input.params;
  await demandMatch(context, incidentNo, matchNo, true);
  const [incident] = await db.query<{ closed_at: Date | null }>("select closed_at from incidents where incident_no = $1", [incidentNo]);
  if (incident?.closed_at !== null) throw new Problem("conflict", { reason: "incident-closed" });
  const named = [...new Set(input.body.rows.flatMap((row) => row.customerNos))];
  const there = await db.query("select customer_no from customers where customer_no = any($1)", [named]);
  if (there.length !== named.length) throw new Problem("invalid-input", { field: "customerNos" });
  const settled = await db.query(
    `update incident_match_rows r set chosen = t.chosen::integer[], decided_by = $4, decided_at = $5
       from unnest($2::integer[], $3::text[]) as t (row_no, chosen) where r.match_no = $1 and r.row_no = t.row_no returning r.row_no`,
    [
      matchNo,
      input.body.rows.map((row) => row.row),
      input.body.rows.map((row) => `{${[...new Set(row.customerNos)].toSorted((a, b) => a - b).join()}}`),
      actor.accountNo,
      now,
    ],
  );
  if (settled.length !== input.body.rows.length) throw new Problem("not-found");
  for (const no of named) journal.touched("customer", no);
  journal.touched("incident", incidentNo);
  journal.fact("incidentNo", incidentNo);
  journal.fact("matchNo", matchNo);
  journal.fact("rows", settled.length);
  const [list] = await matchesOf(context, incidentNo, matchNo);
  return list as NonNullable<typeof list>;
}
