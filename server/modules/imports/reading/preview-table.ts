import type { ImportKind } from "#shared/imports.ts";
import { findHeader, headerAt, isTotalRow } from "./find-header.ts";
import { guessMapping, headerFingerprint, type ColumnGuess } from "./guess-mapping.ts";
import { guessPurchaseMapping } from "./guess-purchase-mapping.ts";
import { recogniseExport, type ImportSource } from "./known-exports.ts";
import type { Table } from "./open-table.ts";
import { recogniseOrders } from "./purchase-words.ts";
import type { SourceRow } from "./source-row.ts";

const lookedAtRows = 300;

export interface TablePreview {
  readonly sheet: number;
  readonly headerRow: number;
  readonly headers: readonly string[];
  /** Under which a corrected mapping is kept; of no use when there is no header. */
  readonly fingerprint: string;
  readonly guesses: readonly ColumnGuess[];
  /** Whose export it looks like. */
  readonly source: ImportSource | null;
  /** Up to 20 rows below the header. */
  readonly rows: readonly SourceRow[];
}

/** Look at the start of a sheet: header, guessed mapping and 20 rows. `headerRow` as the person says; 0 for none. */
export async function previewTable(table: Table, sheet: number, headerRow?: number, kind: ImportKind = "customers"): Promise<TablePreview> {
  const rows: SourceRow[] = [];
  for await (const batch of table.rows(sheet)) {
    rows.push(...batch.rows.slice(0, lookedAtRows - rows.length));
    if (rows.length >= lookedAtRows) break;
  }
  const header = headerRow === undefined ? findHeader(rows, kind) : headerAt(rows, headerRow);
  const below = rows.filter((row) => row.row > header.headerRow && !isTotalRow(row.cells));
  return {
    sheet,
    ...header,
    fingerprint: headerFingerprint(header.headers),
    guesses: (kind === "purchases" ? guessPurchaseMapping : guessMapping)(
      header.headers,
      below.map((row) => row.cells),
    ),
    source: ((kind === "purchases" ? recogniseOrders(header.headers) : undefined) ?? recogniseExport(header.headers))?.source ?? null,
    rows: below.slice(0, 20),
  };
}

/** The sheet that most likely holds the list: the first visible one with the most rows. */
export function likeliestSheet(table: Table): number {
  const visible = table.sheets.filter((sheet) => !sheet.isHidden);
  const best = (visible.length > 0 ? visible : table.sheets).reduce((left, right) => (right.rows > left.rows ? right : left));
  return best.sheet;
}
