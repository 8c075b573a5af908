import { rowHash, sealChanges, type Context } from "#server/core/door/index.ts";
import type { NewCustomer } from "./write-customer.ts";

/**
 * Inserts many customers at once (an import, a generator): one statement a table, hashes in the journal, no before and
 * after (the staged source holds what was given). `indexed: false` leaves the tokens to the caller, who builds their part
 * of the index in bulk.
 */
export async function insertCustomers(
  context: Context,
  rows: readonly NewCustomer[],
  options: { indexed: boolean },
): Promise<{ numbers: number[]; tokens: number[][] }> {
  if (rows.length === 0) {
    return { numbers: [], tokens: [] };
  }
  const reserved = await context.db.query<{ no: number }>(
    "select nextval(pg_get_serial_sequence('customers', 'customer_no'))::integer as no from generate_series(1, $1)",
    [rows.length],
    "customer-numbers",
  );
  const numbers = reserved.map((row) => row.no);
  const columns: unknown[][] = Array.from({ length: 9 }, () => []);
  const tokens: number[][] = [];
  rows.forEach((row, index) => {
    const customerNo = numbers[index] as number;
    const change = sealChanges(context, {
      kind: "customer",
      no: customerNo,
      ownerNo: row.ownerNo,
      cellNo: row.cellNo,
      version: 1,
      former: null,
      values: row.values,
      withoutFacts: true,
    });
    [customerNo, row.ownerNo, row.cellNo, row.companyNo, row.importNo ?? null, ...change.blobs].forEach((value, column) => columns[column]?.push(value));
    tokens.push(change.tokens);
    context.journal.wrote(
      "customer",
      customerNo,
      rowHash({ kind: "customer", no: customerNo, version: 1, state: "active", ownerNo: row.ownerNo, cellNo: row.cellNo, companyNo: row.companyNo, blobs: change.blobs }),
    );
  });
  await context.db.query(
    `insert into customers (customer_no, owner_no, cell_no, company_no, version, import_no, sealed_open, sealed_internal, sealed_personal, sealed_sensitive, created_at, updated_at)
     overriding system value
     select no, owner, cell, company, 1, import, o, i, p, s, $10, $10
       from unnest($1::integer[], $2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::bytea[], $7::bytea[], $8::bytea[], $9::bytea[])
         as t (no, owner, cell, company, import, o, i, p, s)`,
    [...columns, context.now],
    "customers-insert",
  );
  if (options.indexed) {
    await context.db.query(
      "insert into customer_search (customer_no, tokens) select no, t.tokens::integer[] from unnest($1::integer[], $2::text[]) as t (no, tokens)",
      [numbers, tokens.map((list) => `{${list.join(",")}}`)],
      "customers-search-insert",
    );
  }
  return { numbers, tokens };
}
