import { sealed, SealedText, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { listRowProblems as endpoint } from "#shared/imports.ts";
import { classesOf, listCustomers } from "#server/modules/customers/index.ts";
import { importFor } from "./import-records.ts";

type Problems = ReplyOf<typeof endpoint>;
type Problem = Problems["problems"][number];

interface ProblemRow {
  readonly problem_no: number;
  readonly row: number;
  readonly col: number | null;
  readonly field: string | null;
  readonly code: Problem["code"];
  readonly outcome: Problem["outcome"];
  readonly state: Problem["state"];
  readonly sealed_value: Buffer | null;
  readonly candidates: number[] | null;
}

/** A page of an import's problems in the order of the file. */
export function problemsOf(context: Pick<Context, "db">, importNo: number, offset: number, limit: number): Promise<ProblemRow[]> {
  return context.db.query<ProblemRow>(
    "select problem_no, row, col, field, code, outcome, state, sealed_value, candidates from import_problems where import_no = $1 order by row, problem_no offset $2 limit $3",
    [importNo, offset, limit],
  );
}

export async function listRowProblems(context: Context, input: Input<typeof endpoint>): Promise<Draft<Problems>> {
  const row = await importFor(context, input.params.importNo);
  const { offset, limit } = input.query;
  const [counted] = await context.db.query<{ total: number }>("select count(*)::integer as total from import_problems where import_no = $1", [row.import_no]);
  const rows = await problemsOf(context, row.import_no, offset, limit);
  const candidates = await candidatesOf(context, rows);
  return {
    total: counted?.total ?? 0,
    problems: rows.map((problem) => ({
      problemNo: problem.problem_no,
      row: problem.row,
      column: problem.col,
      field: problem.field,
      code: problem.code,
      outcome: problem.outcome,
      value:
        problem.sealed_value === null
          ? null
          : new SealedText({ kind: "import", no: row.import_no }, problem.sealed_value, "value", { authorNo: row.account_no }),
      candidates: (problem.candidates ?? []).flatMap((no) => candidates.get(no) ?? []),
      state: problem.state,
    })),
  };
}

/** By number, as far as the caller sees them now. Of rows that need no decision any more nobody is named. */
async function candidatesOf(context: Context, rows: readonly ProblemRow[]): Promise<Map<number, Draft<Problem["candidates"][number]>>> {
  const numbers = [...new Set(rows.flatMap(({ state, candidates }) => (state === "open" ? (candidates ?? []) : [])))];
  const customers = await listCustomers(context, numbers, classesOf(context, ["fullName"]));
  return new Map(
    customers.filter(({ state }) => state === "active").map(({ customerNo, record }) => [customerNo, { customerNo, name: sealed(record, "fullName") }]),
  );
}
