import type { Context, Storehouse } from "#server/core/door/index.ts";
import { findSamePurchases, insertPurchases } from "#server/modules/activities/index.ts";
import type { CustomerRow } from "#server/modules/customers/index.ts";
import type { Mapping } from "#shared/imports.ts";
import { Problem } from "#shared/problems.ts";
import { actForImporter } from "./act-for-importer.ts";
import { advance } from "./advance.ts";
import { findBuyers } from "./find-buyers.ts";
import { importFor } from "./import-records.ts";
import { mayImportPurchases } from "./import-rights.ts";
import { keepRows, noteProblems, type NotedProblem } from "./note-problems.ts";
import type { PurchaseBatch, PurchaseRow } from "./plan-purchases.ts";

type Planned = Extract<PurchaseRow["planned"], { kind: "planned" }>;

/** What a run of purchases carries from batch to batch. */
export interface PurchaseRun {
  readonly importNo: number;
  readonly accountNo: number | null;
  readonly mapping: Mapping;
}

/**
 * Takes a batch of purchases into the store: one transaction, one event that touches every customer of a purchase, and the place
 * in the file up to which it has come. False as in `writeBatch`.
 * @throws Problem not-permitted when the importer may not write purchases any more
 */
export function writePurchases(storehouse: Storehouse, run: PurchaseRun, batch: PurchaseBatch): Promise<boolean> {
  const { importNo, accountNo } = run;
  return actForImporter(storehouse, accountNo, "import.batch", async (context) => {
    const row = await importFor(context, importNo, "change");
    if (row.state !== "running" || row.cursor_row !== batch.after) {
      context.journal.fact("superseded", true);
      return false;
    }
    if (!mayImportPurchases(context, accountNo)) {
      throw new Problem("not-permitted", { field: "purchase" });
    }
    const { added, problems, known } = await writeRows(context, run, batch);
    const stopped = new Set(problems.map((problem) => problem.row));
    const held = new Set(problems.filter(({ outcome }) => outcome === "row-held-back").map((problem) => problem.row));
    const cells = new Map(batch.rows.filter(({ planned }) => held.has(planned.row)).map(({ planned, cells: texts }) => [planned.row, texts]));
    await noteProblems(context, importNo, problems);
    await keepRows(context, importNo, cells, new Map());
    const counts = { added, updated: 0, skipped: stopped.size, duplicates: known, heldBack: held.size, problems: problems.length };
    await advance(context, row, { to: batch.to, rows: batch.rows.length }, counts, storehouse.clock());
    for (const [name, value] of Object.entries({ import: importNo, from: batch.after + 1, to: batch.to, added, updated: 0, skipped: counts.skipped })) {
      context.journal.fact(name, value);
    }
    return true;
  });
}

async function writeRows(context: Context, run: PurchaseRun, batch: PurchaseBatch): Promise<{ added: number; known: number; problems: NotedProblem[] }> {
  const problems: NotedProblem[] = [];
  const whole: Planned[] = [];
  for (const { planned } of batch.rows) {
    if (planned.kind === "planned") {
      whole.push(planned);
    } else {
      problems.push(...planned.problems.map((problem) => ({ ...problem, row: planned.row })));
    }
  }
  const buyers = await findBuyers(
    context,
    run.accountNo,
    whole.map(({ buyer }) => buyer),
  );
  const met: { planned: Planned; customer: CustomerRow }[] = [];
  whole.forEach((planned, index) => {
    const found = buyers[index];
    if (found !== undefined && "customer" in found) {
      met.push({ planned, customer: found.customer });
    } else if (found !== undefined) {
      problems.push({ row: planned.row, ...planned.buyerCell, code: found.code, outcome: "row-held-back", candidates: found.candidates });
    }
  });
  const same = await findKnown(context, run, met);
  const fresh = met.filter((_, index) => same[index] !== true);
  for (const { planned } of met.filter((_, index) => same[index] === true)) {
    problems.push({ row: planned.row, column: null, field: null, code: "purchase-known", outcome: "row-skipped", value: "" });
  }
  await insertPurchases(
    context,
    fresh.map(({ planned, customer }) => ({ customerNo: customer.customerNo, boughtOn: planned.boughtOn, purchase: planned.purchase, importNo: run.importNo })),
  );
  problems.sort((a, b) => a.row - b.row || (a.column ?? -1) - (b.column ?? -1));
  return { added: fresh.length, known: met.length - fresh.length, problems };
}

async function findKnown(context: Context, run: PurchaseRun, met: readonly { planned: Planned; customer: CustomerRow }[]): Promise<boolean[]> {
  if (run.mapping.duplicates === "add") {
    return [];
  }
  return findSamePurchases(
    context,
    met.map(({ planned, customer }) => ({ record: customer.record, boughtOn: planned.boughtOn, purchase: planned.purchase })),
    run.importNo,
  );
}
