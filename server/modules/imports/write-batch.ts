import { examineIdentities, identityTokens, type Context, type Storehouse } from "#server/core/door/index.ts";
import { addEntrusted, findCustomerCandidates, insertCustomers, updateCustomers, type CustomerRow, type NewCustomer } from "#server/modules/customers/index.ts";
import type { Mapping } from "#shared/imports.ts";
import { Problem } from "#shared/problems.ts";
import { actForImporter } from "./act-for-importer.ts";
import { advance } from "./advance.ts";
import { decideRows, type Decisions } from "./decide-rows.ts";
import { importFor } from "./import-records.ts";
import { defaultOwner, isAssignment, mayWriteField, type Place } from "./import-rights.ts";
import { keepRows, noteProblems, type NotedProblem } from "./note-problems.ts";
import type { PersonRow, PlannedBatch } from "./plan-batches.ts";
import { resolveAssignments, type Assignments } from "./resolve-assignments.ts";
import { resolveCompanies, type KnownCompanies } from "./resolve-companies.ts";

/** What a run carries from batch to batch. */
export interface Run {
  readonly importNo: number;
  readonly accountNo: number | null;
  readonly mapping: Mapping;
  readonly companies: KnownCompanies;
}

/**
 * Takes a batch into the store: one transaction, one event, and the place in the file up to which it has come. False when
 * another node has taken it in already, or the import does not run any more; nothing is written then.
 * @throws Problem not-permitted when the importer may not write such rows any more
 */
export async function writeBatch(storehouse: Storehouse, run: Run, batch: PlannedBatch): Promise<boolean> {
  let keep = (): void => undefined;
  const isDone = await actForImporter(storehouse, run.accountNo, "import.batch", async (context) => {
    const row = await importFor(context, run.importNo, "change");
    if (row.state !== "running" || row.cursor_row !== batch.after) {
      context.journal.fact("superseded", true);
      return false;
    }
    // What is written gathers beside the index and is moved into it at once, in the end.
    await context.db.query("select set_config('gin_pending_list_limit', '1GB', true)");
    const written = await writeRows(context, run, batch);
    keep = written.keep;
    await context.db.query("select settle_search()");
    await advance(context, row, { to: batch.to, rows: batch.rows.length }, { ...written.decisions.counts, ...written }, storehouse.clock());
    const { decisions, added, updated, companies } = written;
    for (const [name, value] of Object.entries({
      import: run.importNo,
      from: batch.after + 1,
      to: batch.to,
      added,
      updated,
      skipped: decisions.counts.skipped,
      companies,
    })) {
      context.journal.fact(name, value);
    }
    return true;
  });
  keep();
  return isDone;
}

interface Written {
  readonly decisions: Decisions;
  readonly added: number;
  readonly updated: number;
  readonly companies: number;
  readonly problems: number;
  readonly heldBack: number;
  readonly keep: () => void;
}

async function writeRows(context: Context, run: Run, batch: PlannedBatch): Promise<Written> {
  const { importNo, accountNo, mapping } = run;
  const keys = mapping.columns.flatMap(({ field }) => (field === null || isAssignment(field) ? [] : [field]));
  const placing = await preparePlacing(context, run, batch.rows, keys);
  const { known, isOfThisFile, isSuspended } = await findKnown(context, run, batch);
  const decisions = decideRows(batch.rows, batch.identities, mapping.duplicates, known, isOfThisFile, isSuspended);
  const { companies, created, keep } = await resolveCompanies(context, companyNames(decisions), { importNo, accountNo, known: run.companies });
  const companyOf = (values: Readonly<Record<string, string>>): number | null => {
    const name = values["companyName"];
    return name === undefined ? null : (companies.get(name) ?? null);
  };

  const problems: NotedProblem[] = [];
  const customers = new Map<number, number>();
  const rows = decisions.added.map((person): NewCustomer => {
    const { place, values } = placing(person.row, person.values, problems);
    return { ...place, companyNo: companyOf(values), values, importNo };
  });
  const { numbers } = await insertCustomers(context, rows, { indexed: true });
  decisions.added.forEach((person, index) => customers.set(person.row, numbers[index] as number));

  const refused = await writeUpdates(context, run, decisions, companyOf, keys);
  for (const [customerNo, { row }] of decisions.updates) {
    if (refused.has(customerNo)) {
      problems.push({ row, column: null, field: null, code: "duplicate-in-store", outcome: "row-skipped", value: "" });
    } else {
      customers.set(row, customerNo);
    }
  }
  if (typeof mapping.consignorNo === "number") {
    await addEntrusted(context, { companyNo: mapping.consignorNo, customerNos: [...new Set([...numbers, ...decisions.met])], importNo });
    context.journal.fact("consignor", mapping.consignorNo);
  }
  return {
    decisions,
    added: rows.length,
    updated: decisions.counts.updated - refused.size,
    companies: created,
    keep,
    ...(await noteAll(context, run, batch, decisions, problems, customers)),
  };
}

function companyNames({ added, updates }: Decisions): string[] {
  return [...added, ...updates.values()].flatMap(({ values }) => values["companyName"] ?? []);
}

/** Who of the store the rows of a batch may be. Looking them up touches the customers that are found. */
async function findKnown(
  context: Context,
  run: Run,
  { identities }: PlannedBatch,
): Promise<{ known: Map<string, number>; isOfThisFile: (customerNo: number) => boolean; isSuspended: (customerNo: number) => boolean }> {
  const candidates = await findCustomerCandidates(context, identityTokens(context, identities));
  const known = examineIdentities(
    context,
    candidates.map((row) => row.record),
    run.accountNo,
  );
  const ofThisFile = await context.db.query<{ no: number }>("select customer_no as no from customers where import_no = $1 and customer_no = any($2)", [
    run.importNo,
    candidates.map((row) => row.customerNo),
  ]);
  const numbers = new Set(ofThisFile.map((row) => row.no));
  const suspended = new Set(candidates.filter((row) => row.isSuspended).map((row) => row.customerNo));
  return { known, isOfThisFile: (customerNo) => numbers.has(customerNo), isSuspended: (customerNo) => suspended.has(customerNo) };
}

type Placing = (row: number, values: Readonly<Record<string, string>>, problems: NotedProblem[]) => { place: Place; values: Record<string, string> };

/** Where new rows stand: by the names in charge that they give, else where the mapping says. */
async function preparePlacing(context: Context, run: Run, rows: readonly PersonRow[], keys: readonly string[]): Promise<Placing> {
  const { accountNo, mapping } = run;
  const ownerNo = defaultOwner(context, accountNo, mapping.cellNo, keys);
  if (ownerNo === undefined) {
    throw new Problem("not-permitted");
  }
  const usual: Place = { ownerNo, cellNo: mapping.cellNo };
  const columnOf = (field: string): number | null => mapping.columns.find((column) => column.field === field)?.column ?? null;
  if (columnOf("owner") === null && columnOf("department") === null) {
    return (_row, values) => ({ place: usual, values: { ...values } });
  }
  const names = (key: string): Set<string> => new Set(rows.flatMap(({ values }) => values[key] ?? []));
  const assignments: Assignments = await resolveAssignments(context, accountNo, { owners: names("owner"), departments: names("department") });
  const allowed = new Map<string, boolean>();
  const isAllowed = (place: Place): boolean => {
    const name = `${place.ownerNo}.${place.cellNo}`;
    const known = allowed.get(name) ?? keys.every((key) => mayWriteField(context, accountNo, place, key));
    allowed.set(name, known);
    return known;
  };
  return (row, { owner, department, ...values }, problems) => {
    let place = usual;
    const assign = (field: "owner" | "department", name: string | undefined, to: Place | undefined): void => {
      if (name === undefined) {
        return;
      }
      if (to !== undefined && isAllowed(to)) {
        place = to;
      } else {
        problems.push({
          row,
          column: columnOf(field),
          field,
          code: field === "owner" ? "unknown-owner" : "unknown-department",
          outcome: "row-kept-value-held-back",
          value: name,
        });
      }
    };
    const cellNo = department === undefined ? undefined : assignments.cell(department);
    assign("department", department, cellNo === undefined ? undefined : { ...place, cellNo });
    const newOwner = owner === undefined ? undefined : assignments.owner(owner);
    assign("owner", owner, newOwner === undefined ? undefined : { ...place, ownerNo: newOwner });
    return { place, values };
  };
}

/** Overwrites what the file gives of customers that are there already. Replies those that the importer may not change. */
async function writeUpdates(
  context: Context,
  run: Run,
  { updates }: Decisions,
  companyOf: (values: Readonly<Record<string, string>>) => number | null,
  keys: readonly string[],
): Promise<Set<number>> {
  if (updates.size === 0) {
    return new Set();
  }
  const { importNo, accountNo } = run;
  const changes = new Map(
    [...updates].map(([customerNo, { values: given }]) => {
      const { owner: _owner, department: _department, ...values } = given;
      const companyNo = companyOf(values);
      return [customerNo, { values, ...(companyNo === null ? {} : { companyNo }) }];
    }),
  );
  // Whose use is suspended is left alone, whoever imports.
  const mayChange = (row: CustomerRow): boolean => !row.isSuspended && keys.every((key) => mayWriteField(context, accountNo, row, key));
  const { changed, refused } = await updateCustomers(context, changes, mayChange);
  await context.db.query(
    `insert into import_updates (import_no, customer_no, version, sealed_open, sealed_internal, sealed_personal, sealed_sensitive)
     select $1, t.* from unnest($2::integer[], $3::integer[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[]) as t
     on conflict (import_no, customer_no) do update set version = excluded.version`,
    [
      importNo,
      changed.map((one) => one.customerNo),
      changed.map((one) => one.version),
      ...[0, 1, 2, 3].map((fieldClass) => changed.map((one) => one.former.blobs[fieldClass])),
    ],
  );
  return refused;
}

async function noteAll(
  context: Context,
  run: Run,
  batch: PlannedBatch,
  decisions: Decisions,
  more: readonly NotedProblem[],
  customers: ReadonlyMap<number, number>,
): Promise<{ problems: number; heldBack: number }> {
  const skipped = new Set(decisions.problems.map(({ row }) => row));
  const problems: NotedProblem[] = [...decisions.problems, ...more];
  const kept = new Map<number, readonly string[]>();
  let heldBack = 0;
  for (const { row, problems: ofRow } of batch.rows) {
    if (ofRow.length === 0) {
      continue;
    }
    heldBack += 1;
    for (const problem of ofRow) {
      problems.push({ ...problem, row, ...(skipped.has(row) ? { outcome: "row-skipped" as const } : {}) });
    }
    if (!skipped.has(row)) {
      kept.set(row, batch.cells.get(row) ?? []);
    }
  }
  problems.sort((a, b) => a.row - b.row || (a.column ?? -1) - (b.column ?? -1));
  await noteProblems(context, run.importNo, problems);
  await keepRows(context, run.importNo, kept, customers);
  return { problems: problems.length, heldBack };
}
