import { isVisible, relationOf } from "#server/core/access/compile.ts";
import { fieldOf } from "#server/core/access/policy.ts";
import { SealedRecord, type Context } from "#server/core/door/index.ts";
import { fieldClasses } from "#shared/rights.ts";
import { Problem } from "#shared/problems.ts";
import type { RowFilters } from "./list/resolve-filters.ts";
import { framesOf, readFrames, type PackedRow } from "./packed-rows.ts";

/** A customer's row: clear facts, and the sealed record that only the door opens. */
export interface CustomerRow {
  readonly customerNo: number;
  readonly ownerNo: number | null;
  readonly cellNo: number;
  readonly companyNo: number | null;
  readonly state: "active" | "trashed" | "merged";
  readonly version: number;
  /** The customer that this one was merged into. */
  readonly mergedInto: number | null;
  /** 利用停止: kept, and used no more. */
  readonly isSuspended: boolean;
  readonly updatedAt: Date;
  readonly record: SealedRecord;
}

/** As a statement over {@link columnsFor} gives it. */
export interface StoredCustomer {
  customer_no: number;
  owner_no: number | null;
  cell_no: number;
  company_no: number | null;
  state: "active" | "trashed" | "merged";
  version: number;
  merged_into: number | null;
  is_suspended: boolean;
  updated_ms: number;
  /** Base64 of the blobs. */
  sealed_open?: string | null;
  sealed_internal?: string | null;
  sealed_personal?: string | null;
  sealed_sensitive?: string | null;
}

/** All four classes. */
export const everyClass: ReadonlySet<number> = new Set(fieldClasses.keys());

const sealedColumns = fieldClasses.map((name) => `sealed_${name}` as const);

/** Bytes come as hexadecimal by themselves: half again as long, and read at a third of the speed. */
const sealedAsText = sealedColumns.map((column) => `encode(${column}, 'base64') as ${column}`);

/** Milliseconds since 1970: parsing a time from text costs as much as opening a small blob. */
const updatedMs = "(extract(epoch from updated_at) * 1000)::float8 as updated_ms";

export function columnsFor(classes: ReadonlySet<number>): string {
  return [
    "customer_no",
    "owner_no",
    "cell_no",
    "company_no",
    "state",
    "version",
    "merged_into",
    "use_suspended_at is not null as is_suspended",
    updatedMs,
    ...sealedAsText.filter((_, index) => classes.has(index)),
  ].join(", ");
}

const placeOf = (row: Pick<StoredCustomer, "owner_no" | "cell_no">) => ({ ownerNo: row.owner_no, cellNo: row.cell_no });

function blobOf(text: string | null | undefined): Buffer | null {
  return text === null || text === undefined ? null : Buffer.from(text, "base64");
}

export function rowOf(row: StoredCustomer): CustomerRow {
  return {
    customerNo: row.customer_no,
    ownerNo: row.owner_no,
    cellNo: row.cell_no,
    companyNo: row.company_no,
    state: row.state,
    version: row.version,
    mergedInto: row.merged_into,
    isSuspended: row.is_suspended,
    updatedAt: new Date(row.updated_ms),
    record: new SealedRecord({
      kind: "customer",
      no: row.customer_no,
      ownerNo: row.owner_no,
      cellNo: row.cell_no,
      version: row.version,
      isSuspended: row.is_suspended,
      blobs: sealedColumns.map((column) => blobOf(row[column])),
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
  const held = sealedColumns.flatMap((column, place) => (classes.has(place) ? [{ column, place }] : []));
  const [row] = await context.db.query<{ frames: string | null }>(
    `select ${framesOf(held.map(({ column }) => column))} as frames from customers where customer_no = any($1)`,
    [numbers],
    `customers-${held.map(({ place }) => place).join("")}`,
  );
  const byNo = new Map<number, PackedRow>();
  for (const packed of readFrames(row?.frames ?? "", held.length)) byNo.set(packed.customerNo, packed);
  return numbers.flatMap((no) => {
    const packed = byNo.get(no);
    if (packed === undefined || !maySee(context, packed)) {
      return [];
    }
    const { updatedMs, blobs, ...clear } = packed;
    const byClass: (Buffer | null)[] = [null, null, null, null];
    for (const [at, { place }] of held.entries()) byClass[place] = blobs[at] ?? null;
    const { customerNo, ownerNo, cellNo, version, isSuspended } = clear;
    const record = new SealedRecord({ kind: "customer", no: customerNo, ownerNo, cellNo, version, isSuspended, blobs: byClass });
    return [{ ...clear, updatedAt: new Date(updatedMs), record }];
  });
}

/** Filters over clear columns, as SQL. The beginnings of the conditions tell them apart (names of prepared statements). */
export function filterConditions(filters: RowFilters, startAt: number, isEveryState = false): { conditions: string[]; values: unknown[] } {
  const conditions: string[] = [];
  const values: unknown[] = [];
  const add = (column: string, value: unknown): void => {
    if (value === null) {
      conditions.push(`${column} is null`);
    } else if (value !== undefined) {
      conditions.push(`${column} = $${startAt - 1 + values.push(value)}`);
    }
  };
  add("state", isEveryState ? undefined : (filters.state ?? "active"));
  add("owner_no", filters.ownerNo);
  add("cell_no", filters.cellNo);
  add("company_no", filters.companyNo);
  add("import_no", filters.importNo);
  if (filters.changedSince !== undefined) {
    conditions.push(`updated_at >= $${startAt - 1 + values.push(filters.changedSince)}`);
  }
  if (filters.among !== undefined) {
    conditions.push(`customer_no = any($${startAt - 1 + values.push(filters.among)}::integer[])`);
  }
  if (filters.alike !== undefined) {
    conditions.push(`((customer_no = any($${startAt - 1 + values.push(filters.alike)}::integer[])))`);
  }
  if (filters.mark === "suspended" || filters.mark === "not-suspended") {
    conditions.push(filters.mark === "suspended" ? "(use_suspended_at is not null)" : "use_suspended_at is null");
  }
  if (filters.atHand === "starred") {
    conditions.push("(customer_no in (select s.customer_no from starred_customers s))");
  }
  return { conditions, values };
}

/**
 * Candidates of a search behind the number `after`, those that the caller sees and the filters keep. `lastNo` is where to go
 * on, null when there are no more.
 */
export async function searchCandidates(
  context: Context,
  given: {
    terms: string;
    after: number;
    most: number;
    filters: RowFilters;
    classes: ReadonlySet<number>;
  },
): Promise<{ rows: CustomerRow[]; lastNo: number | null }> {
  const { conditions, values } = filterConditions(given.filters, 4);
  const rows = await context.db.query<StoredCustomer & { candidate: number; customer_no: number | null }>(
    `select k.no as candidate, ${columnsFor(given.classes)}
       from search_customers($1, $2, $3) k (no) left join customers c on c.customer_no = k.no and ${conditions.join(" and ")}
      order by k.no`,
    [given.terms, given.after, given.most, ...values],
    `search-${[...given.classes].toSorted().join("")}-${conditions.map((text) => `${text.slice(0, 2)}${text.endsWith("null") ? "0" : ""}`).join("")}`,
  );
  return {
    rows: rows.filter((row) => row.customer_no !== null && maySee(context, placeOf(row))).map(rowOf),
    lastNo: rows.length < given.most ? null : (rows.at(-1)?.candidate ?? null),
  };
}

/** As {@link listCustomers}, locked for a change in the order of their numbers, so that nobody waits in a circle. */
export async function lockCustomers(context: Context, numbers: readonly number[], classes: ReadonlySet<number>): Promise<CustomerRow[]> {
  if (numbers.length === 0) {
    return [];
  }
  const rows = await context.db.query<StoredCustomer>(
    `select ${columnsFor(classes)} from customers where customer_no = any($1) order by customer_no for update`,
    [numbers],
    `customers-lock-${[...classes].toSorted().join("")}`,
  );
  return rows.filter((row) => maySee(context, placeOf(row))).map(rowOf);
}

/** Row-level security has filtered already; this is the policy's own word on it. */
function maySee(context: Context, row: { readonly ownerNo: number | null; readonly cellNo: number }): boolean {
  const { actor } = context;
  return actor.principal !== "account" || isVisible(actor.rights, "customer", relationOf(actor.rights, row));
}

/**
 * One customer for reading or for changing. `lock` holds the row until the end of the transaction.
 * @throws Problem not-found: no such customer, or outside what the caller sees
 */
export async function customerFor(context: Context, customerNo: number, lock: "read" | "change" = "read"): Promise<CustomerRow & { readonly createdAt: Date }> {
  const [row] = await context.db.query<StoredCustomer & { created_ms: number }>(
    `select ${columnsFor(everyClass)}, (extract(epoch from created_at) * 1000)::float8 as created_ms
       from customers where customer_no = $1${lock === "change" ? " for update" : ""}`,
    [customerNo],
    `customer-${lock}`,
  );
  if (row === undefined || !maySee(context, placeOf(row))) {
    throw new Problem("not-found");
  }
  return { ...rowOf(row), createdAt: new Date(row.created_ms) };
}
