import { readStagedRow, sealText, type Context, type Draft } from "#server/core/door/index.ts";
import { findSamePurchases, insertPurchases } from "#server/modules/activities/index.ts";
import { classesOf, customerFor, listCustomers, type CustomerRow } from "#server/modules/customers/index.ts";
import { dayInJapan } from "#shared/day-in-japan.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { buyerColumns, type correctRow as endpoint, type Mapping } from "#shared/imports.ts";
import { Problem } from "#shared/problems.ts";
import { findBuyers, mayReceivePurchases } from "./find-buyers.ts";
import type { ImportRow } from "./import-records.ts";
import { preparePurchasePlan } from "./reading/index.ts";

type Reply = ReplyOf<typeof endpoint>;

/** A problem that is still open, of a row that was kept. */
export interface OpenPurchaseProblem {
  readonly problemNo: number;
  readonly row: number;
  readonly column: number;
  readonly field: string;
  readonly candidates: readonly number[];
  readonly sealedCells: Buffer;
}

/**
 * Mends a row of purchases: another text in its cell, or one of the customers whom it may mean. The row goes in when nothing in
 * it stops it any more.
 */
export async function correctPurchase(
  context: Context,
  row: ImportRow,
  mapping: Mapping,
  problem: OpenPurchaseProblem,
  given: { readonly value: string } | { readonly customerNo: number },
): Promise<Draft<Reply>> {
  const texts = readStagedRow(context, { importNo: row.import_no, accountNo: row.account_no, blob: problem.sealedCells });
  const width = Math.max(problem.column + 1, ...Object.keys(texts).map((key) => Number(key) + 1));
  const cells = Array.from({ length: width }, (_, column) => ("value" in given && column === problem.column ? given.value : (texts[String(column)] ?? "")));
  const planned = preparePurchasePlan({ headerRow: mapping.headerRow, columns: mapping.columns, today: dayInJapan(context.now) })({ row: problem.row, cells });
  if (planned.kind === "skipped") {
    return { kind: "still-wrong", code: "empty-row" };
  }
  const isBuyer = (buyerColumns as readonly string[]).includes(problem.field);
  const mine = planned.problems.find(({ field }) => field === problem.field || (isBuyer && (buyerColumns as readonly (string | null)[]).includes(field)));
  if (mine !== undefined) {
    return { kind: "still-wrong", code: mine.code };
  }
  if (planned.kind === "held-back") {
    await keep(context, row, problem, cells, null);
    return { kind: "waits" };
  }
  const customer = "customerNo" in given ? await chosen(context, problem, given.customerNo) : await found(context, row, planned.buyer);
  if ("code" in customer) {
    return { kind: "still-wrong", code: customer.code };
  }
  const { boughtOn, purchase } = planned;
  if (mapping.duplicates !== "add") {
    const [isKnown] = await findSamePurchases(context, [{ record: customer.record, boughtOn, purchase }], row.import_no);
    if (isKnown === true) {
      return { kind: "still-wrong", code: "purchase-known" };
    }
  }
  await insertPurchases(context, [{ customerNo: customer.customerNo, boughtOn, purchase, importNo: row.import_no }]);
  await keep(context, row, problem, cells, customer.customerNo);
  await context.db.query(
    "update imports set added = added + 1, skipped = greatest(skipped - 1, 0), held_back = greatest(held_back - 1, 0) where import_no = $1",
    [row.import_no],
  );
  return { kind: "imported", customerNo: customer.customerNo };
}

async function chosen(context: Context, problem: OpenPurchaseProblem, customerNo: number): Promise<CustomerRow | { code: "customer-closed" }> {
  if (!problem.candidates.includes(customerNo)) {
    throw new Problem("invalid-input", { field: "customerNo" });
  }
  await customerFor(context, customerNo);
  const [customer] = await listCustomers(context, [customerNo], classesOf(context, buyerColumns));
  return customer !== undefined && mayReceivePurchases(context, customer) ? customer : { code: "customer-closed" };
}

async function found(
  context: Context,
  row: ImportRow,
  buyer: Readonly<Record<string, string>>,
): Promise<CustomerRow | { code: "unknown-customer" | "ambiguous-customer" | "customer-closed" }> {
  const [answer] = await findBuyers(context, row.account_no, [buyer]);
  return answer !== undefined && "customer" in answer ? answer.customer : { code: answer?.code ?? "unknown-customer" };
}

/** Keeps the mended cells. When the row went in, nothing else in it is to be looked at. */
async function keep(context: Context, row: ImportRow, problem: OpenPurchaseProblem, cells: readonly string[], customerNo: number | null): Promise<void> {
  await context.db.query(
    "update import_problems set state = 'corrected' where import_no = $1 and (problem_no = $2 or ($3::integer is not null and row = $4))",
    [row.import_no, problem.problemNo, customerNo, problem.row],
  );
  await context.db.query("update import_rows set sealed_cells = $3, customer_no = $4 where import_no = $1 and row = $2", [
    row.import_no,
    problem.row,
    sealText(context.door.vault, { kind: "import", no: row.import_no }, "personal", 1, Object.fromEntries(cells.map((cell, column) => [String(column), cell]))),
    customerNo,
  ]);
}
