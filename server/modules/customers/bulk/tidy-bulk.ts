import { randomUUID } from "node:crypto";
import { actAs, heldAmong, type Context, type Storehouse } from "#server/core/door/index.ts";
import type { Job } from "#server/platform/jobs/index.ts";
import { undoDays } from "./operation-records.ts";
import { quietly } from "./run-bulk.ts";

export const tidyBulkTask = "customers.bulk-tidy";
const dayMs = 86_400_000;

/**
 * Removes what old operations keep for being undone: former values, and the key of what was typed. The numbers stay. An operation with
 * somebody in it who is under a hold is kept whole.
 */
export async function tidyBulk(storehouse: Storehouse, job: Job): Promise<void> {
  const now = storehouse.clock();
  const old = await quietly(storehouse, (context) =>
    context.db.query<{ operation_no: number; query_no: string | null }>(
      `select operation_no, query_no from bulk_operations
        where tidied_at is null and state in ('done', 'failed', 'refused', 'undone') and coalesce(finished_at, created_at) < $1 order by operation_no`,
      [new Date(now.getTime() - undoDays * dayMs)],
    ),
  );
  for (const { operation_no: operationNo, query_no: queryNo } of old) {
    job.signal.throwIfAborted();
    if (await quietly(storehouse, ({ db }) => isKept({ db, door: storehouse.door }, operationNo))) continue;
    if (queryNo !== null) {
      await storehouse.door.vault.eraseKey({ kind: "query", no: Number(queryNo) });
    }
    await actAs(storehouse, "system", "customers.bulk-tidied", randomUUID(), async (context) => {
      await context.db.query("delete from bulk_members where operation_no = $1", [operationNo]);
      await context.db.query("update bulk_operations set tidied_at = $2, sealed_values = null where operation_no = $1", [operationNo, now]);
      context.journal.fact("operation", operationNo);
    });
  }
}

async function isKept(context: Pick<Context, "db" | "door">, operationNo: number): Promise<boolean> {
  const members = await context.db.query<{ no: number }>("select customer_no as no from bulk_members where operation_no = $1", [operationNo]);
  return (
    (
      await heldAmong(
        context,
        "customer",
        members.map(({ no }) => no),
      )
    ).size > 0
  );
}
