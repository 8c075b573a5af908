import { randomUUID } from "node:crypto";
import { actAs, type Context, type Draft, type Input, type Storehouse } from "#server/core/door/index.ts";
import { addJob, type Job } from "#server/platform/jobs/index.ts";
import { putBackCustomers, settleEntrusted, takeBackEntrusted, trashImported, trashImportedCompanies } from "#server/modules/customers/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { undoImport as endpoint } from "#shared/imports.ts";
import { Problem } from "#shared/problems.ts";
import { trashImportedPurchases } from "#server/modules/activities/index.ts";
import { importFor } from "./import-records.ts";
import { defaultOwner, mayImportPurchases } from "./import-rights.ts";
import { queryable } from "./start-import.ts";

export const undoTask = "import.undo";
const rowsAtOnce = 1_000;

/** Undoes a whole import in the background. Rows that somebody has changed since stay as they are. */
export async function undoImport(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const row = await importFor(context, input.params.importNo, "change");
  const { mapping } = row;
  if (row.state !== "done" || row.tidied_at !== null || mapping === null) {
    throw new Problem("conflict", { state: row.state });
  }
  const keys = mapping.columns.flatMap(({ field }) => field ?? []);
  const mayWrite =
    row.kind === "purchases"
      ? mayImportPurchases(context, context.actor.accountNo)
      : defaultOwner(context, context.actor.accountNo, mapping.cellNo, keys) !== undefined;
  if (!mayWrite) {
    throw new Problem("not-permitted");
  }
  await context.db.query("update imports set state = 'undoing' where import_no = $1", [row.import_no]);
  await addJob(queryable(context), undoTask, { importNo: row.import_no }, { key: `undo ${row.import_no}` });
  context.journal.fact("import", row.import_no);
  return { kind: "undoing" };
}

/** The work of an undo, in steps that each stand by themselves: taken up again after a crash it finds what is left. */
export async function runUndo(storehouse: Storehouse, job: Job): Promise<void> {
  const importNo = job.payload["importNo"] as number;
  for (const step of [takeBackNext, trashNext, putBackNext, trashNextCompanies, trashNextPurchases]) {
    let isMore = true;
    while (isMore) {
      job.signal.throwIfAborted();
      isMore = await actAs(storehouse, "system", "import.undo-batch", randomUUID(), async (context) => {
        const row = await importFor(context, importNo, "change");
        if (row.state !== "undoing") {
          return false;
        }
        context.journal.fact("import", importNo);
        context.journal.fact("accountNo", row.account_no);
        return (await step(context, importNo)) === rowsAtOnce;
      });
    }
  }
  await actAs(storehouse, "system", "import.undone", randomUUID(), async (context) => {
    context.journal.fact("import", importNo);
    await context.db.query(
      "update imports set state = case when failure is null then 'undone' else 'failed' end, finished_at = $2 where import_no = $1 and state = 'undoing'",
      [importNo, storehouse.clock()],
    );
  });
}

/** Before anything is put back: whom the import met and left as they were. */
async function takeBackNext(context: Context, importNo: number): Promise<number> {
  const changed = await context.db.query<{ no: number }>("select customer_no as no from import_updates where import_no = $1", [importNo]);
  const taken = await takeBackEntrusted(
    context,
    importNo,
    changed.map(({ no }) => no),
    rowsAtOnce,
  );
  context.journal.fact("entrusted", taken);
  return taken;
}

async function trashNext(context: Context, importNo: number): Promise<number> {
  // A row that was corrected cell by cell is still as the import made it.
  const corrected = await context.db.query<{ no: number; version: number }>(
    "select customer_no as no, version from import_rows where import_no = $1 and customer_no is not null and version is not null",
    [importNo],
  );
  const trashed = await trashImported(context, importNo, corrected, rowsAtOnce);
  context.journal.fact("trashed", trashed);
  return trashed;
}

async function putBackNext(context: Context, importNo: number): Promise<number> {
  const rows = await context.db.query<{
    customer_no: number;
    version: number;
    sealed_open: Buffer | null;
    sealed_internal: Buffer | null;
    sealed_personal: Buffer | null;
    sealed_sensitive: Buffer | null;
  }>(
    `delete from import_updates where import_no = $1
        and customer_no in (select customer_no from import_updates where import_no = $1 order by customer_no limit $2) returning *`,
    [importNo, rowsAtOnce],
  );
  const former = new Map(
    rows.map((row) => [row.customer_no, { version: row.version, blobs: [row.sealed_open, row.sealed_internal, row.sealed_personal, row.sealed_sensitive] }]),
  );
  const putBack = await putBackCustomers(context, former);
  context.journal.fact("putBack", putBack.length);
  context.journal.fact("entrusted", await settleEntrusted(context, importNo, [...former.keys()], putBack));
  return rows.length;
}

async function trashNextPurchases(context: Context, importNo: number): Promise<number> {
  const trashed = await trashImportedPurchases(context, importNo, rowsAtOnce);
  context.journal.fact("purchases", trashed);
  return trashed;
}

async function trashNextCompanies(context: Context, importNo: number): Promise<number> {
  const trashed = await trashImportedCompanies(context, importNo, rowsAtOnce);
  context.journal.fact("companies", trashed);
  return trashed;
}
