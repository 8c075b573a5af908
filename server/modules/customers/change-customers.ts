import {
  resealed,
  rowHash,
  sealChanges,
  sealChangesFrom,
  SealedRecord,
  tokensAfterMove,
  type Context,
  type SealedChange,
  type SealedSource,
} from "#server/core/door/index.ts";
import { beyondScope } from "./beyond-scope.ts";
import { everyClass, lockCustomers, type CustomerRow } from "./customer-records.ts";

/** What becomes of one customer; what is absent stays as it was. */
export interface CustomerChange {
  readonly values?: Readonly<Record<string, string | null>>;
  /** In place of `values`: values that stand sealed. */
  readonly from?: SealedSource;
  readonly ownerNo?: number | null;
  readonly cellNo?: number;
  readonly companyNo?: number | null;
}

/** What an act makes of one row. */
interface NewState {
  readonly row: CustomerRow;
  readonly state: CustomerRow["state"];
  readonly ownerNo: number | null;
  readonly cellNo: number;
  readonly companyNo: number | null;
  readonly blobs: readonly (Buffer | null)[];
  /** Absent: as they were. */
  readonly tokens?: readonly number[];
}

/** What a customer was before an act: enough to put it back. */
export interface FormerCustomer {
  readonly state: CustomerRow["state"];
  readonly ownerNo: number | null;
  readonly cellNo: number;
  readonly companyNo: number | null;
  readonly blobs: readonly (Buffer | null)[];
}

/** A row that was changed: what it was before, and its version now. */
export interface ChangedCustomer {
  readonly customerNo: number;
  readonly version: number;
  readonly former: FormerCustomer;
}

/**
 * Changes many active customers at once: locked in the order of their numbers, one statement a table, hash and before and
 * after of each in the journal. Rows out of reach, in the trash or without a real change are left alone.
 */
export async function updateCustomers(
  context: Context,
  changes: ReadonlyMap<number, CustomerChange>,
  mayChange: (row: CustomerRow) => boolean,
): Promise<{ changed: ChangedCustomer[]; refused: Set<number> }> {
  const refused = new Set<number>();
  const rows = (await lockCustomers(context, [...changes.keys()], everyClass)).filter((row) => {
    if (row.state === "active" && !mayChange(row)) {
      refused.add(row.customerNo);
    }
    return row.state === "active" && !refused.has(row.customerNo);
  });
  const { changed } = await changeLocked(context, rows, (row) => changes.get(row.customerNo) ?? {});
  return { changed, refused };
}

/** As {@link updateCustomers}, for rows that are locked and that the caller may change; replies too which stayed as they were. */
export async function changeLocked(
  context: Context,
  rows: readonly CustomerRow[],
  changeOf: (row: CustomerRow) => CustomerChange,
): Promise<{ changed: ChangedCustomer[]; stayed: number[] }> {
  const next: NewState[] = [];
  const stayed: number[] = [];
  const fields = new Set<number>();
  for (const row of rows) {
    const given = changeOf(row);
    const ownerNo = given.ownerNo === undefined ? row.ownerNo : given.ownerNo;
    const cellNo = given.cellNo ?? row.cellNo;
    const companyNo = given.companyNo === undefined ? row.companyNo : given.companyNo;
    const change = sealed(context, row, given, { ownerNo, cellNo });
    if (change.changed.length === 0 && companyNo === row.companyNo && ownerNo === row.ownerNo && cellNo === row.cellNo) {
      context.journal.touched("customer", row.customerNo);
      stayed.push(row.customerNo);
      continue;
    }
    change.changed.forEach((field) => fields.add(field.no));
    change.facts.forEach((fact) => context.journal.sealed(fact));
    next.push({ row, state: row.state, ownerNo, cellNo, companyNo, blobs: change.blobs, tokens: change.tokens });
  }
  await writeStates(context, next);
  if (fields.size > 0) {
    context.journal.fact(
      "fields",
      [...fields].toSorted((a, b) => a - b),
    );
  }
  return { changed: next.map(changedOf), stayed };
}

function sealed(context: Context, row: CustomerRow, given: CustomerChange, to: { ownerNo: number | null; cellNo: number }): SealedChange {
  const about = { kind: "customer", no: row.customerNo, ...to, version: row.version + 1, former: row.record } as const;
  return given.from === undefined ? sealChanges(context, { ...about, values: given.values ?? {} }) : sealChangesFrom(context, about, given.from);
}

/** Moves locked customers to the trash or out of it. `aloneBy`: on whose word alone they go to the trash, where it is one person's. */
export async function moveLocked(
  context: Context,
  rows: readonly CustomerRow[],
  state: "active" | "trashed",
  aloneBy: number | null = null,
): Promise<ChangedCustomer[]> {
  const next = rows.map((row): NewState => ({
    ...row,
    row,
    state,
    blobs: blobsOf(row),
    ...(state === "active" ? { tokens: tokensAfterMove(context, row.record, row) } : {}),
  }));
  await writeStates(context, next, aloneBy);
  return next.map(changedOf);
}

/** Makes customers again what they were, those that still stand in the given version; replies their numbers. */
export async function putBackCustomers(context: Context, former: ReadonlyMap<number, { version: number } & Partial<FormerCustomer>>): Promise<number[]> {
  const rows = await lockCustomers(context, [...former.keys()], everyClass);
  const next = rows.flatMap((row): NewState[] => {
    const given = former.get(row.customerNo);
    if (given === undefined || row.version !== given.version || (given.state === undefined && row.state !== "active")) {
      return [];
    }
    const state = given.state ?? row.state;
    const ownerNo = given.ownerNo === undefined ? row.ownerNo : given.ownerNo;
    const cellNo = given.cellNo ?? row.cellNo;
    const companyNo = given.companyNo === undefined ? row.companyNo : given.companyNo;
    const about = { kind: "customer", no: row.customerNo, ownerNo, cellNo, version: row.version + 1 } as const;
    const kept = given.blobs ?? blobsOf(row);
    // A field that was classed anew meanwhile goes to its present class, not back to its former one.
    const blobs = resealed(context, new SealedRecord({ ...about, blobs: kept }), about.version) ?? kept;
    const record = new SealedRecord({ ...about, blobs });
    return [
      { row, state, ownerNo, cellNo, companyNo, blobs, ...(state === "active" ? { tokens: tokensAfterMove(context, record, { ownerNo, cellNo }) } : {}) },
    ];
  });
  await writeStates(context, next);
  return next.map(({ row }) => row.customerNo);
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
  return (await moveLocked(context, rows, "trashed")).length;
}

function blobsOf(row: CustomerRow): (Buffer | null)[] {
  return [...everyClass].map((fieldClass) => row.record.blobs[fieldClass] ?? null);
}

function changedOf({ row }: NewState): ChangedCustomer {
  const { state, ownerNo, cellNo, companyNo } = row;
  return { customerNo: row.customerNo, version: row.version + 1, former: { state, ownerNo, cellNo, companyNo, blobs: blobsOf(row) } };
}

async function writeStates(context: Context, states: readonly NewState[], aloneBy: number | null = null): Promise<void> {
  if (states.length === 0) {
    return;
  }
  const moves = states.some(({ row, ownerNo, cellNo }) => ownerNo !== row.ownerNo || cellNo !== row.cellNo);
  await (moves ? beyondScope(context, () => updateRows(context, states, aloneBy)) : updateRows(context, states, aloneBy));
  for (const { row, state, ownerNo, cellNo, companyNo, blobs } of states) {
    context.journal.wrote(
      "customer",
      row.customerNo,
      rowHash({ kind: "customer", no: row.customerNo, version: row.version + 1, state, ownerNo, cellNo, companyNo, isSuspended: row.isSuspended, blobs }),
      ownerNo !== row.ownerNo || cellNo !== row.cellNo ? { ownerNo, cellNo } : undefined,
    );
  }
  await writeTokens(context, states);
}

async function updateRows(context: Context, states: readonly NewState[], aloneBy: number | null): Promise<void> {
  await context.db.query(
    `update customers c set version = c.version + 1, state = n.state, owner_no = n.owner, cell_no = n.cell, company_no = n.company,
            sealed_open = n.o, sealed_internal = n.i, sealed_personal = n.p, sealed_sensitive = n.s, updated_at = $10,
            trashed_at = case when n.state <> 'trashed' then null when c.state = 'trashed' then c.trashed_at else $10 end,
            trashed_by = case when n.state <> 'trashed' then null when c.state = 'trashed' then c.trashed_by else $11::integer end
       from unnest($1::integer[], $2::text[], $3::integer[], $4::integer[], $5::integer[], $6::bytea[], $7::bytea[], $8::bytea[], $9::bytea[])
         as n (no, state, owner, cell, company, o, i, p, s)
      where c.customer_no = n.no`,
    [
      states.map(({ row }) => row.customerNo),
      states.map(({ state }) => state),
      states.map(({ ownerNo }) => ownerNo),
      states.map(({ cellNo }) => cellNo),
      states.map(({ companyNo }) => companyNo),
      ...[...everyClass].map((fieldClass) => states.map(({ blobs }) => blobs[fieldClass])),
      context.now,
      aloneBy,
    ],
    "customers-change",
  );
}

/** A trashed customer is found by nobody; one that comes back is found again. */
async function writeTokens(context: Context, states: readonly NewState[]): Promise<void> {
  const trashed = states.filter(({ row, state }) => state === "trashed" && row.state !== "trashed").map(({ row }) => row.customerNo);
  if (trashed.length > 0) {
    await context.db.query("delete from customer_search where customer_no = any($1)", [trashed], "customers-search-delete");
  }
  // Two statements: the app may not read tokens, and taking in or replacing in one asks for that.
  const put = async (sql: string, name: string, indexed: readonly NewState[]): Promise<void> => {
    if (indexed.length > 0) {
      await context.db.query(sql, [indexed.map(({ row }) => row.customerNo), indexed.map(({ tokens }) => `{${(tokens ?? []).join(",")}}`)], name);
    }
  };
  const indexed = states.filter(({ state, tokens }) => tokens !== undefined && state === "active");
  await put(
    "update customer_search s set tokens = n.tokens::integer[] from unnest($1::integer[], $2::text[]) as n (no, tokens) where s.customer_no = n.no",
    "customers-search-change",
    indexed.filter(({ row }) => row.state === "active"),
  );
  await put(
    "insert into customer_search (customer_no, tokens) select no, tokens::integer[] from unnest($1::integer[], $2::text[]) as n (no, tokens)",
    "customers-search-restore",
    indexed.filter(({ row }) => row.state !== "active"),
  );
}
