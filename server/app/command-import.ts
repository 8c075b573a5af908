import { createReadStream, statSync } from "node:fs";
import { basename } from "node:path";
import { importFile, importRunTasks, type ImportResult } from "#server/modules/imports/index.ts";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { findRunningServer } from "#server/platform/database/find-running-server.ts";
import { startJobs } from "#server/platform/jobs/index.ts";
import { importKinds } from "#shared/imports.ts";
import { problems, Problem, type ProblemCode } from "#shared/problems.ts";
import type { Asked } from "./asked.ts";
import { openStorehouse, poolDb, type OpenStorehouse } from "./open-storehouse.ts";
import { rowProblemSentences, unreadableSentences } from "./import-sentences.ts";
import { showProgress } from "./show-progress.ts";

const modes = ["skip", "update", "add"] as const;
const usage = {
  ja: "使い方: ./kuraban import ファイル --map auto [--department 部門名] [--duplicates skip|update|add] [--kind customers|purchases] [--json]",
  en: "Usage: ./kuraban import FILE --map auto [--department NAME] [--duplicates skip|update|add] [--kind customers|purchases] [--json]",
};

/**
 * `./kuraban import FILE`: the same pipeline as the screen's, with the guessed mapping, as the console. Works beside a running
 * server. Prints counts and problems by row and code; no value of anybody.
 */
export async function run(asked: Asked): Promise<number> {
  const [path, ...more] = asked.words;
  const mode = modes.find((one) => one === (asked.option("duplicates") ?? "skip"));
  const kind = importKinds.find((one) => one === (asked.option("kind") ?? "customers"));
  if (
    kind === undefined ||
    (kind === "purchases" && mode === "update") ||
    path === undefined ||
    more.length > 0 ||
    mode === undefined ||
    (asked.option("map") ?? "auto") !== "auto"
  ) {
    throw new CannotStart(usage);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new CannotStart({ ja: "ファイルが見つかりません。", en: "There is no such file." });
  }
  const started = performance.now();
  const running = asked.place.databaseUrl === undefined ? findRunningServer(asked.place) : undefined;
  const open = await openStorehouse({
    place: running === undefined ? asked.place : { ...asked.place, databaseUrl: running },
    onTrouble: (what) => process.stderr.write(`${what}\n`),
    appConnections: 6,
  });
  const progress = showProgress(asked.json);
  const jobs = startJobs({ pool: open.pools.app, tasks: importRunTasks(open.storehouse), concurrency: 1 });
  try {
    const cellNo = await cellOf(open, asked.option("department"));
    const result = await importFile(open.storehouse, {
      source: createReadStream(path),
      fileName: basename(path),
      cellNo,
      duplicates: mode,
      kind,
      onProgress: (rows) => progress.report({ table: "import", rows, bytes: 0 }),
    });
    progress.end();
    print(result, asked.json, (performance.now() - started) / 1000);
    return 0;
  } catch (error) {
    if (error instanceof Problem) {
      throw sentenceFor(error);
    }
    throw error;
  } finally {
    progress.end();
    await jobs.stop();
    await open.close();
  }
}

/** The first cell of the named department, or of the only one that has no other above it. */
async function cellOf(open: OpenStorehouse, name: string | undefined): Promise<number> {
  const departments = await poolDb(open.pools.app).query<{ name: string; cell_no: number }>(
    `select d.name, min(c.cell_no) as cell_no from departments d join cells c using (department_no)
      where not d.is_closed and ($1::text is null and d.parent_no is null or d.name = $1) group by d.department_no order by d.department_no`,
    [name ?? null],
  );
  const [department, other] = departments;
  if (department === undefined || (name !== undefined && other !== undefined)) {
    throw new CannotStart({
      ja: name === undefined ? "部門がまだありません。最初の設定を済ませてください。" : "その名前の部門が見つからないか、複数あります。",
      en: name === undefined ? "There is no department yet. Finish the first set-up." : "There is no such department, or more than one.",
    });
  }
  return department.cell_no;
}

function print(result: ImportResult, asJson: boolean, seconds: number): void {
  const { rows, added, updated, duplicates } = result;
  const found = result.problems.map((problem) => ({
    ...problem,
    message: `${rowProblemSentences[problem.code].ja} / ${rowProblemSentences[problem.code].en}`,
  }));
  if (asJson) {
    process.stdout.write(`${JSON.stringify({ rows, added, updated, duplicates, problems: found })}\n`);
    return;
  }
  process.stdout.write(
    `取り込みました: ${rows} 行、追加 ${added}、更新 ${updated}、重複 ${duplicates}、確認が必要 ${found.length}(${seconds.toFixed(1)} 秒)\n`,
  );
  process.stdout.write(
    `Imported: ${rows} rows, ${added} added, ${updated} updated, ${duplicates} duplicates, ${found.length} to look at (${seconds.toFixed(1)} s)\n`,
  );
  for (const { row, column, message } of found.slice(0, 50)) {
    process.stdout.write(`  ${row}${column === null ? "" : `:${column + 1}`}  ${message}\n`);
  }
  if (found.length > 50) {
    process.stdout.write(`  … ${found.length - 50}\n`);
  }
}

function sentenceFor(problem: Problem): CannotStart {
  const { reason } = problem.facts;
  const known = typeof reason === "string" ? unreadableSentences[reason as keyof typeof unreadableSentences] : undefined;
  const { ja, en } = known ?? problems[problem.code as ProblemCode] ?? problems.unexpected;
  return new CannotStart({ ja, en });
}
