import { SealedText, type Context, type Draft } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { ImportKind, importStates, Mapping, showImport } from "#shared/imports.ts";
import { Problem } from "#shared/problems.ts";

export type ImportState = (typeof importStates)[number];

/** A row of `imports`. Row-level security shows it to its own importer and to the house alone. */
export interface ImportRow {
  readonly import_no: number;
  readonly account_no: number | null;
  readonly kind: ImportKind;
  readonly state: ImportState;
  readonly failure: string | null;
  readonly sealed_name: Buffer;
  readonly bytes: number;
  readonly encoding: string | null;
  readonly mapping: Mapping | null;
  readonly header_token: number | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly rows_total: number | null;
  readonly rows_done: number;
  readonly cursor_row: number;
  readonly added: number;
  readonly updated: number;
  readonly skipped: number;
  readonly duplicates: number;
  readonly held_back: number;
  readonly problems: number;
  readonly recent_rate: number | null;
  readonly last_batch_at: Date | null;
  readonly tidied_at: Date | null;
}

const columns = `import_no, account_no, kind, state, failure, sealed_name, bytes, encoding, mapping, header_token, created_at, started_at, finished_at,
  rows_total, rows_done, cursor_row, added, updated, skipped, duplicates, held_back, problems, recent_rate, last_batch_at, tidied_at`;

/** @throws Problem not-found: no such import, or another account's */
export async function importFor(context: Pick<Context, "db">, importNo: number, lock: "read" | "change" = "read"): Promise<ImportRow> {
  const [row] = await context.db.query<ImportRow>(
    `select ${columns} from imports where import_no = $1${lock === "change" ? " for update" : ""}`,
    [importNo],
    `import-${lock}`,
  );
  if (row === undefined) {
    throw new Problem("not-found");
  }
  return row;
}

/** The newest imports that the caller sees. */
export function newestImports(context: Context, most: number): Promise<ImportRow[]> {
  return context.db.query<ImportRow>(`select ${columns} from imports order by import_no desc limit $1`, [most]);
}

/** An import as its importer sees it. */
export function importOut(context: Context, row: ImportRow): Draft<ReplyOf<typeof showImport>> {
  const isRunning = row.state === "running";
  const left = row.rows_total === null ? null : Math.max(0, row.rows_total - row.rows_done);
  return {
    importNo: row.import_no,
    kind: row.kind,
    state: row.state,
    fileName: new SealedText({ kind: "import", no: row.import_no }, row.sealed_name, "fileName", { authorNo: row.account_no }),
    bytes: row.bytes,
    encoding: row.encoding,
    accountNo: row.account_no,
    startedAt: (row.started_at ?? row.created_at).toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
    rowsTotal: row.rows_total,
    rowsDone: row.rows_done,
    added: row.added,
    updated: row.updated,
    skipped: row.skipped,
    duplicates: row.duplicates,
    heldBack: row.held_back,
    problems: row.problems,
    rowsPerSecond: isRunning && row.recent_rate !== null ? Math.round(row.recent_rate) : null,
    secondsLeft: isRunning && left !== null && row.recent_rate !== null && row.recent_rate > 0 ? Math.ceil(left / row.recent_rate) : null,
    problem: row.failure?.split(":").at(-1) ?? null,
    mayUndo: row.state === "done" && row.tidied_at === null && row.account_no === context.actor.accountNo,
  };
}
