import type { PurchaseText } from "#shared/activities.ts";
import type { FieldType } from "#shared/fields.ts";
import { holdsCardNumber, maskCardNumbers } from "#shared/find-card-number.ts";
import { buyerColumns } from "#shared/imports.ts";
import { isHeaderRow, isTotalRow } from "./find-header.ts";
import { joinParts } from "./join-parts.ts";
import { normalise } from "./normalise.ts";
import { multiplyAmount, normaliseAmount, normaliseUnitPrice } from "./normalise-amount.ts";
import { plainText, type RowProblem } from "./plan-row.ts";
import type { RowProblemCode } from "./row-problem.ts";
import type { SourceRow } from "./source-row.ts";

/**
 * - `planned`    a purchase, if its buyer is found
 * - `held-back`  something of it cannot be read for sure: nothing of the row goes in until it is mended
 * - `skipped`    the row was never a purchase
 */
export type PlannedPurchase =
  | {
      readonly kind: "planned";
      readonly row: number;
      /** What the row says of its buyer, by field of a customer. */
      readonly buyer: Readonly<Record<string, string>>;
      /** Where it says so first: the cell to mend when nobody is found. */
      readonly buyerCell: Pick<RowProblem, "column" | "field" | "value">;
      readonly boughtOn: string;
      readonly purchase: PurchaseText;
      readonly problems: readonly [];
    }
  | { readonly kind: "held-back"; readonly row: number; readonly problems: readonly RowProblem[] }
  | { readonly kind: "skipped"; readonly row: number; readonly reason: "empty-row" | "total-row" | "repeated-header" };

export interface PurchasePlan {
  /** From 1; rows up to it are left out. 0: no header. */
  readonly headerRow: number;
  /** In joining order; `field: null` leaves a column out. */
  readonly columns: readonly { readonly column: number; readonly field: string | null }[];
  readonly is1904?: boolean;
  /** ISO date; nothing was bought after it. */
  readonly today: string;
}

/** How the cells of a field are joined and read. */
const types: Readonly<Record<string, FieldType>> = {
  memberNumber: "code",
  mail: "mail",
  phone: "phone",
  mobile: "phone",
  fullName: "name",
  companyName: "name",
  boughtOn: "date",
  product: "text",
  quantity: "code",
  unitPrice: "code",
  amount: "code",
  purchaseNote: "notes",
};
const mostQuantity = 40;
const mostNote = 2000;

type Read = { readonly value: string } | { readonly problem: RowProblemCode };

/**
 * Prepare the planning of purchases by a mapping. The returned function is pure. A row is taken whole or not at all, because a
 * purchase without its amount would be another purchase.
 * @throws Error for a column that is none of a purchase (the mapping is checked before it comes here)
 */
export function preparePurchasePlan(plan: PurchasePlan): (row: SourceRow) => PlannedPurchase {
  const columnsOf = new Map<string, number[]>();
  for (const { column, field } of plan.columns) {
    if (field === null) continue;
    if (types[field] === undefined) throw new Error(`No such column of purchases: ${field}`);
    columnsOf.set(field, [...(columnsOf.get(field) ?? []), column]);
  }
  const is1904 = plan.is1904 ?? false;

  return function planPurchase({ row, cells, problems: cellProblems }) {
    if (row <= plan.headerRow) return { kind: "skipped", row, reason: "repeated-header" };
    if (isTotalRow(cells)) return { kind: "skipped", row, reason: "total-row" };
    if ([...columnsOf.values()].flat().every((column) => (cells[column] ?? "").trim() === "") && cellProblems === undefined)
      return { kind: "skipped", row, reason: "empty-row" };
    if (isHeaderRow(cells, "purchases")) return { kind: "skipped", row, reason: "repeated-header" };

    const problems: RowProblem[] = [];
    const placeOf = (field: string): number | null => {
      const columns = columnsOf.get(field) ?? [];
      return columns.find((column) => (cells[column] ?? "") !== "") ?? columns[0] ?? null;
    };
    const holdBack = (field: string, code: RowProblemCode, value: string, column = placeOf(field)): void => {
      problems.push({ column, field, code, outcome: "row-held-back", value: maskCardNumbers(value).slice(0, 4000) });
    };
    const textOf = (field: string): string => {
      const columns = columnsOf.get(field) ?? [];
      const texts = columns.map((column) => plainText(cells[column] ?? ""));
      return texts.length === 1 ? (texts[0] as string) : joinParts(types[field] as FieldType, texts);
    };
    /** What a field says; undefined when the cell was broken or cannot be read, which is then a problem. */
    const take = (field: string, read: (text: string) => Read): string | undefined => {
      const broken = cellProblems?.find(({ column }) => columnsOf.get(field)?.includes(column));
      if (broken !== undefined) {
        holdBack(field, broken.code, cells[broken.column] || broken.value, broken.column);
        return undefined;
      }
      const text = textOf(field);
      const result: Read = holdsCardNumber(text) ? { problem: "card-number" } : read(text);
      if ("problem" in result) {
        holdBack(field, result.problem, text);
        return undefined;
      }
      return result.value;
    };
    const asked =
      (type: FieldType, most: number) =>
      (text: string): Read => {
        const result = normalise(type, text, { is1904 });
        return "problem" in result ? result : result.value.length > most ? { problem: "too-long" } : { value: result.value };
      };

    const boughtOn = take("boughtOn", (text) => {
      const result = normalise("date", text, { is1904 });
      return "problem" in result ? result : result.value === "" ? { problem: "required" } : result.value > plan.today ? { problem: "bad-date" } : result;
    });
    const product = take("product", (text) => {
      const result = asked("text", 200)(text);
      return "value" in result && result.value === "" ? { problem: "required" } : result;
    });
    const quantity = take("quantity", (text) => {
      const result = asked("code", mostQuantity)(text);
      return "problem" in result ? result : { value: result.value.replace(/^(-?\d{1,3}(?:,\d{3})+)(?![\d,])/, (digits) => digits.replaceAll(",", "")) };
    });
    const amount = take("amount", normaliseAmount);
    const unitPrice = amount === "" ? take("unitPrice", normaliseUnitPrice) : "";
    const note = take("purchaseNote", asked("notes", mostNote));
    const total = amount === "" && unitPrice !== undefined && unitPrice !== "" && quantity !== undefined ? totalOf(unitPrice, quantity) : amount;
    if (total === null)
      holdBack(quantity === "" ? "quantity" : "unitPrice", quantity === "" ? "required" : "bad-number", textOf(quantity === "" ? "quantity" : "unitPrice"));

    const { buyer, buyerCell, wrong } = readBuyer();
    if (buyerCell === undefined) problems.push(...wrong);
    if (
      boughtOn === undefined ||
      product === undefined ||
      quantity === undefined ||
      total === undefined ||
      total === null ||
      note === undefined ||
      problems.length > 0 ||
      buyerCell === undefined
    )
      return { kind: "held-back", row, problems: problems.toSorted((a, b) => (a.column ?? -1) - (b.column ?? -1)) };
    return { kind: "planned", row, buyer, buyerCell, boughtOn, purchase: { product, quantity, amount: total, note }, problems: [] };

    function totalOf(price: string, count: string): string | null {
      if (count === "") return columnsOf.has("quantity") ? null : (multiplyAmount(price, "1") ?? null);
      return multiplyAmount(price, count) ?? null;
    }

    /** Whoever is known by one sign need not have the others in good form: they are compared and not kept. */
    function readBuyer(): { buyer: Record<string, string>; buyerCell: Pick<RowProblem, "column" | "field" | "value"> | undefined; wrong: RowProblem[] } {
      const values: Record<string, string> = {};
      let first: Pick<RowProblem, "column" | "field" | "value"> | undefined;
      const bad: RowProblem[] = [];
      for (const field of buyerColumns) {
        if (!columnsOf.has(field)) continue;
        const text = textOf(field);
        const result: Read = holdsCardNumber(text) ? { problem: "card-number" } : normalise(types[field] as FieldType, text, { is1904 });
        const cell = { column: placeOf(field), field, value: maskCardNumbers(text).slice(0, 4000) };
        if ("problem" in result) bad.push({ ...cell, code: result.problem, outcome: "row-held-back" });
        else if (result.value !== "") {
          values[field] = result.value;
          first ??= cell;
        }
      }
      if (first === undefined && bad.length === 0) {
        const field = buyerColumns.find((one) => columnsOf.has(one)) ?? null;
        bad.push({ column: field === null ? null : placeOf(field), field, code: "empty-row", outcome: "row-held-back", value: "" });
      }
      return { buyer: values, buyerCell: first, wrong: bad };
    }
  };
}
