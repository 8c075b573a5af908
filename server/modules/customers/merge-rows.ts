import { isVisible, unrelated } from "#server/core/access/compile.ts";
import { queryOver, rowHash, SealedRecord, type Context } from "#server/core/door/index.ts";
import { fieldClasses } from "#shared/rights.ts";
import { everyClass, listCustomers, lockCustomers, type CustomerRow } from "./customer-records.ts";
import { lockHashedRows, tableOf, type HashedKind } from "./list-hashed-rows.ts";

/** A customer or company as merging sees it. */
export interface MergeRow {
  readonly no: number;
  readonly state: "active" | "trashed" | "merged";
  readonly version: number;
  readonly mergedInto: number | null;
  readonly companyNo: number | null;
  readonly updatedAt: Date;
  readonly record: SealedRecord;
}

/** What a merge, or taking it back, makes of a row. */
export interface MergedState {
  readonly row: MergeRow;
  /** The row that it goes into; null: it stands for itself. */
  readonly into: number | null;
  readonly companyNo: number | null;
  readonly blobs: readonly (Buffer | null | undefined)[];
  /** Of the blind index; null where the row is to be found by nobody. */
  readonly tokens: readonly number[] | null;
}

/** Rows that the caller sees, in the order of `numbers`. */
export async function readForMerge(context: Context, kind: HashedKind, numbers: readonly number[]): Promise<MergeRow[]> {
  const rows = kind === "customer" ? (await listCustomers(context, numbers, everyClass)).map(rowOfCustomer) : await companies(context, numbers, "");
  return numbers.flatMap((no) => rows.find((row) => row.no === no) ?? []);
}

/** As {@link readForMerge}, locked for a change in the order of their numbers. */
export async function lockForMerge(context: Context, kind: HashedKind, numbers: readonly number[]): Promise<MergeRow[]> {
  return kind === "customer" ? (await lockCustomers(context, numbers, everyClass)).map(rowOfCustomer) : companies(context, numbers, " for update");
}

function rowOfCustomer({ customerNo, state, version, mergedInto, companyNo, updatedAt, record }: CustomerRow): MergeRow {
  return { no: customerNo, state, version, mergedInto, companyNo, updatedAt, record };
}

interface CompanyRow {
  no: number;
  state: MergeRow["state"];
  version: number;
  merged_into: number | null;
  updated_at: Date;
  sealed_open: Buffer | null;
  sealed_internal: Buffer | null;
  sealed_personal: Buffer | null;
  sealed_sensitive: Buffer | null;
}

async function companies(context: Context, numbers: readonly number[], lock: "" | " for update"): Promise<MergeRow[]> {
  if (context.actor.principal === "account" && !isVisible(context.actor.rights, "company", unrelated)) {
    return [];
  }
  const rows = await context.db.query<CompanyRow>(
    `select company_no as no, state, version, merged_into, updated_at, sealed_open, sealed_internal, sealed_personal, sealed_sensitive
       from companies where company_no = any($1) order by company_no${lock}`,
    [numbers],
  );
  return rows.map((row) => ({
    no: row.no,
    state: row.state,
    version: row.version,
    mergedInto: row.merged_into,
    companyNo: null,
    updatedAt: row.updated_at,
    record: new SealedRecord({
      kind: "company",
      no: row.no,
      ownerNo: null,
      cellNo: null,
      version: row.version,
      blobs: fieldClasses.map((name) => row[`sealed_${name}`]),
    }),
  }));
}

/** Writes what became of locked rows: row, index and hash of each, with a new version. */
export async function writeMerged(context: Context, kind: HashedKind, states: readonly MergedState[]): Promise<void> {
  const numbers = states.map(({ row }) => row.no);
  const company = kind === "customer" ? ", company_no = n.company" : "";
  await context.db.query(
    `update ${tableOf[kind]} r set version = r.version + 1, updated_at = $2, state = case when n.goes_into is null then 'active' else 'merged' end,
            merged_into = n.goes_into, sealed_open = n.o, sealed_internal = n.i, sealed_personal = n.p, sealed_sensitive = n.s${company}
       from unnest($1::integer[], $3::integer[], $4::integer[], $5::bytea[], $6::bytea[], $7::bytea[], $8::bytea[]) as n (no, goes_into, company, o, i, p, s)
      where r.${kind}_no = n.no`,
    [
      numbers,
      context.now,
      states.map(({ into }) => into),
      states.map(({ companyNo }) => companyNo),
      ...fieldClasses.map((_, index) => states.map(({ blobs }) => blobs[index] ?? null)),
    ],
  );
  for (const { row, into, companyNo, blobs } of states) {
    const { ownerNo, cellNo, isSuspended } = row.record;
    context.journal.wrote(
      kind,
      row.no,
      rowHash({
        kind,
        no: row.no,
        version: row.version + 1,
        state: into === null ? "active" : "merged",
        ownerNo,
        cellNo,
        companyNo,
        isSuspended,
        mergedInto: into,
        blobs: fieldClasses.map((_, index) => blobs[index] ?? null),
      }),
    );
  }
  await context.db.query(`delete from ${kind}_search where ${kind}_no = any($1)`, [numbers]);
  const indexed = states.filter(({ tokens }) => tokens !== null);
  if (indexed.length > 0) {
    await context.db.query(
      `insert into ${kind}_search (${kind}_no, tokens) select no, t.tokens::integer[] from unnest($1::integer[], $2::text[]) as t (no, tokens)`,
      [indexed.map(({ row }) => row.no), indexed.map(({ tokens }) => `{${(tokens ?? []).join(",")}}`)],
    );
  }
}

/**
 * Gives customers another company, whatever their state; their version stays, because nothing that anybody edits changed. For
 * the house itself: customers of every department. Replies the numbers that moved.
 */
export async function moveToCompanies(context: Context, moves: ReadonlyMap<number, { readonly from: number; readonly to: number }>): Promise<number[]> {
  const rows = (await lockHashedRows(queryOver(context.db), "customer", [...moves.keys()], true)).filter((row) => moves.get(row.no)?.from === row.companyNo);
  await context.db.query(
    "update customers c set company_no = n.company from unnest($1::integer[], $2::integer[]) as n (no, company) where c.customer_no = n.no",
    [rows.map((row) => row.no), rows.map((row) => moves.get(row.no)?.to)],
  );
  for (const row of rows) {
    context.journal.wrote("customer", row.no, rowHash({ ...row, companyNo: moves.get(row.no)?.to ?? null }));
  }
  return rows.map((row) => row.no);
}
