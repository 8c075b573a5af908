import { sealText, type Context } from "#server/core/door/index.ts";
import type { RowProblem } from "./reading/index.ts";

/** A problem with the row that it stands in. */
export interface NotedProblem extends RowProblem {
  readonly row: number;
  /** Customers whom the row may mean. */
  readonly candidates?: readonly number[];
}

/** Stores problems, each value sealed under the key of the import. */
export async function noteProblems(context: Context, importNo: number, problems: readonly NotedProblem[]): Promise<void> {
  if (problems.length === 0) {
    return;
  }
  const { vault } = context.door;
  await context.db.query(
    `insert into import_problems (import_no, row, col, field, code, outcome, sealed_value, candidates)
     select $1, row, col, field, code, outcome, value, string_to_array(candidates, ',')::integer[]
       from unnest($2::integer[], $3::integer[], $4::text[], $5::text[], $6::text[], $7::bytea[], $8::text[])
         as t (row, col, field, code, outcome, value, candidates)`,
    [
      importNo,
      problems.map(({ row }) => row),
      problems.map(({ column }) => column),
      problems.map(({ field }) => field),
      problems.map(({ code }) => code),
      problems.map(({ outcome }) => outcome),
      problems.map(({ value }) => (value === "" ? null : sealText(vault, { kind: "import", no: importNo }, "personal", 1, { value }))),
      problems.map(({ candidates }) => (candidates === undefined || candidates.length === 0 ? null : candidates.join(","))),
    ],
  );
}

/** Keeps the cells of rows that may be corrected, with the customer that was made of each. */
export async function keepRows(
  context: Context,
  importNo: number,
  rows: ReadonlyMap<number, readonly string[]>,
  customers: ReadonlyMap<number, number>,
): Promise<void> {
  if (rows.size === 0) {
    return;
  }
  const { vault } = context.door;
  const numbers = [...rows.keys()];
  await context.db.query(
    `insert into import_rows (import_no, row, sealed_cells, customer_no) select $1, t.* from unnest($2::integer[], $3::bytea[], $4::integer[]) as t`,
    [
      importNo,
      numbers,
      [...rows.values()].map((cells) =>
        sealText(vault, { kind: "import", no: importNo }, "personal", 1, Object.fromEntries(cells.map((cell, column) => [String(column), cell]))),
      ),
      numbers.map((row) => customers.get(row) ?? null),
    ],
  );
}
