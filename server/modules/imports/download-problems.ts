import { recordFieldOf } from "#server/core/access/policy.ts";
import { SealedText, type Context, type Draft, type Handle, type Input, type RenderedFile } from "#server/core/door/index.ts";
import { renderCsv } from "#server/platform/files/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { mostDownloadedRows, type downloadRowProblems as endpoint } from "#shared/imports.ts";
import type { Shown } from "#shared/shown.ts";
import { importFor, type ImportRow } from "./import-records.ts";
import { assignmentWords, leftOutWords, problemWords, reportHeaders, type ReportLanguage } from "./problem-words.ts";

type Report = ReplyOf<typeof endpoint>;

interface OpenProblem {
  readonly row: number;
  readonly field: string | null;
  readonly code: Report["rows"][number]["problems"][number]["code"];
  readonly sealed_value: Buffer | null;
}

/** The rows of an import that still need a look, as its importer typed them. */
export async function downloadProblems(context: Context, input: Input<typeof endpoint>): Promise<Draft<Report>> {
  const row = await importFor(context, input.params.importNo);
  const { language } = input.body;
  const [counted] = await context.db.query<{ rows: number }>(
    "select count(distinct row)::integer as rows from import_problems where import_no = $1 and state = 'open'",
    [row.import_no],
  );
  const problems = await context.db.query<OpenProblem>(
    `select row, field, code, sealed_value from import_problems where import_no = $1 and state = 'open'
        and row in (select distinct row from import_problems where import_no = $1 and state = 'open' order by row limit $2)
      order by row, problem_no`,
    [row.import_no, mostDownloadedRows],
  );
  const ofRow = new Map<number, OpenProblem[]>();
  for (const problem of problems) {
    const known = ofRow.get(problem.row);
    if (known === undefined) {
      ofRow.set(problem.row, [problem]);
    } else {
      known.push(problem);
    }
  }
  const kept = await context.db.query<{ row: number; sealed_cells: Buffer }>(
    "select row, sealed_cells from import_rows where import_no = $1 and row = any($2)",
    [row.import_no, [...ofRow.keys()]],
  );
  const cells = new Map(kept.map((one) => [one.row, one.sealed_cells]));
  const subject = { kind: "import", no: row.import_no } as const;
  const handle = (blob: Buffer | null | undefined, label: string): Handle =>
    blob === null || blob === undefined ? null : new SealedText(subject, blob, label, { authorNo: row.account_no });
  const columns = columnsOf(context, row, language);
  context.journal.fact("import", row.import_no);
  return {
    importNo: row.import_no,
    language,
    leftOut: (counted?.rows ?? 0) - ofRow.size,
    columns,
    rows: [...ofRow].map(([no, wrong]) => ({
      row: no,
      problems: wrong.map(({ field, code, sealed_value }) => ({
        label: field === null ? null : labelOf(context, field, language),
        code,
        value: handle(sealed_value, "value"),
      })),
      cells: columns.map(({ column }) => handle(cells.get(no), String(column))),
    })),
  };
}

function columnsOf(context: Context, { mapping }: ImportRow, language: ReportLanguage): Report["columns"] {
  // In joining order, so that a name in two columns is joined the same way again.
  const mapped = (mapping?.columns ?? []).flatMap(({ column, field }) => (field === null ? [] : [{ column, label: labelOf(context, field, language) }]));
  const seen = new Map<string, number>();
  const isParted = new Set(mapped.map(({ label }) => label).filter((label, index, all) => all.indexOf(label) !== index));
  return mapped.map(({ column, label }) => {
    const part = (seen.get(label) ?? 0) + 1;
    seen.set(label, part);
    return { column, label: isParted.has(label) ? `${label}${part}` : label };
  });
}

function labelOf(context: Context, field: string, language: ReportLanguage): string {
  return assignmentWords[language][field] ?? recordFieldOf(context.policy, "customer", field)?.[language] ?? field;
}

/** The report as CSV: one line a row of the file, what is wrong first. */
export async function renderProblems(built: Report): Promise<RenderedFile> {
  const words = problemWords[built.language];
  const lines = built.rows.map(({ row, problems, cells }) => [
    String(row),
    problems.map(({ label }) => label ?? "").join("\n"),
    problems.map(({ value }) => textOf(value)).join("\n"),
    problems.map(({ code }) => words[code][0]).join("\n"),
    [...new Set(problems.map(({ code }) => words[code][1]))].join("\n"),
    ...cells.map(textOf),
  ]);
  if (built.leftOut > 0) {
    lines.push([leftOutWords[built.language](built.leftOut)]);
  }
  return {
    bytes: renderCsv([...reportHeaders[built.language], ...built.columns.map(({ label }) => label)], lines),
    type: "text/csv; charset=utf-8",
    name: `import-${built.importNo}-problems.csv`,
  };
}

const textOf = (shown: Shown): string => (typeof shown === "string" ? shown : "");
