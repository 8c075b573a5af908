import { randomUUID } from "node:crypto";
import { actAs, SealedRecord, tokensAfterMove, type Context, type Storehouse } from "#server/core/door/index.ts";
import { BlobRejected, KeyErased } from "#server/core/vault/index.ts";

interface Row {
  no: number;
  owner_no: number | null;
  cell_no: number | null;
  version: number;
  sealed_open: Buffer | null;
  sealed_internal: Buffer | null;
  sealed_personal: Buffer | null;
  sealed_sensitive: Buffer | null;
}

const blobs = "version, sealed_open, sealed_internal, sealed_personal, sealed_sensitive";
const kinds = {
  customer: { columns: `customer_no as no, owner_no, cell_no, ${blobs}`, table: "customers", search: "customer_search", key: "customer_no" },
  company: { columns: `company_no as no, null as owner_no, null as cell_no, ${blobs}`, table: "companies", search: "company_search", key: "company_no" },
} as const;
const rowsAtOnce = 1_000;

/**
 * Fills the empty search tables from the sealed rows: the door opens, makes tokens and forgets. Rows in the trash have none.
 * One event a thousand rows. A row that cannot be opened is left without tokens and counted; the sweep of the ledger names it.
 */
export async function rebuildSearch(storehouse: Storehouse, onProgress?: (rows: number) => void): Promise<{ rows: number; unreadable: number }> {
  let rows = 0;
  let unreadable = 0;
  for (const kind of ["company", "customer"] as const) {
    for (let after: number | undefined = 0; after !== undefined;) {
      const from: number = after;
      const done = await actAs(storehouse, "system", "search.rebuilt", randomUUID(), (context) => rebuildPart(context, kind, from));
      after = done.last;
      rows += done.rows;
      unreadable += done.unreadable;
      onProgress?.(rows);
    }
  }
  return { rows, unreadable };
}

async function rebuildPart(
  context: Context,
  kind: "customer" | "company",
  after: number,
): Promise<{ last: number | undefined; rows: number; unreadable: number }> {
  const { columns, table, search, key } = kinds[kind];
  const rows = await context.db.query<Row>(`select ${columns} from ${table} where ${key} > $1 and state = 'active' order by ${key} limit ${rowsAtOnce}`, [
    after,
  ]);
  const numbers: number[] = [];
  const tokens: string[] = [];
  for (const row of rows) {
    const record = new SealedRecord({
      kind,
      no: row.no,
      ownerNo: row.owner_no,
      cellNo: row.cell_no,
      version: row.version,
      blobs: [row.sealed_open, row.sealed_internal, row.sealed_personal, row.sealed_sensitive],
    });
    try {
      const found = tokensAfterMove(context, record, record);
      numbers.push(row.no);
      tokens.push(`{${found.join(",")}}`);
    } catch (error) {
      if (!(error instanceof BlobRejected || error instanceof KeyErased)) throw error;
    }
  }
  await context.db.query(`insert into ${search} (${key}, tokens) select no, t.tokens::integer[] from unnest($1::integer[], $2::text[]) as t (no, tokens)`, [
    numbers,
    tokens,
  ]);
  const unreadable = rows.length - numbers.length;
  context.journal.fact("kind", kind);
  context.journal.fact("rows", numbers.length);
  context.journal.fact("unreadable", unreadable);
  return { last: rows.length < rowsAtOnce ? undefined : rows.at(-1)?.no, rows: numbers.length, unreadable };
}
