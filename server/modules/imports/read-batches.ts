import type { SourceRow, Table } from "./reading/index.ts";

/** Rows in one transaction: large enough that the index takes them in at once, small enough not to keep readers waiting. */
export const batchRows = 2_000;
/** After so many rows whoever else waits for this node gets a turn: some milliseconds of planning. */
const rowsATurn = 50;

export interface ReadBatch<Planned> {
  /** The last row of the batch before it. */
  readonly after: number;
  /** The last row that it accounts for, passed-over ones included. */
  readonly to: number;
  readonly rows: readonly Planned[];
}

/** Reads a sheet's rows behind `after` in batches; rows of which `plan` makes nothing are passed over. Holds the values of one batch at a time. */
export async function* readBatches<Planned>(
  table: Table,
  sheet: number,
  after: number,
  plan: (source: SourceRow) => Planned | undefined,
): AsyncGenerator<ReadBatch<Planned>> {
  let rows: Planned[] = [];
  let begun = after;
  let last = after;
  for await (const batch of table.rows(sheet)) {
    for (const source of batch.rows) {
      if (source.row <= after) {
        continue;
      }
      last = source.row;
      const planned = plan(source);
      if (planned === undefined) {
        continue;
      }
      rows.push(planned);
      if (rows.length % rowsATurn === 0) {
        await new Promise(setImmediate);
      }
      if (rows.length === batchRows) {
        yield { after: begun, to: last, rows };
        begun = last;
        rows = [];
      }
    }
  }
  if (rows.length > 0 || last > begun) {
    yield { after: begun, to: last, rows };
  }
}
