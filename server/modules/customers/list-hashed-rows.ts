import type { HashedRow } from "#server/core/door/index.ts";
import type { Query } from "#server/core/ledger/index.ts";

/** Kinds whose rows carry their hash in the ledger. */
export const hashedKinds = ["customer", "company"] as const;
export type HashedKind = (typeof hashedKinds)[number];

interface Row {
  no: number;
  version: number;
  state: string;
  owner_no: number | null;
  cell_no: number | null;
  company_no: number | null;
  is_suspended: boolean;
  merged_into: number | null;
  sealed_open: Buffer | null;
  sealed_internal: Buffer | null;
  sealed_personal: Buffer | null;
  sealed_sensitive: Buffer | null;
}

const facts: Readonly<Record<HashedKind, string>> = {
  customer: "customer_no as no, version, state, owner_no, cell_no, company_no, use_suspended_at is not null as is_suspended, merged_into",
  company:
    "company_no as no, version, state, null::integer as owner_no, null::integer as cell_no, null::integer as company_no, false as is_suspended, merged_into",
};
export const tableOf: Readonly<Record<HashedKind, string>> = { customer: "customers", company: "companies" };

/** The next rows of a kind in the order of their numbers, in every state, as they are hashed into the ledger. Nothing is opened. */
export function listHashedRows(query: Query, kind: HashedKind, afterNo: number, limit: number): Promise<HashedRow[]> {
  return rowsWhere(query, kind, `${kind}_no > $1 order by ${kind}_no limit $2`, [afterNo, limit]);
}

/** Rows by their numbers, locked until the end of the transaction: waiting for whoever holds them, or leaving those out. */
export function lockHashedRows(query: Query, kind: HashedKind, numbers: readonly number[], wait: boolean): Promise<HashedRow[]> {
  return rowsWhere(query, kind, `${kind}_no = any($1) order by ${kind}_no for update${wait ? "" : " skip locked"}`, [numbers]);
}

async function rowsWhere(query: Query, kind: HashedKind, condition: string, values: unknown[]): Promise<HashedRow[]> {
  const { rows } = await query.query(
    `select ${facts[kind]}, sealed_open, sealed_internal, sealed_personal, sealed_sensitive from ${tableOf[kind]} where ${condition}`,
    values,
  );
  return (rows as unknown as Row[]).map((row) => ({
    kind,
    no: row.no,
    version: row.version,
    state: row.state,
    ownerNo: row.owner_no,
    cellNo: row.cell_no,
    companyNo: row.company_no,
    isSuspended: row.is_suspended,
    mergedInto: row.merged_into,
    blobs: [row.sealed_open, row.sealed_internal, row.sealed_personal, row.sealed_sensitive],
  }));
}

/** How many active customers the index misses, and how many others it still holds. */
export async function countIndexGaps(query: Query): Promise<{ missing: number; extra: number }> {
  const { rows } = await query.query(
    `select (select count(*) from customers c where c.state = 'active' and not exists (select from customer_search s where s.customer_no = c.customer_no)) as missing,
            (select count(*) from customer_search s where not exists (select from customers c where c.customer_no = s.customer_no and c.state = 'active')) as extra`,
  );
  return { missing: Number(rows[0]?.["missing"] ?? 0), extra: Number(rows[0]?.["extra"] ?? 0) };
}
