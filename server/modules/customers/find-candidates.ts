import { identityFields, SealedRecord, type Context } from "#server/core/door/index.ts";
import { classesOf, listCustomers, type CustomerRow } from "./customer-records.ts";

/**
 * Active customers within scope that carry one of the tokens, with the classes of `keys` (by which persons are told apart,
 * unless told). Candidates only, `most` of them.
 */
export async function findCustomerCandidates(
  context: Context,
  tokens: readonly number[],
  { keys = identityFields, most }: { readonly keys?: readonly string[]; readonly most?: number } = {},
): Promise<CustomerRow[]> {
  if (tokens.length === 0) {
    return [];
  }
  const [found] = await context.db.query<{ numbers: number[] }>(
    "select array(select distinct find_customers_by_tokens($1) limit $2) as numbers",
    [tokens, most ?? null],
    "customer-candidates",
  );
  const rows = await listCustomers(context, found?.numbers ?? [], classesOf(context, keys));
  return rows.filter((row) => row.state === "active");
}

/**
 * Active customers within scope that answer to each of the terms (AND of OR of tokens, as of a search), `most` of each, and
 * the numbers by term. Candidates only.
 */
export async function findSimilarCustomers(
  context: Context,
  terms: readonly string[],
  given: { readonly keys: readonly string[]; readonly most: number },
): Promise<{ rows: CustomerRow[]; numbers: readonly (readonly number[])[] }> {
  const found = await context.db.query<{ numbers: number[] }>(
    "select array(select search_customers(t.terms, 0, $2)) as numbers from unnest($1::text[]) with ordinality t (terms, place) order by place",
    [terms, given.most],
  );
  const numbers = found.map((row) => row.numbers);
  const rows = await listCustomers(context, [...new Set(numbers.flat())], classesOf(context, given.keys));
  return { rows: rows.filter((row) => row.state === "active"), numbers };
}

/**
 * Active companies that carry one of the tokens, or all of one of the `beginnings` (at most 2,000 of these), as sealed records.
 * Candidates only.
 */
export async function findCompanyCandidates(
  context: Context,
  tokens: readonly number[],
  beginnings: readonly (readonly number[])[] = [],
): Promise<SealedRecord[]> {
  if (tokens.length === 0 && beginnings.length === 0) {
    return [];
  }
  const rows = await context.db.query<{
    company_no: number;
    version: number;
    sealed_open: Buffer | null;
    sealed_internal: Buffer | null;
    sealed_personal: Buffer | null;
    sealed_sensitive: Buffer | null;
  }>(
    `select company_no, version, sealed_open, sealed_internal, sealed_personal, sealed_sensitive from companies
      where company_no = any(array(select find_companies_by_tokens($1) union select search_companies($2, 0, 2000))) and state = 'active'`,
    [tokens, beginnings.map((set) => set.join(",")).join("|")],
    "company-candidates",
  );
  return rows.map(
    (row) =>
      new SealedRecord({
        kind: "company",
        no: row.company_no,
        ownerNo: null,
        cellNo: null,
        version: row.version,
        blobs: [row.sealed_open, row.sealed_internal, row.sealed_personal, row.sealed_sensitive],
      }),
  );
}
