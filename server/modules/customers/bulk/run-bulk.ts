import { randomUUID } from "node:crypto";
import { actAs, actFor, beginTransaction, type Context, type Storehouse } from "#server/core/door/index.ts";
import { KeyErased } from "#server/core/vault/index.ts";
import { addJob, type Job } from "#server/platform/jobs/index.ts";
import { Problem } from "#shared/problems.ts";
import { carryOutNext, noteOperation, type HandOverHook } from "./carry-out.ts";
import { demandVerbs } from "./goal-of.ts";
import { operationFor, type OperationRow } from "./operation-records.ts";
import { undoBulkTask } from "./undo-bulk.ts";

/**
 * The work of an operation, batch by batch, each a transaction with its event and by the rights of whoever began it as they
 * stand at that moment. Taken up again after a crash, it goes on with those who still wait.
 */
export async function runBulk(storehouse: Storehouse, job: Job, onHandOver: HandOverHook | undefined): Promise<void> {
  const operationNo = job.payload["operationNo"] as number;
  const operation = await decided(storehouse, operationNo, job.payload["isApproved"] as boolean | undefined);
  if (operation.state !== "running") {
    return;
  }
  try {
    for (let isMore = true; isMore;) {
      job.signal.throwIfAborted();
      isMore = await actFor(storehouse, operation.account_no, "customers.bulk-batch", randomUUID(), async (context) => {
        const now = await operationFor(context, operationNo, "change");
        noteOperation(context, now);
        if (now.state !== "running") {
          return false;
        }
        demandVerbs(context, now.kind);
        return carryOutNext(context, now, onHandOver);
      });
    }
  } catch (error) {
    if (!(error instanceof KeyErased) && !(error instanceof Problem && lasting.has(error.code))) {
      throw error;
    }
    await end(storehouse, operation, error instanceof Problem ? error.code : "unexpected");
    return;
  }
  await end(storehouse, operation, null);
}

/** Refusals that trying again does not mend. */
const lasting: ReadonlySet<string> = new Set(["not-permitted", "not-found", "invalid-input", "card-number"]);

/** An operation that waited for a second person begins, or comes to nothing. */
async function decided(storehouse: Storehouse, operationNo: number, isApproved: boolean | undefined): Promise<OperationRow> {
  return quietly(storehouse, async (context) => {
    if (isApproved !== undefined) {
      await context.db.query(
        `update bulk_operations set state = $2, started_at = $3, finished_at = case when $2 = 'refused' then $3::timestamptz end
          where operation_no = $1 and state = 'awaits-approval'`,
        [operationNo, isApproved ? "running" : "refused", storehouse.clock()],
      );
    }
    return operationFor(context, operationNo);
  });
}

/** What a failed operation has done already is undone, so that nothing half-done stays. */
async function end(storehouse: Storehouse, { operation_no: operationNo }: OperationRow, failure: string | null): Promise<void> {
  await actAs(storehouse, "system", "customers.bulk-done", randomUUID(), async (context) => {
    const now = await operationFor(context, operationNo, "change");
    noteOperation(context, now);
    context.journal.fact("accountNo", now.account_no);
    if (now.state !== "running") {
      return;
    }
    const state = failure === null ? "done" : now.changed === 0 ? "failed" : "undoing";
    await context.db.query("update bulk_operations set state = $2, failure = $3, finished_at = $4 where operation_no = $1", [
      operationNo,
      state,
      failure,
      storehouse.clock(),
    ]);
    if (state === "undoing") {
      await addJob(context.db, undoBulkTask, { operationNo }, { key: `undo bulk ${operationNo}` });
    }
    for (const [name, value] of Object.entries({ changed: now.changed, stayed: now.stayed, refused: now.refused, failure })) {
      context.journal.fact(name, value);
    }
  });
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
