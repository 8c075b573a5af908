import { randomUUID } from "node:crypto";
import { actAs, beginTransaction, readStaged, removeStaged, type Context, type Storehouse } from "#server/core/door/index.ts";
import { BlobRejected, KeyErased } from "#server/core/vault/index.ts";
import { addJob, type Job } from "#server/platform/jobs/index.ts";
import { dayInJapan } from "#shared/day-in-japan.ts";
import type { Mapping } from "#shared/imports.ts";
import { Problem } from "#shared/problems.ts";
import { actForImporter } from "./act-for-importer.ts";
import { importFor, type ImportRow } from "./import-records.ts";
import { countRows, planBatches, plannedFieldsOf } from "./plan-batches.ts";
import { planPurchases } from "./plan-purchases.ts";
import { openTable, type Table } from "./reading/index.ts";
import { queryable } from "./start-import.ts";
import { undoTask } from "./undo-import.ts";
import { writeBatch, type Run } from "./write-batch.ts";
import { writePurchases } from "./write-purchases.ts";

/** Runs that failed without a reason that trying again could not mend are given up after so many. */
const mostAttempts = 8;

/**
 * The work of one import: reads the file to its end once, so that what cannot be read is refused before anything is written,
 * then takes it in batch by batch. Taken up again after a crash, it goes on behind the last committed batch.
 */
export async function runImport(storehouse: Storehouse, job: Job): Promise<void> {
  const importNo = job.payload["importNo"] as number;
  const row = await quietly(storehouse, (context) => importFor(context, importNo));
  if (row.state !== "running" || row.mapping === null) {
    return;
  }
  try {
    if (!(await takeInFile(storehouse, job, row, row.mapping))) {
      return;
    }
    await finish(storehouse, row);
  } catch (error) {
    const failure = failureOf(error, job);
    if (failure === undefined) {
      throw error;
    }
    await fail(storehouse, row, failure);
  }
  await removeStaged(storehouse.door, importNo);
}

/** False when the import does not run any more. */
async function takeInFile(storehouse: Storehouse, job: Job, row: ImportRow, mapping: Mapping): Promise<boolean> {
  const { import_no: importNo, account_no: accountNo } = row;
  const { file, fields } = await actForImporter(storehouse, accountNo, "import.read", async (context) => {
    context.journal.fact("import", importNo);
    return { file: await readStaged(context, importNo, row.bytes), fields: plannedFieldsOf(context.policy) };
  });
  let table: Table | undefined;
  // While one batch is being written the next one is being read.
  let writing: Promise<boolean> = Promise.resolve(true);
  try {
    table = await openTable(file);
    if (row.rows_total === null) {
      const rows = await countRows(table, mapping, job.signal);
      const { encoding } = table;
      await quietly(storehouse, (context) =>
        context.db.query("update imports set rows_total = $2, encoding = $3 where import_no = $1", [importNo, rows, encoding]),
      );
    }
    for await (const write of readAhead(batchesOf(storehouse, row, mapping, table, fields))) {
      if (!(await writing)) {
        return false;
      }
      job.signal.throwIfAborted();
      writing = write();
      // Its failure is met at the next turn; meanwhile nobody waits for it.
      writing.catch(() => undefined);
    }
    return await writing;
  } finally {
    await writing.catch(() => false);
    table?.close();
    await file.close();
  }
}

/** The writing of one batch after the other, each planned when it is asked for. */
async function* batchesOf(
  storehouse: Storehouse,
  { import_no: importNo, account_no: accountNo, kind, cursor_row: after }: ImportRow,
  mapping: Mapping,
  table: Table,
  fields: ReturnType<typeof plannedFieldsOf>,
): AsyncGenerator<() => Promise<boolean>> {
  const now = storehouse.clock();
  if (kind === "purchases") {
    for await (const batch of planPurchases(table, mapping, dayInJapan(now), after)) {
      yield () => writePurchases(storehouse, { importNo, accountNo, mapping }, batch);
    }
    return;
  }
  const run: Run = { importNo, accountNo, mapping, companies: new Map() };
  for await (const batch of planBatches(table, mapping, { today: now.toISOString().slice(0, 10), fields }, after)) {
    yield () => writeBatch(storehouse, run, batch);
  }
}

/** Takes the next item up while the last one is being worked on. */
async function* readAhead<Item>(source: AsyncGenerator<Item>): AsyncGenerator<Item> {
  const take = (): Promise<IteratorResult<Item>> => {
    const next = source.next();
    // Met when its turn comes.
    next.catch(() => undefined);
    return next;
  };
  try {
    let coming = take();
    for (let now = await coming; now.done !== true; now = await coming) {
      coming = take();
      yield now.value;
    }
  } finally {
    await source.return(undefined);
  }
}

async function finish(storehouse: Storehouse, row: ImportRow): Promise<void> {
  await actForImporter(storehouse, row.account_no, "import.done", async (context) => {
    const now = await importFor(context, row.import_no, "change");
    if (now.state !== "running") {
      return;
    }
    await context.db.query("update imports set state = 'done', rows_total = rows_done, finished_at = $2 where import_no = $1", [
      row.import_no,
      storehouse.clock(),
    ]);
    for (const [name, value] of Object.entries({
      import: row.import_no,
      rows: now.rows_done,
      added: now.added,
      updated: now.updated,
      skipped: now.skipped,
      problems: now.problems,
    })) {
      context.journal.fact(name, value);
    }
  });
}

/** What has been written of a failed import is undone, so nothing half-written stays. */
async function fail(storehouse: Storehouse, row: ImportRow, failure: string): Promise<void> {
  await actAs(storehouse, "system", "import.failed", randomUUID(), async (context) => {
    const now = await importFor(context, row.import_no, "change");
    if (now.state !== "running") {
      return;
    }
    const isClean = now.added === 0 && now.updated === 0;
    await context.db.query("update imports set state = $2, failure = $3, finished_at = $4 where import_no = $1", [
      row.import_no,
      isClean ? "failed" : "undoing",
      failure,
      storehouse.clock(),
    ]);
    if (!isClean) {
      await addJob(queryable(context), undoTask, { importNo: row.import_no }, { key: `undo ${row.import_no}` });
    }
    context.journal.fact("import", row.import_no);
    context.journal.fact("failure", failure);
  });
}

/** Why an import cannot be finished, as a code; undefined for what trying again may mend. */
function failureOf(error: unknown, job: Job): string | undefined {
  if (error instanceof Problem && ["file-unreadable", "file-too-large", "not-permitted", "not-found", "invalid-input"].includes(error.code)) {
    const { reason } = error.facts;
    return typeof reason === "string" ? `${error.code}:${reason}` : error.code;
  }
  if (error instanceof BlobRejected || error instanceof KeyErased) {
    return "file-unreadable";
  }
  const isOutage = error instanceof Problem || job.signal.aborted || typeof (error as { code?: unknown }).code === "string";
  return !isOutage && job.attempt >= mostAttempts ? "unexpected" : undefined;
}

/** Progress that the ledger does not speak of: a transaction of the house without an event. */
export async function quietly<Result>(storehouse: Storehouse, act: (context: Pick<Context, "db">) => Promise<Result>): Promise<Result> {
  const transaction = await beginTransaction(storehouse, { as: "system" }, storehouse.clock());
  try {
    const result = await act(transaction);
    await transaction.commit();
    return result;
  } finally {
    await transaction.rollback();
  }
}
