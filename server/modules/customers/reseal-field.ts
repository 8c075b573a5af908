import { randomUUID } from "node:crypto";
import { loadPolicy, type Field } from "#server/core/access/policy.ts";
import {
  actAs,
  classNumber,
  classOfNumber,
  queryOver,
  resealed,
  rowHash,
  SealedRecord,
  type Context,
  type HashedRow,
  type Storehouse,
} from "#server/core/door/index.ts";
import { BlobRejected, KeyErased } from "#server/core/vault/index.ts";
import type { Job } from "#server/platform/jobs/index.ts";
import { fieldClasses } from "#shared/rights.ts";
import { noteField, raisePolicyVersion } from "./change-fields.ts";
import { lockHashedRows, tableOf, type HashedKind } from "./list-hashed-rows.ts";
import { fieldFor, walkFieldRows } from "./walk-field-rows.ts";

/** SQLSTATE of a lock that was not to be had in time. */
const lockNotAvailable = "55P03";

/**
 * Moves the values of a field to the blobs of its class, in small transactions, and settles the class at the end. Rows keep
 * their version and times: for whoever edits one meanwhile nothing changed.
 */
export function resealField(storehouse: Storehouse, job: Job): Promise<void> {
  return walkFieldRows(storehouse, job, {
    where: strayBlobs,
    do: (kind, numbers) => resealNext(storehouse, kind, numbers, job.signal),
    event: "field.settled",
    settle,
  });
}

/** The rows that may hold the field where it does not belong any more. */
function strayBlobs(field: Field): string | null {
  const former = field.storedClasses.filter((stored) => stored !== goalOf(field)).map((stored) => `sealed_${fieldClasses[stored] as string} is not null`);
  return former.length === 0 ? null : former.join(" or ");
}

async function resealNext(storehouse: Storehouse, kind: HashedKind, numbers: readonly number[], signal: AbortSignal): Promise<void> {
  const held = await resealRows(storehouse, kind, numbers, false);
  // Whoever edits one of the others is not waited for while rows are held, so that nobody waits in a circle.
  for (const no of numbers.filter((each) => !held.has(each))) {
    await resealBusyRow(storehouse, kind, no, signal);
  }
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

/** The class holds from here on. */
async function settle(context: Context, fieldNo: number): Promise<void> {
  const field = fieldFor(await loadPolicy(context.db), fieldNo);
  const goal = goalOf(field);
  await context.db.query("update fields set class = $2, target_class = null, stored_classes = array[$2]::smallint[] where field_no = $1", [fieldNo, goal]);
  noteField(context, { ...field, class: classOfNumber(goal), targetClass: null, storedClasses: [goal] }, await raisePolicyVersion(context));
}

/** The number of the class in which the field's values belong. */
function goalOf(field: Field): number {
  return classNumber(field.targetClass ?? field.class);
}
