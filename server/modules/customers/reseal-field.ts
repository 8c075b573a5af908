import { randomUUID } from "node:crypto";
import { loadPolicy, type Field, type Policy } from "#server/core/access/policy.ts";
import {
  actAs,
  beginTransaction,
  classNumber,
  classOfNumber,
  queryOver,
  resealed,
  rowHash,
  SealedRecord,
  type HashedRow,
  type Storehouse,
} from "#server/core/door/index.ts";
import { BlobRejected, KeyErased } from "#server/core/vault/index.ts";
import type { Job } from "#server/platform/jobs/index.ts";
import { fieldClasses } from "#shared/rights.ts";
import { noteField, raisePolicyVersion } from "./change-fields.ts";
import { lockHashedRows, tableOf, type HashedKind } from "./list-hashed-rows.ts";

const rowsAtOnce = 200;
/** SQLSTATE of a lock that was not to be had in time. */
const lockNotAvailable = "55P03";

/**
 * Moves the values of a field to the blobs of its class, in small transactions, and settles the class at the end. Rows keep
 * their version and times: for whoever edits one meanwhile nothing changed. Bears being ended and begun again anywhere.
 */
export async function resealField(storehouse: Storehouse, job: Job): Promise<void> {
  const fieldNo = job.payload["fieldNo"] as number;
  await outliveOlderTransactions(storehouse, job.signal);
  let after = job.payload["after"] as number;
  for (;;) {
    job.signal.throwIfAborted();
    const last = await resealNext(storehouse, fieldNo, after, job.signal);
    if (last === null) {
      break;
    }
    after = last;
    if (!(await job.remember(storehouse.pool, { fieldNo, after }))) {
      return;
    }
  }
  await settle(storehouse, job, fieldNo, after);
}

/**
 * Waits for transactions that began before the field was classed anew: they write by the former policy, perhaps into rows
 * that were passed already.
 */
export async function outliveOlderTransactions({ pool }: Storehouse, signal: AbortSignal): Promise<void> {
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

/** The last number of the next rows that may hold the field where it does not belong any more; null when there is none. */
async function resealNext(storehouse: Storehouse, fieldNo: number, after: number, signal: AbortSignal): Promise<number | null> {
  const { kind, numbers } = await findRows(storehouse, fieldNo, after);
  if (numbers.length === 0) {
    return null;
  }
  const held = await resealRows(storehouse, kind, numbers, false);
  // Whoever edits one of the others is not waited for while rows are held, so that nobody waits in a circle.
  for (const no of numbers.filter((each) => !held.has(each))) {
    await resealBusyRow(storehouse, kind, no, signal);
  }
  return numbers.at(-1) as number;
}

async function resealBusyRow(storehouse: Storehouse, kind: HashedKind, no: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await resealRows(storehouse, kind, [no], true);
      return;
    } catch (error) {
      if ((error as { code?: unknown }).code !== lockNotAvailable) {
        throw error;
      }
      signal.throwIfAborted();
    }
  }
}

async function findRows(storehouse: Storehouse, fieldNo: number, after: number): Promise<{ kind: HashedKind; numbers: number[] }> {
  const transaction = await beginTransaction(storehouse, { as: "system" }, storehouse.clock());
  try {
    const field = fieldFor(transaction.policy, fieldNo);
    const kind = field.kind as HashedKind;
    const former = field.storedClasses.filter((stored) => stored !== goalOf(field)).map((stored) => `sealed_${fieldClasses[stored] as string} is not null`);
    const rows =
      former.length === 0
        ? []
        : await transaction.db.query<{ no: number }>(
            `select ${kind}_no as no from ${tableOf[kind]} where ${kind}_no > $1 and (${former.join(" or ")}) order by ${kind}_no limit $2`,
            [after, rowsAtOnce],
          );
    return { kind, numbers: rows.map((row) => row.no) };
  } finally {
    await transaction.rollback();
  }
}

/** Seals the given rows anew, each value in the class where it belongs now; replies which rows it held. */
function resealRows(storehouse: Storehouse, kind: HashedKind, numbers: readonly number[], wait: boolean): Promise<Set<number>> {
  return actAs(storehouse, "system", `${kind}.resealed`, randomUUID(), async (context) => {
    await context.db.query("set local lock_timeout = '1s'");
    const rows = await lockHashedRows(queryOver(context.db), kind, numbers, wait);
    const moved: { row: HashedRow; blobs: (Buffer | null)[] }[] = [];
    let unopened = 0;
    for (const row of rows) {
      try {
        const blobs = resealed(context, new SealedRecord({ ...row, kind }), row.version);
        if (blobs !== null) {
          moved.push({ row, blobs });
        }
      } catch (error) {
        // A row that was changed around the product, or whose key is gone, cannot be read in any class: the sweep names it.
        if (!(error instanceof BlobRejected || error instanceof KeyErased)) {
          throw error;
        }
        unopened += 1;
      }
    }
    await context.db.query(
      `update ${tableOf[kind]} r set sealed_open = n.o, sealed_internal = n.i, sealed_personal = n.p, sealed_sensitive = n.s
         from unnest($1::integer[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[]) as n (no, o, i, p, s) where r.${kind}_no = n.no`,
      [moved.map(({ row }) => row.no), ...fieldClasses.map((_, index) => moved.map(({ blobs }) => blobs[index]))],
    );
    for (const { row, blobs } of moved) {
      context.journal.wrote(kind, row.no, rowHash({ ...row, blobs }));
    }
    context.journal.fact("examined", rows.length);
    if (unopened > 0) {
      context.journal.fact("unopened", unopened);
    }
    return new Set(rows.map((row) => row.no));
  });
}

/** The class holds from here on, unless the field was classed anew meanwhile: then the next run settles it. */
function settle(storehouse: Storehouse, job: Job, fieldNo: number, after: number): Promise<void> {
  return actAs(storehouse, "system", "field.settled", randomUUID(), async (context) => {
    await context.db.query("select one from organisation for update");
    if (!(await job.remember(context.db, { fieldNo, after }))) {
      context.journal.fact("superseded", true);
      return;
    }
    const field = fieldFor(await loadPolicy(context.db), fieldNo);
    const goal = goalOf(field);
    await context.db.query("update fields set class = $2, target_class = null, stored_classes = array[$2]::smallint[] where field_no = $1", [fieldNo, goal]);
    noteField(context, { ...field, class: classOfNumber(goal), targetClass: null, storedClasses: [goal] }, await raisePolicyVersion(context));
  });
}

function fieldFor(policy: Policy, fieldNo: number): Field {
  const field = policy.fields.find((each) => each.no === fieldNo);
  if (field === undefined) {
    throw new Error("a field to be resealed does not exist");
  }
  return field;
}

/** The number of the class in which the field's values belong. */
function goalOf(field: Field): number {
  return classNumber(field.targetClass ?? field.class);
}
