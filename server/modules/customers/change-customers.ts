import { rowHash, sealChanges, SealedRecord, tokensAfterMove, type Context } from "#server/core/door/index.ts";
import { everyClass, lockCustomers, type CustomerRow } from "./customer-records.ts";

/** What an act makes of one row. */
interface NewState {
  readonly row: CustomerRow;
  readonly state: "active" | "trashed";
  readonly companyNo: number | null;
  readonly blobs: readonly (Buffer | null)[];
  /** Absent: as they were. */
  readonly tokens?: readonly number[];
}

/** A row that {@link updateCustomers} changed: its blobs before, and its version now. */
export interface ChangedCustomer {
  readonly customerNo: number;
  readonly version: number;
  readonly formerBlobs: readonly (Buffer | null)[];
}

/**
 * Changes many active customers at once: locked in the order of their numbers, one statement a table, hash and before and
 * after of each in the journal. Rows out of reach, in the trash or without a real change are left alone.
 */
export async function updateCustomers(
  context: Context,
  changes: ReadonlyMap<number, { readonly values: Readonly<Record<string, string | null>>; readonly companyNo?: number }>,
  mayChange: (row: CustomerRow) => boolean,
): Promise<{ changed: ChangedCustomer[]; refused: Set<number> }> {
  const next: NewState[] = [];
  const fields = new Set<number>();
  const refused = new Set<number>();
  const rows = await lockCustomers(context, [...changes.keys()], everyClass);
  for (const row of rows) {
    const given = changes.get(row.customerNo);
    if (given === undefined || row.state !== "active") {
      continue;
    }
    if (!mayChange(row)) {
      refused.add(row.customerNo);
      continue;
    }
    const change = sealChanges(context, {
      kind: "customer",
      no: row.customerNo,
      ownerNo: row.ownerNo,
      cellNo: row.cellNo,
      version: row.version + 1,
      former: row.record,
      values: given.values,
    });
    const companyNo = given.companyNo ?? row.companyNo;
    if (change.changed.length === 0 && companyNo === row.companyNo) {
      context.journal.touched("customer", row.customerNo);
      continue;
    }
    change.changed.forEach((field) => fields.add(field.no));
    change.facts.forEach((fact) => context.journal.sealed(fact));
    next.push({ row, state: "active", companyNo, blobs: change.blobs, tokens: change.tokens });
  }
  await writeStates(context, next);
  if (fields.size > 0) {
    context.journal.fact(
      "fields",
      [...fields].toSorted((a, b) => a - b),
    );
  }
  return {
    changed: next.map(({ row }) => ({
      customerNo: row.customerNo,
      version: row.version + 1,
      formerBlobs: [...everyClass].map((fieldClass) => row.record.blobs[fieldClass] ?? null),
    })),
    refused,
  };
}

/** Gives customers back blobs that they had before, if they still stand in the given version; replies how many. */
export async function putBackCustomers(context: Context, former: ReadonlyMap<number, { version: number; blobs: readonly (Buffer | null)[] }>): Promise<number> {
  const rows = await lockCustomers(context, [...former.keys()], new Set());
  const next = rows.flatMap((row): NewState[] => {
    const given = former.get(row.customerNo);
    if (given === undefined || row.version !== given.version || row.state !== "active") {
      return [];
    }
    const record = new SealedRecord({
      kind: "customer",
      no: row.customerNo,
      ownerNo: row.ownerNo,
      cellNo: row.cellNo,
      version: row.version + 1,
      blobs: given.blobs,
    });
    return [{ row, state: "active", companyNo: row.companyNo, blobs: given.blobs, tokens: tokensAfterMove(context, record, row) }];
  });
  await writeStates(context, next);
  return next.length;
}

/**
 * Moves to the trash the next customers of an import that nobody has changed since (`corrected`: those that stand in another
 * version than the first by the import's own doing); replies how many.
 */
export async function trashImported(context: Context, importNo: number, corrected: readonly { no: number; version: number }[], most: number): Promise<number> {
  const found = await context.db.query<{ no: number }>(
    `select customer_no as no from customers
      where import_no = $1 and state = 'active' and (version = 1 or (customer_no, version) in (select * from unnest($3::integer[], $4::integer[])))
      order by customer_no limit $2 for update`,
    [importNo, most, corrected.map((one) => one.no), corrected.map((one) => one.version)],
  );
  const rows = await lockCustomers(
    context,
    found.map((row) => row.no),
    everyClass,
  );
  await writeStates(
    context,
    rows.map((row) => ({
      row,
      state: "trashed" as const,
      companyNo: row.companyNo,
      blobs: [...everyClass].map((fieldClass) => row.record.blobs[fieldClass] ?? null),
    })),
  );
  return rows.length;
}

async function writeStates(context: Context, states: readonly NewState[]): Promise<void> {
  if (states.length === 0) {
    return;
  }
  const numbers = states.map(({ row }) => row.customerNo);
  await context.db.query(
    `update customers c set version = c.version + 1, state = n.state, company_no = n.company, sealed_open = n.o, sealed_internal = n.i, sealed_personal = n.p, sealed_sensitive = n.s, updated_at = $8
       from unnest($1::integer[], $2::text[], $3::integer[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[]) as n (no, state, company, o, i, p, s)
      where c.customer_no = n.no`,
    [
      numbers,
      states.map(({ state }) => state),
      states.map(({ companyNo }) => companyNo),
      ...[...everyClass].map((fieldClass) => states.map(({ blobs }) => blobs[fieldClass])),
      context.now,
    ],
    "customers-change",
  );
  for (const { row, state, companyNo, blobs } of states) {
    context.journal.wrote(
      "customer",
      row.customerNo,
      rowHash({ kind: "customer", no: row.customerNo, version: row.version + 1, state, ownerNo: row.ownerNo, cellNo: row.cellNo, companyNo, blobs }),
    );
  }
  const trashed = states.filter(({ state }) => state === "trashed").map(({ row }) => row.customerNo);
  if (trashed.length > 0) {
    await context.db.query("delete from customer_search where customer_no = any($1)", [trashed], "customers-search-delete");
  }
  const indexed = states.filter(({ tokens }) => tokens !== undefined);
  if (indexed.length > 0) {
    await context.db.query(
      `update customer_search s set tokens = n.tokens::integer[] from unnest($1::integer[], $2::text[]) as n (no, tokens) where s.customer_no = n.no`,
      [indexed.map(({ row }) => row.customerNo), indexed.map(({ tokens }) => `{${(tokens ?? []).join(",")}}`)],
      "customers-search-change",
    );
  }
}
