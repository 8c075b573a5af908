import { isVisible, relationOf } from "#server/core/access/compile.ts";
import { fieldOf } from "#server/core/access/policy.ts";
import { SealedRecord, type Context } from "#server/core/door/index.ts";
import { fieldClasses } from "#shared/rights.ts";
import { Problem } from "#shared/problems.ts";

/** A customer's row: clear facts, and the sealed record that only the door opens. */
export interface CustomerRow {
  readonly customerNo: number;
  readonly ownerNo: number | null;
  readonly cellNo: number;
  readonly companyNo: number | null;
  readonly state: "active" | "trashed";
  readonly version: number;
  readonly updatedAt: Date;
  readonly record: SealedRecord;
}

interface Row {
  customer_no: number;
  owner_no: number | null;
  cell_no: number;
  company_no: number | null;
  state: "active" | "trashed";
  version: number;
  updated_ms: number;
  sealed_open?: Buffer | null;
  sealed_internal?: Buffer | null;
  sealed_personal?: Buffer | null;
  sealed_sensitive?: Buffer | null;
}

/** All four classes. */
export const everyClass: ReadonlySet<number> = new Set(fieldClasses.keys());

const sealedColumns = fieldClasses.map((name) => `sealed_${name}` as const);

/** Milliseconds since 1970: parsing a time from text costs as much as opening a small blob. */
const updatedMs = "(extract(epoch from updated_at) * 1000)::float8 as updated_ms";

function columnsFor(classes: ReadonlySet<number>): string {
  return ["customer_no", "owner_no", "cell_no", "company_no", "state", "version", updatedMs, ...sealedColumns.filter((_, index) => classes.has(index))].join(", ");
}

function rowOf(row: Row): CustomerRow {
  return {
    customerNo: row.customer_no,
    ownerNo: row.owner_no,
    cellNo: row.cell_no,
    companyNo: row.company_no,
    state: row.state,
    version: row.version,
    updatedAt: new Date(row.updated_ms),
    record: new SealedRecord({
      kind: "customer",
      no: row.customer_no,
      ownerNo: row.owner_no,
      cellNo: row.cell_no,
      version: row.version,
      blobs: sealedColumns.map((column) => row[column]),
    }),
  };
}

/** The classes whose blobs may hold the given fields: rights and economy withhold the ciphertext of the others. */
export function classesOf(context: Context, keys: readonly string[]): Set<number> {
  return new Set(keys.flatMap((key) => fieldOf(context.policy, "customer", key)?.storedClasses ?? []));
}

/** The customers among `numbers` that the caller sees, in the order of `numbers`. Only the given classes are fetched. */
export async function listCustomers(context: Context, numbers: readonly number[], classes: ReadonlySet<number>): Promise<CustomerRow[]> {
  if (numbers.length === 0) {
    return [];
  }
  const rows = await context.db.query<Row>(
    `select ${columnsFor(classes)} from customers where customer_no = any($1)`,
    [numbers],
    `customers-${[...classes].toSorted().join("")}`,
  );
  const byNo = new Map(rows.map((row) => [row.customer_no, row]));
  return numbers.flatMap((no) => {
    const row = byNo.get(no);
    return row === undefined || !maySee(context, row) ? [] : [rowOf(row)];
  });
}

/** As {@link listCustomers}, locked for a change in the order of their numbers, so that nobody waits in a circle. */
export async function lockCustomers(context: Context, numbers: readonly number[], classes: ReadonlySet<number>): Promise<CustomerRow[]> {
  if (numbers.length === 0) {
    return [];
  }
  const rows = await context.db.query<Row>(
    `select ${columnsFor(classes)} from customers where customer_no = any($1) order by customer_no for update`,
    [numbers],
    `customers-lock-${[...classes].toSorted().join("")}`,
  );
  return rows.filter((row) => maySee(context, row)).map(rowOf);
}

/** Row-level security has filtered already; this is the policy's own word on it. */
function maySee(context: Context, row: { owner_no: number | null; cell_no: number }): boolean {
  const { actor } = context;
  return (
    actor.principal !== "account" || isVisible(actor.rights, "customer", relationOf(actor.rights, { ownerNo: row.owner_no, cellNo: row.cell_no }))
  );
}

/**
 * One customer for reading or for changing. `lock` holds the row until the end of the transaction.
 * @throws Problem not-found: no such customer, or outside what the caller sees
 */
export async function customerFor(context: Context, customerNo: number, lock: "read" | "change" = "read"): Promise<CustomerRow & { readonly createdAt: Date }> {
  const [row] = await context.db.query<Row & { created_ms: number }>(
    `select ${columnsFor(everyClass)}, (extract(epoch from created_at) * 1000)::float8 as created_ms
       from customers where customer_no = $1${lock === "change" ? " for update" : ""}`,
    [customerNo],
    `customer-${lock}`,
  );
  if (row === undefined || !maySee(context, row)) {
    throw new Problem("not-found");
  }
  return { ...rowOf(row), createdAt: new Date(row.created_ms) };
}
