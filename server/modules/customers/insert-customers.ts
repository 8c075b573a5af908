import { rowHash, sealChanges, type Context } from "#server/core/door/index.ts";
import type { NewCustomer } from "./write-customer.ts";

/** Rows in one statement. */
const rowsAtOnce = 250;
/** Rows sealed before whoever else waits for this node gets a turn: some 4 ms. */
const rowsATurn = 50;

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
  const tokens: number[][] = [];
  let writing: Promise<unknown> = Promise.resolve();
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const part = numbers.slice(from, from + rowsAtOnce);
    const sealed: SealedRows = { columns: Array.from({ length: 8 }, () => []), tokens: [] };
    for (let at = from; at < from + part.length; at += rowsATurn) {
      const until = Math.min(at + rowsATurn, from + part.length);
      sealRows(context, rows.slice(at, until), numbers.slice(at, until), sealed);
      if (rows.length > rowsATurn) {
        await new Promise(setImmediate);
      }
    }
    tokens.push(...sealed.tokens);
    // PostgreSQL writes these while the next ones are being sealed.
    writing = writing.then(() => writeRows(context, part, sealed, options.indexed));
    writing.catch(() => undefined);
  }
  await writing;
  return { numbers, tokens };
}

interface SealedRows {
  /** Owner, cell, company, import and the four blobs, by column. */
  readonly columns: unknown[][];
  readonly tokens: number[][];
}

function sealRows(context: Context, rows: readonly NewCustomer[], numbers: readonly number[], { columns, tokens }: SealedRows): void {
  rows.forEach((row, index) => {
    const customerNo = numbers[index] as number;
    const { ownerNo, cellNo, companyNo } = row;
    const change = sealChanges(context, {
      kind: "customer",
      no: customerNo,
      ownerNo,
      cellNo,
      version: 1,
      former: null,
      values: row.values,
      withoutFacts: true,
    });
    [ownerNo, cellNo, companyNo, row.importNo ?? null, ...change.blobs].forEach((value, column) => columns[column]?.push(value));
    tokens.push(change.tokens);
    context.journal.wrote(
      "customer",
      customerNo,
      rowHash({ kind: "customer", no: customerNo, version: 1, state: "active", ownerNo, cellNo, companyNo, blobs: change.blobs }),
      { ownerNo, cellNo },
    );
  });
}

async function writeRows(context: Context, numbers: readonly number[], { columns, tokens }: SealedRows, isIndexed: boolean): Promise<void> {
  await context.db.query(
    `insert into customers (customer_no, owner_no, cell_no, company_no, version, import_no, sealed_open, sealed_internal, sealed_personal, sealed_sensitive, created_at, updated_at)
     overriding system value
     select no, owner, cell, company, 1, import, o, i, p, s, $10, $10
       from unnest($1::integer[], $2::integer[], $3::integer[], $4::integer[], $5::integer[], $6::bytea[], $7::bytea[], $8::bytea[], $9::bytea[])
         as t (no, owner, cell, company, import, o, i, p, s)`,
    [numbers, ...columns, context.now],
    "customers-insert",
  );
  if (!isIndexed) {
    return;
  }
  await context.db.query(
    "insert into customer_search (customer_no, tokens) select no, t.tokens::integer[] from unnest($1::integer[], $2::text[]) as t (no, tokens)",
    [numbers, tokens.map((list) => `{${list.join(",")}}`)],
    "customers-search-insert",
  );
}
