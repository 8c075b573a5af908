import type { Context } from "#server/core/door/index.ts";
import type { ImportRow } from "./import-records.ts";

/** What came of a batch. */
export interface BatchCounts {
  readonly added: number;
  readonly updated: number;
  readonly skipped: number;
  readonly duplicates: number;
  readonly heldBack: number;
  readonly problems: number;
}

/** Smooths the rate over the last batches. */
const weightOfLast = 0.4;

/** Notes how far an import has come, in the transaction of the batch itself. */
export async function advance(
  context: Context,
  row: ImportRow,
  batch: { readonly to: number; readonly rows: number },
  counts: BatchCounts,
  now: Date,
): Promise<void> {
  const seconds = (now.getTime() - (row.last_batch_at ?? row.started_at ?? now).getTime()) / 1000;
  const rate = seconds > 0 ? batch.rows / seconds : null;
  const recent = rate === null ? row.recent_rate : row.recent_rate === null ? rate : weightOfLast * rate + (1 - weightOfLast) * row.recent_rate;
  await context.db.query(
    `update imports set cursor_row = $2, rows_done = rows_done + $3, added = added + $4, updated = updated + $5, skipped = skipped + $6,
            duplicates = duplicates + $7, held_back = held_back + $8, problems = problems + $9, recent_rate = $10, last_batch_at = $11
      where import_no = $1`,
    [row.import_no, batch.to, batch.rows, counts.added, counts.updated, counts.skipped, counts.duplicates, counts.heldBack, counts.problems, recent, now],
  );
}
