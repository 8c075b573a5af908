import type { Mapping } from "#shared/imports.ts";
import { readBatches } from "./read-batches.ts";
import { preparePurchasePlan, type PlannedPurchase, type Table } from "./reading/index.ts";

/** A row that is a purchase, or would be one if something in it were right; with its cells, for it may have to be mended. */
export interface PurchaseRow {
  readonly planned: Exclude<PlannedPurchase, { kind: "skipped" }>;
  readonly cells: readonly string[];
}

export interface PurchaseBatch {
  readonly after: number;
  readonly to: number;
  readonly rows: readonly PurchaseRow[];
}

/** Plans a sheet's purchases behind `after` in batches. `today` is the day in Japan. */
export function planPurchases(table: Table, mapping: Mapping, today: string, after: number): AsyncGenerator<PurchaseBatch> {
  const plan = preparePurchasePlan({ headerRow: mapping.headerRow, columns: mapping.columns, is1904: table.is1904, today });
  return readBatches(table, mapping.sheet, after, (source) => {
    const planned = plan(source);
    return planned.kind === "skipped" ? undefined : { planned, cells: source.cells };
  });
}
