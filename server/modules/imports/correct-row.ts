import { examineIdentities, identify, identityTokens, readStagedRow, sealText, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { customerFor, findCustomerCandidates, insertCustomer, updateCustomer } from "#server/modules/customers/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { correctRow as endpoint, Mapping } from "#shared/imports.ts";
import { Problem } from "#shared/problems.ts";
import { correctPurchase } from "./correct-purchase.ts";
import { importFor, type ImportRow } from "./import-records.ts";
import { defaultOwner, isAssignment, type Place } from "./import-rights.ts";
import { plannedFieldsOf } from "./plan-batches.ts";
import { prepareRowPlan, type PlannedRow } from "./reading/index.ts";
import { resolveAssignments } from "./resolve-assignments.ts";
import { resolveCompanies } from "./resolve-companies.ts";

type Reply = ReplyOf<typeof endpoint>;
type Code = Extract<Reply, { kind: "still-wrong" }>["code"];
type Planned = Exclude<PlannedRow, { kind: "skipped" }>;

interface KeptProblem {
  readonly row: number;
  readonly col: number | null;
  readonly field: string | null;
  readonly code: Code;
  readonly state: string;
  readonly sealed_cells: Buffer | null;
  readonly customer_no: number | null;
  readonly candidates: number[] | null;
}

/** Puts another text into a cell and plans its row again, exactly as a run does. */
export async function correctRow(context: Context, input: Input<typeof endpoint>): Promise<Draft<Reply>> {
  const row = await importFor(context, input.params.importNo, "change");
  const { mapping } = row;
  if (row.state !== "done" || mapping === null) {
    throw new Problem("conflict", { state: row.state });
  }
  const [problem] = await context.db.query<KeptProblem>(
    `select p.row, p.col, p.field, p.code, p.state, p.candidates, r.sealed_cells, r.customer_no
       from import_problems p left join import_rows r using (import_no, row) where p.import_no = $1 and p.problem_no = $2`,
    [row.import_no, input.params.problemNo],
  );
  if (problem === undefined) {
    throw new Problem("not-found");
  }
  if (problem.state !== "open") {
    throw new Problem("conflict", { state: problem.state });
  }
  const { col, field } = problem;
  // A row that was skipped as a whole has no cell that would make it another one.
  if (col === null || field === null || problem.sealed_cells === null) {
    return { kind: "still-wrong", code: problem.code };
  }
  context.journal.fact("import", row.import_no);
  context.journal.fact("row", problem.row);
  if (row.kind === "purchases") {
    const open = {
      problemNo: input.params.problemNo,
      row: problem.row,
      column: col,
      field,
      candidates: problem.candidates ?? [],
      sealedCells: problem.sealed_cells,
    };
    return correctPurchase(context, row, mapping, open, input.body);
  }
  if (!("value" in input.body)) {
    throw new Problem("invalid-input", { field: "customerNo" });
  }
  const texts = readStagedRow(context, { importNo: row.import_no, accountNo: row.account_no, blob: problem.sealed_cells });
  const cells = cellsWith(texts, col, input.body.value);
  const planned = prepareRowPlan({
    headerRow: mapping.headerRow,
    columns: mapping.columns,
    today: context.now.toISOString().slice(0, 10),
    ...plannedFieldsOf(context.policy),
  })({
    row: problem.row,
    cells,
  });
  const wrong = planned.kind === "skipped" ? "empty-row" : planned.problems.find((one) => one.field === field)?.code;
  if (planned.kind === "skipped" || wrong !== undefined) {
    return { kind: "still-wrong", code: wrong ?? "empty-row" };
  }
  const taken =
    problem.customer_no === null ? await addRow(context, row, mapping, planned) : await changeField(context, row, problem.customer_no, field, planned);
  if ("code" in taken) {
    return { kind: "still-wrong", code: taken.code };
  }
  await context.db.query("update import_problems set state = 'corrected' where import_no = $1 and problem_no = $2", [row.import_no, input.params.problemNo]);
  await context.db.query("update import_rows set sealed_cells = $3, customer_no = $4, version = $5 where import_no = $1 and row = $2", [
    row.import_no,
    problem.row,
    sealText(context.door.vault, { kind: "import", no: row.import_no }, "personal", 1, Object.fromEntries(cells.map((cell, column) => [String(column), cell]))),
    taken.customerNo,
    taken.version,
  ]);
  return { kind: "imported", customerNo: taken.customerNo };
}

function cellsWith(texts: Readonly<Record<string, string>>, column: number, value: string): string[] {
  const width = Math.max(column + 1, ...Object.keys(texts).map((key) => Number(key) + 1));
  return Array.from({ length: width }, (_, index) => (index === column ? value : (texts[String(index)] ?? "")));
}

interface Taken {
  readonly customerNo: number;
  readonly version: number;
}

/** Where a planned row stands by the names in charge that it gives. */
async function placeOf(context: Context, row: ImportRow, mapping: Mapping, planned: Planned): Promise<{ place: Place } | { code: Code }> {
  const { owner, department } = planned.values;
  const keys = mapping.columns.flatMap(({ field }) => field ?? []);
  const ownerNo = defaultOwner(context, row.account_no, mapping.cellNo, keys);
  if (ownerNo === undefined) {
    throw new Problem("not-permitted");
  }
  const assignments = await resolveAssignments(context, row.account_no, {
    owners: new Set(owner === undefined ? [] : [owner]),
    departments: new Set(department === undefined ? [] : [department]),
  });
  const cellNo = department === undefined ? mapping.cellNo : assignments.cell(department);
  const named = owner === undefined ? ownerNo : assignments.owner(owner);
  if (cellNo === undefined) {
    return { code: "unknown-department" };
  }
  return named === undefined ? { code: "unknown-owner" } : { place: { ownerNo: named, cellNo } };
}

/** A row that was held back as a whole becomes a customer, unless it is somebody who is there already. */
async function addRow(context: Context, row: ImportRow, mapping: Mapping, planned: Planned): Promise<Taken | { code: Code }> {
  if (planned.kind === "held-back") {
    return { code: "empty-row" };
  }
  const placed = await placeOf(context, row, mapping, planned);
  if ("code" in placed) {
    return placed;
  }
  const { owner: _owner, department: _department, ...values } = planned.values;
  if (mapping.duplicates !== "add") {
    const identity = identify(values);
    const candidates = await findCustomerCandidates(context, identityTokens(context, [identity]));
    const known = examineIdentities(
      context,
      candidates.map((one) => one.record),
      row.account_no,
    );
    if (identity.own.some((key) => known.has(key))) {
      return { code: "duplicate-in-store" };
    }
  }
  const name = values["companyName"];
  const { companies } = await resolveCompanies(context, name === undefined ? [] : [name], {
    importNo: row.import_no,
    accountNo: row.account_no,
    known: new Map(),
  });
  const taken = await insertCustomer(context, {
    ...placed.place,
    companyNo: name === undefined ? null : (companies.get(name) ?? null),
    values,
    importNo: row.import_no,
  });
  await context.db.query("update imports set added = added + 1, skipped = greatest(skipped - 1, 0) where import_no = $1", [row.import_no]);
  return taken;
}

/** A row whose value was held back is a customer: the value goes where it was missing. */
async function changeField(context: Context, row: ImportRow, customerNo: number, field: string, planned: Planned): Promise<Taken | { code: Code }> {
  const customer = await customerFor(context, customerNo, "change");
  if (customer.state !== "active") {
    throw new Problem("conflict", { version: customer.version });
  }
  let taken: Taken;
  if (isAssignment(field)) {
    const placed = await placeOf(context, row, row.mapping as Mapping, planned);
    if ("code" in placed) {
      return placed;
    }
    taken = await updateCustomer(context, customer, {
      values: {},
      ...(field === "owner" ? { ownerNo: placed.place.ownerNo } : { cellNo: placed.place.cellNo }),
    });
  } else {
    taken = await updateCustomer(context, customer, { values: { [field]: planned.values[field] ?? null } });
  }
  await context.db.query("update import_updates set version = $3 where import_no = $1 and customer_no = $2 and version = $4", [
    row.import_no,
    customerNo,
    taken.version,
    customer.version,
  ]);
  return taken;
}
