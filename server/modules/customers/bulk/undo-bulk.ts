import { randomUUID } from "node:crypto";
import { actAs, type Context, type Draft, type Input, type Storehouse } from "#server/core/door/index.ts";
import { relationOf } from "#server/core/access/compile.ts";
import { rightsOf } from "#server/core/access/policy.ts";
import { addJob, type Job } from "#server/platform/jobs/index.ts";
import type { undoBulk as endpoint } from "#shared/bulk.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import { putBackCustomers, type FormerCustomer } from "../change-customers.ts";
import { mayWriteSome } from "../may-write.ts";
import { batchRows, noteOperation, type HandOverHook } from "./carry-out.ts";
import { mayUndo, operationFor, type OperationRow } from "./operation-records.ts";

export const undoBulkTask = "customers.bulk-undo";

/**
 * Undoes an operation. By a job of the house itself, because whoever handed customers over may not see them any more; what it
 * makes of them is what they were. Only as far as the operation would still be the caller's to do there: customers whom the
 * caller has no right on any more, back where they were, stay where they are.
 */
export async function undoBulk(context: Context, input: Input<typeof endpoint>): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const row = await operationFor(context, input.params.operationNo, "change");
  if (!mayUndo(row, context.now)) {
    throw new Problem("conflict", { reason: row.state === "done" ? "not-undoable" : row.state });
  }
  await context.db.query("update bulk_operations set state = 'undoing', started_at = $2 where operation_no = $1", [row.operation_no, context.now]);
  await addJob(context.db, undoBulkTask, { operationNo: row.operation_no }, { key: `undo bulk ${row.operation_no}` });
  noteOperation(context, row);
  return { state: "undoing" };
}

/** The work of an undo, batch by batch. Who was changed by somebody since is left alone, and stands in the operation by number. */
export async function runUndo(storehouse: Storehouse, job: Job, onHandOver: HandOverHook | undefined): Promise<void> {
  const operationNo = job.payload["operationNo"] as number;
  for (let isMore = true; isMore;) {
    job.signal.throwIfAborted();
    isMore = await actAs(storehouse, "system", "customers.bulk-put-back", randomUUID(), async (context) => {
      const row = await operationFor(context, operationNo, "change");
      noteOperation(context, row);
      context.journal.fact("accountNo", row.account_no);
      return row.state === "undoing" && (await putBackNext(context, row, onHandOver));
    });
  }
}

interface MemberRow {
  readonly customer_no: number;
  readonly version: number;
  readonly state: "active" | "trashed";
  readonly owner_no: number | null;
  readonly cell_no: number;
  readonly company_no: number | null;
  readonly sealed_open: Buffer | null;
  readonly sealed_internal: Buffer | null;
  readonly sealed_personal: Buffer | null;
  readonly sealed_sensitive: Buffer | null;
}

async function putBackNext(context: Context, operation: OperationRow, onHandOver: HandOverHook | undefined): Promise<boolean> {
  const members = await context.db.query<MemberRow>(
    `select customer_no, version, state, owner_no, cell_no, company_no, sealed_open, sealed_internal, sealed_personal, sealed_sensitive
       from bulk_members where operation_no = $1 and outcome = 'changed' order by customer_no limit $2 for update`,
    [operation.operation_no, batchRows],
  );
  if (members.length === 0) {
    await context.db.query("update bulk_operations set state = $2, finished_at = $3 where operation_no = $1", [
      operation.operation_no,
      operation.failure === null ? "undone" : "failed",
      context.now,
    ]);
    return false;
  }
  const theirs = members.filter((one) => mayTakeBack(context, operation, one));
  const putBack = new Set(await putBackCustomers(context, new Map(theirs.map((one) => [one.customer_no, formerOf(one)]))));
  if (operation.kind === "hand-over" && onHandOver !== undefined) {
    for (const [ownerNo, group] of Map.groupBy(members, (one) => one.owner_no)) {
      const back = group.map((one) => one.customer_no).filter((no) => putBack.has(no));
      if (ownerNo !== null && back.length > 0) {
        await onHandOver(context, operation.goal.ownerNo as number, ownerNo, back);
      }
    }
  }
  await context.db.query(
    `update bulk_members set outcome = case when customer_no = any($3) then 'put-back' else 'left-alone' end
      where operation_no = $1 and customer_no = any($2)`,
    [operation.operation_no, members.map((one) => one.customer_no), [...putBack]],
  );
  await context.db.query("update bulk_operations set put_back = put_back + $2, left_alone = left_alone + $3 where operation_no = $1", [
    operation.operation_no,
    putBack.size,
    members.length - putBack.size,
  ]);
  context.journal.fact("putBack", putBack.size);
  context.journal.fact("leftAlone", members.length - putBack.size);
  return true;
}

/** An operation that failed is taken back by the house, whoever began it. */
function mayTakeBack({ policy }: Context, operation: OperationRow, one: MemberRow): boolean {
  const rights = rightsOf(policy, operation.account_no);
  return operation.failure !== null || mayWriteSome(rights, relationOf(rights, { ownerNo: one.owner_no, cellNo: one.cell_no }));
}

function formerOf(one: MemberRow): { version: number } & FormerCustomer {
  return {
    version: one.version,
    state: one.state,
    ownerNo: one.owner_no,
    cellNo: one.cell_no,
    companyNo: one.company_no,
    blobs: [one.sealed_open, one.sealed_internal, one.sealed_personal, one.sealed_sensitive],
  };
}
