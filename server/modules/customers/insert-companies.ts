import { rowHash, sealChanges, type Context } from "#server/core/door/index.ts";

/** Creates many companies at once, as {@link insertCustomers} does customers: hashes in the journal, no before and after. */
export async function insertCompanies(context: Context, rows: readonly Readonly<Record<string, string | null>>[], importNo: number | null): Promise<number[]> {
  if (rows.length === 0) {
    return [];
  }
  const reserved = await context.db.query<{ no: number }>(
    "select nextval(pg_get_serial_sequence('companies', 'company_no'))::integer as no from generate_series(1, $1)",
    [rows.length],
    "company-numbers",
  );
  const numbers = reserved.map((row) => row.no);
  const columns: unknown[][] = Array.from({ length: 4 }, () => []);
  const tokens: string[] = [];
  rows.forEach((values, index) => {
    const companyNo = numbers[index] as number;
    const change = sealChanges(context, { kind: "company", no: companyNo, ownerNo: null, cellNo: null, version: 1, former: null, values, withoutFacts: true });
    change.blobs.forEach((blob, column) => columns[column]?.push(blob));
    tokens.push(`{${change.tokens.join(",")}}`);
    context.journal.wrote(
      "company",
      companyNo,
      rowHash({ kind: "company", no: companyNo, version: 1, state: "active", ownerNo: null, cellNo: null, companyNo: null, blobs: change.blobs }),
    );
  });
  await context.db.query(
    `insert into companies (company_no, version, import_no, sealed_open, sealed_internal, sealed_personal, sealed_sensitive, created_at, updated_at)
     overriding system value
     select no, 1, $6, o, i, p, s, $7, $7 from unnest($1::integer[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[]) as t (no, o, i, p, s)`,
    [numbers, ...columns, importNo, context.now],
    "companies-insert",
  );
  await context.db.query(
    "insert into company_search (company_no, tokens) select no, t.tokens::integer[] from unnest($1::integer[], $2::text[]) as t (no, tokens)",
    [numbers, tokens],
    "companies-search-insert",
  );
  return numbers;
}
