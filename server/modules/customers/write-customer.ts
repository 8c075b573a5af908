import { relationOf } from "#server/core/access/compile.ts";
import { mayWriteSome } from "./may-write.ts";
import { gainsByMove } from "#server/core/access/gains-by-move.ts";
import { rowHash, sealChanges, sealChangesFrom, tokensAfterMove, type Context, type Draft, type Input, type SealedChange } from "#server/core/door/index.ts";
import type { changeCustomer as changeEndpoint, createCustomer as createEndpoint } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { fieldClasses } from "#shared/rights.ts";
import { Problem } from "#shared/problems.ts";
import { companyFor } from "./change-company.ts";
import { beyondScope } from "./beyond-scope.ts";
import type { CustomerChange } from "./change-customers.ts";
import { demandRequired } from "./demand-required.ts";
import { customerFor, type CustomerRow } from "./customer-records.ts";

/** A customer as it goes into its row. */
export interface NewCustomer {
  readonly ownerNo: number | null;
  readonly cellNo: number;
  readonly companyNo: number | null;
  readonly values: Readonly<Record<string, string | null>>;
  readonly importNo?: number;
}

/** Creates a customer: its row, its tokens and its hash in the journal. */
export async function insertCustomer(context: Context, given: NewCustomer): Promise<{ customerNo: number; version: number }> {
  const [next] = await context.db.query<{ no: number }>(
    "select nextval(pg_get_serial_sequence('customers', 'customer_no'))::integer as no",
    [],
    "customer-number",
  );
  const customerNo = (next as { no: number }).no;
  const change = sealChanges(context, {
    kind: "customer",
    no: customerNo,
    ownerNo: given.ownerNo,
    cellNo: given.cellNo,
    version: 1,
    former: null,
    values: given.values,
  });
  await context.db.query(
    `insert into customers (customer_no, owner_no, cell_no, company_no, version, import_no, sealed_open, sealed_internal, sealed_personal, sealed_sensitive, created_at, updated_at)
     overriding system value values ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9, $10, $10)`,
    [customerNo, given.ownerNo, given.cellNo, given.companyNo, given.importNo ?? null, ...change.blobs, context.now],
    "customer-insert",
  );
  await context.db.query("insert into customer_search (customer_no, tokens) values ($1, $2)", [customerNo, change.tokens], "customer-search-insert");
  note(context, customerNo, { ...given, version: 1, state: "active", blobs: change.blobs }, change, true);
  return { customerNo, version: 1 };
}

export async function createCustomer(context: Context, input: Input<typeof createEndpoint>): Promise<Draft<ReplyOf<typeof createEndpoint>>> {
  const accountNo = context.actor.accountNo;
  const cellNo = input.body.cellNo ?? context.actor.cells[0];
  if (cellNo === undefined) {
    throw new Problem("invalid-input", { field: "cellNo" });
  }
  if (Object.values(input.body.values).every((value) => value === null || value.trim() === "")) {
    throw new Problem("invalid-input", { field: "values" });
  }
  demandRequired(context, "customer", { ownerNo: accountNo, cellNo }, input.body.values, true);
  if (!context.actor.cells.includes(cellNo) && accountNo !== null) {
    throw new Problem("not-permitted", { field: "cellNo" });
  }
  if (input.body.companyNo !== undefined && input.body.companyNo !== null) {
    await companyFor(context, input.body.companyNo);
  }
  return insertCustomer(context, { ownerNo: accountNo, cellNo, companyNo: input.body.companyNo ?? null, values: input.body.values });
}

export async function changeCustomer(context: Context, input: Input<typeof changeEndpoint>): Promise<Draft<ReplyOf<typeof changeEndpoint>>> {
  const { body } = input;
  const row = await customerFor(context, input.params.customerNo, "change");
  if (row.version !== body.version || row.state !== "active") {
    throw new Problem("conflict", { version: row.version });
  }
  demandRequired(context, "customer", row, body.values ?? {}, false);
  return updateCustomer(context, row, {
    values: body.values ?? {},
    ...(body.ownerNo === undefined ? {} : { ownerNo: body.ownerNo }),
    ...(body.cellNo === undefined ? {} : { cellNo: body.cellNo }),
    ...(body.companyNo === undefined ? {} : { companyNo: body.companyNo }),
  });
}

/** Changes a locked row. Owner and department decide who reads it, so a move that gives the mover more is refused. */
export async function updateCustomer(context: Context, row: CustomerRow, given: CustomerChange): Promise<{ customerNo: number; version: number }> {
  const ownerNo = given.ownerNo === undefined ? row.ownerNo : given.ownerNo;
  const cellNo = given.cellNo ?? row.cellNo;
  const moves = ownerNo !== row.ownerNo || cellNo !== row.cellNo;
  const companyNo = given.companyNo === undefined ? row.companyNo : given.companyNo;
  const joins = companyNo !== row.companyNo;
  if (joins) {
    await demandCompany(context, row, companyNo);
  }
  if (moves) {
    demandMove(context, row, { ownerNo, cellNo });
  }
  const version = row.version + 1;
  const about = { kind: "customer", no: row.customerNo, ownerNo, cellNo, version, former: row.record } as const;
  const change = given.from === undefined ? sealChanges(context, { ...about, values: given.values ?? {} }) : sealChangesFrom(context, about, given.from);
  if (change.changed.length === 0 && !moves && !joins) {
    context.journal.touched("customer", row.customerNo);
    return { customerNo: row.customerNo, version: row.version };
  }
  const write = (): Promise<unknown> =>
    context.db.query(
      `update customers set owner_no = $2, cell_no = $3, version = $4, sealed_open = $5, sealed_internal = $6, sealed_personal = $7, sealed_sensitive = $8, updated_at = $9, company_no = $10
      where customer_no = $1`,
      [row.customerNo, ownerNo, cellNo, version, ...change.blobs, context.now, companyNo],
      "customer-update",
    );
  await (moves ? beyondScope(context, write) : write());
  const tokens = moves && change.changed.length === 0 ? tokensAfterMove(context, row.record, { ownerNo, cellNo }) : change.tokens;
  await context.db.query("update customer_search set tokens = $2 where customer_no = $1", [row.customerNo, tokens], "customer-search-update");
  if (moves) {
    context.journal.fact("owner", ownerNo);
    context.journal.fact("cell", cellNo);
    context.journal.fact("formerOwner", row.ownerNo);
    context.journal.fact("formerCell", row.cellNo);
  }
  if (joins) {
    context.journal.fact("company", companyNo);
    context.journal.fact("formerCompany", row.companyNo);
  }
  note(context, row.customerNo, { ownerNo, cellNo, companyNo, version, state: row.state, isSuspended: row.isSuspended, blobs: change.blobs }, change, moves);
  return { customerNo: row.customerNo, version };
}

/** Joining a company, or leaving one, changes no field: whoever may write something of this row may do it. */
async function demandCompany(context: Context, row: CustomerRow, companyNo: number | null): Promise<void> {
  if (context.actor.principal === "account" && !mayWriteSome(context.actor.rights, relationOf(context.actor.rights, row.record))) {
    throw new Problem("not-permitted", { field: "companyNo" });
  }
  if (companyNo !== null) {
    await companyFor(context, companyNo);
  }
  context.journal.fact("company", companyNo);
  context.journal.fact("formerCompany", row.companyNo);
}

function demandMove(context: Context, row: CustomerRow, to: { ownerNo: number | null; cellNo: number }): void {
  const { actor } = context;
  if (actor.principal !== "account") {
    return;
  }
  const from = relationOf(actor.rights, row.record);
  if (!mayWriteSome(actor.rights, from)) {
    throw new Problem("not-permitted", { field: "ownerNo" });
  }
  if (gainsByMove(actor.rights, "customer", from, relationOf(actor.rights, to))) {
    throw new Problem("not-permitted", { field: "ownerNo" });
  }
}

/** Moves a customer to the trash, on the actor's word alone, or out of it. Its tokens go with it: a trashed customer is found by nobody. */
export async function setCustomerState(context: Context, row: CustomerRow, state: "active" | "trashed"): Promise<{ version: number }> {
  const version = row.version + 1;
  await context.db.query(
    "update customers set state = $2, version = $3, updated_at = $4, trashed_at = case when $2 = 'trashed' then $4::timestamptz end, trashed_by = case when $2 = 'trashed' then $5::integer end where customer_no = $1",
    [row.customerNo, state, version, context.now, context.actor.accountNo],
    "customer-state",
  );
  if (state === "trashed") {
    await context.db.query("delete from customer_search where customer_no = $1", [row.customerNo], "customer-search-delete");
  } else {
    const tokens = tokensAfterMove(context, row.record, row);
    await context.db.query("insert into customer_search (customer_no, tokens) values ($1, $2)", [row.customerNo, tokens], "customer-search-insert");
  }
  const blobs = fieldClasses.map((_, index) => row.record.blobs[index] ?? null);
  context.journal.wrote(
    "customer",
    row.customerNo,
    rowHash({
      kind: "customer",
      no: row.customerNo,
      version,
      state,
      ownerNo: row.ownerNo,
      cellNo: row.cellNo,
      companyNo: row.companyNo,
      isSuspended: row.isSuspended,
      blobs,
    }),
  );
  return { version };
}

function note(
  context: Context,
  customerNo: number,
  row: {
    ownerNo: number | null;
    cellNo: number;
    companyNo: number | null;
    version: number;
    state: string;
    isSuspended?: boolean;
    blobs: readonly (Buffer | null)[];
  },
  change: SealedChange,
  moved: boolean,
): void {
  const { journal } = context;
  const standing = moved ? { ownerNo: row.ownerNo, cellNo: row.cellNo } : undefined;
  journal.wrote("customer", customerNo, rowHash({ kind: "customer", no: customerNo, ...row }), standing);
  journal.fact("version", row.version);
  journal.fact(
    "fields",
    change.changed.map((field) => field.no),
  );
  for (const fact of change.facts) {
    journal.sealed(fact);
  }
}
