import { recordFieldsOf, type Policy } from "#server/core/access/policy.ts";
import { identify, type Identity } from "#server/core/door/index.ts";
import { prepareRowPlan, type PlannedRow, type RowPlan, type Table } from "./reading/index.ts";
import type { Mapping } from "#shared/imports.ts";

/** A row that is a person, or would be one if something in it were right. */
export type PersonRow = Exclude<PlannedRow, { kind: "skipped" }>;

export interface PlannedBatch {
  /** The last row of the batch before it. */
  readonly after: number;
  /** The last row that it accounts for, passed-over ones included. */
  readonly to: number;
  readonly rows: readonly PersonRow[];
  /** Who each row is, by the same places; of a row that is held back nobody. */
  readonly identities: readonly Identity[];
  /** Cells of the rows that have a problem, by row. */
  readonly cells: ReadonlyMap<number, readonly string[]>;
}

const nobody: Identity = { own: [], isPoor: false, answers: () => [], exact: [] };

/** Rows of people in one transaction: large enough that the index takes them in at once, small enough not to keep readers waiting. */
export const batchRows = 2_000;
/** After so many rows whoever else waits for this node gets a turn: some milliseconds of planning. */
const rowsATurn = 50;

/** Plans a sheet's rows behind `after` in batches. Holds the values of one batch at a time. */
export async function* planBatches(
  table: Table,
  mapping: Mapping,
  asked: { readonly today: string; readonly fields: ReturnType<typeof plannedFieldsOf> },
  after: number,
): AsyncGenerator<PlannedBatch> {
  const plan = prepareRowPlan({ headerRow: mapping.headerRow, columns: mapping.columns, is1904: table.is1904, today: asked.today, ...asked.fields });
  let rows: PersonRow[] = [];
  let identities: Identity[] = [];
  let cells = new Map<number, readonly string[]>();
  let begun = after;
  let last = after;
  for await (const batch of table.rows(mapping.sheet)) {
    for (const source of batch.rows) {
      if (source.row <= after) {
        continue;
      }
      last = source.row;
      const planned = plan(source);
      if (planned.kind === "skipped") {
        continue;
      }
      rows.push(planned);
      identities.push(planned.kind === "planned" ? identify(planned.values) : nobody);
      if (planned.problems.length > 0) {
        cells.set(planned.row, source.cells);
      }
      if (rows.length % rowsATurn === 0) {
        await new Promise(setImmediate);
      }
      if (rows.length === batchRows) {
        yield { after: begun, to: last, rows, identities, cells };
        begun = last;
        rows = [];
        identities = [];
        cells = new Map();
      }
    }
  }
  if (rows.length > 0 || last > begun) {
    yield { after: begun, to: last, rows, identities, cells };
  }
}

/** What the planning of rows needs to know of the organisation's fields. */
export function plannedFieldsOf(policy: Policy): Required<Pick<RowPlan, "ownFields" | "required">> {
  const fields = recordFieldsOf(policy, "customer");
  return {
    ownFields: new Map(fields.filter((field) => field.isOwn).map((field) => [field.key, field])),
    required: new Set(fields.filter((field) => field.isRequired).map((field) => field.key)),
  };
}

/** Reads a sheet to its end, so that whatever makes the file unreadable shows before anything is written. Replies its rows below the header. */
export async function countRows(table: Table, mapping: Pick<Mapping, "sheet" | "headerRow">, signal: AbortSignal): Promise<number> {
  let rows = 0;
  for await (const batch of table.rows(mapping.sheet)) {
    signal.throwIfAborted();
    for (const { row } of batch.rows) {
      rows += row > mapping.headerRow ? 1 : 0;
    }
  }
  return rows;
}
