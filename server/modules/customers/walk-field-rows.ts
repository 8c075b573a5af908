import { randomUUID } from "node:crypto";
import type { Field, Policy } from "#server/core/access/policy.ts";
import { actAs, beginTransaction, type Context, type Storehouse } from "#server/core/door/index.ts";
import type { Job } from "#server/platform/jobs/index.ts";
import { tableOf, type HashedKind } from "./list-hashed-rows.ts";

/** What is done with every row of a kind because a field changed. */
export interface FieldWork {
  /** Condition of the rows that are to be done, in SQL; null: there are none. */
  where(field: Field): string | null;
  do(kind: HashedKind, numbers: readonly number[]): Promise<void>;
  /** The event of the end. */
  readonly event: string;
  settle(context: Context, fieldNo: number): Promise<void>;
}

const rowsAtOnce = 200;

/**
 * Does the work of a job on a field in small steps, and settles it at the end, unless the field was changed again meanwhile: then the
 * next run settles it. Bears being ended and begun again anywhere.
 */
export async function walkFieldRows(storehouse: Storehouse, job: Job, work: FieldWork): Promise<void> {
  const fieldNo = job.payload["fieldNo"] as number;
  await outliveOlderTransactions(storehouse, job.signal);
  let after = job.payload["after"] as number;
  for (;;) {
    job.signal.throwIfAborted();
    const { kind, numbers } = await findRows(storehouse, work, fieldNo, after);
    if (numbers.length === 0) break;
    await work.do(kind, numbers);
    after = numbers.at(-1) as number;
    if (!(await job.remember(storehouse.pool, { fieldNo, after }))) return;
  }
  await actAs(storehouse, "system", work.event, randomUUID(), async (context) => {
    await context.db.query("select one from organisation for update");
    if (await job.remember(context.db, { fieldNo, after })) await work.settle(context, fieldNo);
    else context.journal.fact("superseded", true);
  });
}

export function fieldFor({ fields }: Policy, fieldNo: number): Field {
  const field = fields.find((each) => each.no === fieldNo);
  if (field === undefined) throw new Error("a field that a job is about does not exist");
  return field;
}

async function findRows(storehouse: Storehouse, { where }: FieldWork, fieldNo: number, after: number): Promise<{ kind: HashedKind; numbers: number[] }> {
  const transaction = await beginTransaction(storehouse, { as: "system" }, storehouse.clock());
  try {
    const field = fieldFor(transaction.policy, fieldNo);
    const kind = field.kind as HashedKind;
    const condition = where(field);
    if (condition === null) return { kind, numbers: [] };
    const rows = await transaction.db.query<{ no: number }>(
      `select ${kind}_no as no from ${tableOf[kind]} where ${kind}_no > $1 and (${condition}) order by ${kind}_no limit $2`,
      [after, rowsAtOnce],
    );
    return { kind, numbers: rows.map((row) => row.no) };
  } finally {
    await transaction.rollback();
  }
}

/**
 * Waits for transactions that began before the field was changed: they write by the former policy, perhaps into rows that were passed
 * already.
 */
async function outliveOlderTransactions({ pool }: Storehouse, signal: AbortSignal): Promise<void> {
  // As text: a Date would lose the microseconds.
  const [begun] = (await pool.query<{ at: string }>("select clock_timestamp()::text as at")).rows;
  for (let waits = 0; ; waits++) {
    const older = await pool.query(
      "select from pg_stat_activity where datname = current_database() and usename = current_user and pid <> pg_backend_pid() and xact_start < $1::timestamptz limit 1",
      [begun?.at],
    );
    if (older.rowCount === 0) {
      return;
    }
    if (waits >= 300) {
      throw new Error("an older transaction does not end");
    }
    signal.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
