import { recordFieldsOf, type Policy } from "#server/core/access/policy.ts";
import { identify, type Identity } from "#server/core/door/index.ts";
import { prepareRowPlan, type PlannedRow, type RowPlan, type Table } from "./reading/index.ts";
import type { Mapping } from "#shared/imports.ts";
import { readBatches } from "./read-batches.ts";

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

/** Plans a sheet's rows behind `after` in batches. Holds the values of one batch at a time. */
export async function* planBatches(
  table: Table,
  mapping: Mapping,
  asked: { readonly today: string; readonly fields: ReturnType<typeof plannedFieldsOf> },
  after: number,
): AsyncGenerator<PlannedBatch> {
  const plan = prepareRowPlan({ headerRow: mapping.headerRow, columns: mapping.columns, is1904: table.is1904, today: asked.today, ...asked.fields });
  const batches = readBatches(table, mapping.sheet, after, (source) => {
    const row = plan(source);
    return row.kind === "skipped" ? undefined : { row, cells: source.cells, identity: row.kind === "planned" ? identify(row.values) : nobody };
  });
  for await (const { after: begun, to, rows } of batches) {
    yield {
      after: begun,
      to,
      rows: rows.map(({ row }) => row),
      identities: rows.map(({ identity }) => identity),
      cells: new Map(rows.flatMap(({ row, cells }) => (row.problems.length > 0 ? [[row.row, cells] as const] : []))),
    };
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
