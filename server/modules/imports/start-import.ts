import type { Context, Draft, Input } from "#server/core/door/index.ts";
import { recordFieldOf } from "#server/core/access/policy.ts";
import { addJob } from "#server/platform/jobs/index.ts";
import { companyFor } from "#server/modules/customers/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { buyerColumns, type Mapping, type startImport as endpoint } from "#shared/imports.ts";
import { Problem } from "#shared/problems.ts";
import { importFor, type ImportRow } from "./import-records.ts";
import { defaultOwner, isAssignment, isPurchaseColumn, mayImportPurchases, mayWriteField } from "./import-rights.ts";
import { learnHeaders } from "./learned-headers.ts";
import { proposeMapping } from "./preview-import.ts";
import { saveMapping } from "./saved-mappings.ts";

export const runTask = "import.run";

/** Starts an import with a mapping; the work goes on in the background, whatever the browser does. */
export async function startImport(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const row = await importFor(context, input.params.importNo, "change");
  await beginRun(context, row, input.body);
  return { kind: "running" };
}

/** @throws Problem conflict (not waiting for a mapping), invalid-input, not-permitted (a field the importer may not write there) */
export async function beginRun(context: Context, row: ImportRow, mapping: Mapping): Promise<void> {
  if (row.state !== "awaits-mapping") {
    throw new Problem("conflict", { state: row.state });
  }
  (row.kind === "purchases" ? demandPurchaseMapping : demandMapping)(context, row.account_no, mapping);
  if (typeof mapping.consignorNo === "number") {
    await companyFor(context, mapping.consignorNo);
    context.journal.fact("consignor", mapping.consignorNo);
  }
  // Which headers it is kept under, and that there is such a sheet.
  const { headerToken, preview, mapping: proposed } = await proposeMapping(context, row, mapping);
  if (headerToken !== null) {
    await learnHeaders(context, preview.headers, proposed.columns, mapping.columns, row.kind);
    await saveMapping(context, headerToken, mapping.columns);
  }
  await context.db.query("update imports set state = 'running', mapping = $2, header_token = $3, started_at = $4 where import_no = $1", [
    row.import_no,
    JSON.stringify(mapping),
    headerToken,
    context.now,
  ]);
  await addJob(queryable(context), runTask, { importNo: row.import_no }, { key: `import ${row.import_no}` });
  context.journal.fact("import", row.import_no);
  context.journal.fact(
    "fields",
    mapping.columns.flatMap(({ field }) => (field === null ? [] : [field])),
  );
  context.journal.fact("cell", mapping.cellNo);
  context.journal.fact("duplicates", mapping.duplicates);
}

/** A transaction as the jobs take one. */
export function queryable({ db }: Context): { query(text: string, values: unknown[]): Promise<unknown> } {
  return { query: (text, values) => db.query(text, values) };
}

/** A day, what was bought and who bought it: without one of them no row could be a purchase. */
function demandPurchaseMapping(context: Context, accountNo: number | null, mapping: Mapping): void {
  const keys = new Set(mapping.columns.flatMap(({ field }) => field ?? []));
  const isWhole = keys.has("boughtOn") && keys.has("product") && buyerColumns.some((key) => keys.has(key));
  if (
    !isWhole ||
    ![...keys].every(isPurchaseColumn) ||
    mapping.duplicates === "update" ||
    new Set(mapping.columns.map(({ column }) => column)).size !== mapping.columns.length
  ) {
    throw new Problem("invalid-input", { field: "columns" });
  }
  if (!mayImportPurchases(context, accountNo)) {
    throw new Problem("not-permitted", { field: "purchase" });
  }
}

function demandMapping(context: Context, accountNo: number | null, mapping: Mapping): void {
  const keys = mapping.columns.flatMap(({ field }) => (field === null ? [] : [field]));
  if (keys.every(isAssignment)) {
    throw new Problem("invalid-input", { field: "columns" });
  }
  if (new Set(mapping.columns.map(({ column }) => column)).size !== mapping.columns.length) {
    throw new Problem("invalid-input", { field: "columns" });
  }
  for (const key of keys) {
    if (!isAssignment(key) && recordFieldOf(context.policy, "customer", key) === undefined) {
      throw new Problem("invalid-input", { field: "columns" });
    }
  }
  if (defaultOwner(context, accountNo, mapping.cellNo, keys) === undefined) {
    const place = { ownerNo: accountNo, cellNo: mapping.cellNo };
    throw new Problem("not-permitted", { field: keys.find((key) => !isAssignment(key) && !mayWriteField(context, accountNo, place, key)) ?? "cellNo" });
  }
}
