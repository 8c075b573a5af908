import { sealed, SealedRecord, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { nameCompanies as namesEndpoint, viewGroups as groupsEndpoint, viewNumbers as numbersEndpoint } from "#shared/working-list.ts";
import type { ViewCache } from "../view-cache.ts";
import { viewFor } from "../view-rows.ts";

const mostNumbers = 10_000;

/** The numbers of an opened list, for acting on all of it. */
export async function viewNumbers(context: Context, input: Input<typeof numbersEndpoint>, cache: ViewCache): Promise<Draft<ReplyOf<typeof numbersEndpoint>>> {
  const view = await viewFor(context, input.params.viewId, cache, mostNumbers);
  return { customerNos: [...view.numbers], isComplete: view.searchedTo === null };
}

/** How many customers of an opened list stand together in each company, in the order of the list. */
export async function viewGroups(context: Context, input: Input<typeof groupsEndpoint>, cache: ViewCache): Promise<Draft<ReplyOf<typeof groupsEndpoint>>> {
  const view = await viewFor(context, input.params.viewId, cache, mostNumbers);
  const rows = await context.db.query<{ company_no: number | null; customers: number }>(
    `select c.company_no, count(*)::integer as customers
       from unnest($1::integer[]) with ordinality v (no, place) left join customers c on c.customer_no = v.no
      group by c.company_no order by min(v.place)`,
    [[...view.numbers]],
  );
  return { groups: rows.map((row) => ({ companyNo: row.company_no, customers: row.customers })) };
}

/** Names of companies, as the caller's rights show them; one that is not there is left out. */
export async function nameCompanies(context: Context, input: Input<typeof namesEndpoint>): Promise<Draft<ReplyOf<typeof namesEndpoint>>> {
  const rows = await context.db.query<{
    company_no: number;
    version: number;
    sealed_open: Buffer | null;
    sealed_internal: Buffer | null;
    sealed_personal: Buffer | null;
    sealed_sensitive: Buffer | null;
  }>(
    `select company_no, version, sealed_open, sealed_internal, sealed_personal, sealed_sensitive
       from companies where company_no = any($1) order by company_no`,
    [input.body.companyNos],
  );
  return {
    companies: rows.map((row) => {
      const record = new SealedRecord({
        kind: "company",
        no: row.company_no,
        ownerNo: null,
        cellNo: null,
        version: row.version,
        blobs: [row.sealed_open, row.sealed_internal, row.sealed_personal, row.sealed_sensitive],
      });
      return { companyNo: row.company_no, companyName: sealed(record, "companyName") };
    }),
  };
}
