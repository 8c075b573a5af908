import { relationOf } from "#server/core/access/compile.ts";
import { gainsByMove } from "#server/core/access/gains-by-move.ts";
import { rowHash, sealChanges, tokensAfterMove, type Context, type Draft, type Input, type SealedChange } from "#server/core/door/index.ts";
import type { changeCustomer as changeEndpoint, createCustomer as createEndpoint } from "#shared/customers.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { fieldClasses } from "#shared/rights.ts";
import { Problem } from "#shared/problems.ts";
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
  note(context, customerNo, { ...given, version: 1, state: "active", blobs: change.blobs }, change);
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
  if (!context.actor.cells.includes(cellNo) && accountNo !== null) {
    throw new Problem("not-permitted", { field: "cellNo" });
  }
  return insertCustomer(context, { ownerNo: accountNo, cellNo, companyNo: input.body.companyNo ?? null, values: input.body.values });
}

export async function changeCustomer(context: Context, input: Input<typeof changeEndpoint>): Promise<Draft<ReplyOf<typeof changeEndpoint>>> {
  const { body } = input;
  const row = await customerFor(context, input.params.customerNo, "change");
  if (row.version !== body.version || row.state !== "active") {
    throw new Problem("conflict", { version: row.version });
  }
  return updateCustomer(context, row, {
    values: body.values ?? {},
    ...(body.ownerNo === undefined ? {} : { ownerNo: body.ownerNo }),
    ...(body.cellNo === undefined ? {} : { cellNo: body.cellNo }),
  });
}

/** Changes a locked row. Owner and department decide who reads it, so a move that gives the mover more is refused. */
export async function updateCustomer(
  context: Context,
  row: CustomerRow,
  given: { values: Readonly<Record<string, string | null>>; ownerNo?: number | null; cellNo?: number },
): Promise<{ customerNo: number; version: number }> {
  const ownerNo = given.ownerNo === undefined ? row.ownerNo : given.ownerNo;
  const cellNo = given.cellNo ?? row.cellNo;
  const moves = ownerNo !== row.ownerNo || cellNo !== row.cellNo;
  if (moves) {
    demandMove(context, row, { ownerNo, cellNo });
  }
  const version = row.version + 1;
  const change = sealChanges(context, { kind: "customer", no: row.customerNo, ownerNo, cellNo, version, former: row.record, values: given.values });
  if (change.changed.length === 0 && !moves) {
    context.journal.touched("customer", row.customerNo);
    return { customerNo: row.customerNo, version: row.version };
  }
  await context.db.query(
    `update customers set owner_no = $2, cell_no = $3, version = $4, sealed_open = $5, sealed_internal = $6, sealed_personal = $7, sealed_sensitive = $8, updated_at = $9
      where customer_no = $1`,
    [row.customerNo, ownerNo, cellNo, version, ...change.blobs, context.now],
    "customer-update",
  );
  const tokens = moves && change.changed.length === 0 ? tokensAfterMove(context, row.record, { ownerNo, cellNo }) : change.tokens;
  await context.db.query("update customer_search set tokens = $2 where customer_no = $1", [row.customerNo, tokens], "customer-search-update");
  if (moves) {
    context.journal.fact("owner", ownerNo);
    context.journal.fact("cell", cellNo);
    context.journal.fact("formerOwner", row.ownerNo);
    context.journal.fact("formerCell", row.cellNo);
  }
  note(context, row.customerNo, { ownerNo, cellNo, companyNo: row.companyNo, version, state: row.state, blobs: change.blobs }, change);
  return { customerNo: row.customerNo, version };
}

function demandMove(context: Context, row: CustomerRow, to: { ownerNo: number | null; cellNo: number }): void {
  const { actor } = context;
  if (actor.principal !== "account") {
    return;
  }
  const from = relationOf(actor.rights, row.record);
  if (gainsByMove(actor.rights, "customer", from, relationOf(actor.rights, to))) {
    throw new Problem("not-permitted", { field: "ownerNo" });
  }
}

/** Moves a customer to the trash or out of it. Its tokens go with it: a trashed customer is found by nobody. */
export async function setCustomerState(context: Context, row: CustomerRow, state: "active" | "trashed"): Promise<{ version: number }> {
  const version = row.version + 1;
  await context.db.query(
    "update customers set state = $2, version = $3, updated_at = $4 where customer_no = $1",
    [row.customerNo, state, version, context.now],
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
    rowHash({ kind: "customer", no: row.customerNo, version, state, ownerNo: row.ownerNo, cellNo: row.cellNo, companyNo: row.companyNo, blobs }),
  );
  return { version };
}

function note(
  context: Context,
  customerNo: number,
  row: { ownerNo: number | null; cellNo: number; companyNo: number | null; version: number; state: string; blobs: readonly (Buffer | null)[] },
  change: SealedChange,
): void {
  const { journal } = context;
  journal.wrote("customer", customerNo, rowHash({ kind: "customer", no: customerNo, ...row }));
  journal.fact("version", row.version);
  journal.fact(
    "fields",
    change.changed.map((field) => field.no),
  );
  for (const fact of change.facts) {
    journal.sealed(fact);
  }
}
