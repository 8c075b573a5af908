import { randomUUID } from "node:crypto";
import { actAs, heldAmong, queryOver, type Context, type Erasure, type Storehouse } from "#server/core/door/index.ts";
import { lastActivities } from "#server/modules/activities/index.ts";
import { keptFor } from "#server/modules/customers/index.ts";
import type { Job } from "#server/platform/jobs/index.ts";
import { eraseRows } from "./erase-rows.ts";
import { noteRequestWritten } from "./hashed-requests.ts";

export const erasureTask = "requests.erase";

/** What an erasure needs of the rest of the product. */
export interface ErasureHouse {
  /** What each module destroys with a person, lowest module first. */
  readonly erasures: () => readonly Erasure[];
  /** Overwrites the key files of all known backups: until then an older one still opens what was erased. */
  readonly refreshKeyFiles: () => Promise<{ written: readonly string[]; missed: readonly string[] }>;
}

/** Keys are destroyed for so many persons with one write of the keys. */
const personsAtOnce = 100;

/**
 * Carries out an erasure that was allowed: rows person by person, then keys in batches, then the key files of the backups.
 * Each step is marked in the transaction that makes it, so that after a crash the next run goes on where this one stood;
 * destroying a key twice is destroying it once. Who came under a hold meanwhile is left alone and counted, and so is, of a
 * disposal, whoever was taken up again since it was asked for.
 */
export async function runErasure(storehouse: Storehouse, job: Job, house: ErasureHouse): Promise<void> {
  const erasureNo = Number(job.payload["erasureNo"]);
  const disposal = await disposalOf(storehouse, erasureNo);
  for (;;) {
    job.signal.throwIfAborted();
    const waiting = await nextMembers(storehouse, erasureNo);
    if (waiting.length === 0) {
      break;
    }
    const gone: number[] = waiting.filter((member) => member.rowsGone).map((member) => member.customerNo);
    for (const { customerNo } of waiting.filter((member) => !member.rowsGone)) {
      job.signal.throwIfAborted();
      if (await leaveIfKept(storehouse, { erasureNo, disposal }, customerNo)) {
        continue;
      }
      await eraseRows(storehouse, house.erasures(), customerNo, async (context) => {
        await context.db.query("update erasure_members set rows_gone_at = $3 where erasure_no = $1 and customer_no = $2", [erasureNo, customerNo, context.now]);
        context.journal.fact("erasureNo", erasureNo);
      });
      gone.push(customerNo);
    }
    await destroyKeys(storehouse, erasureNo, gone);
  }
  await finish(storehouse, erasureNo, house);
}

async function nextMembers(storehouse: Storehouse, erasureNo: number): Promise<{ customerNo: number; rowsGone: boolean }[]> {
  return storehouse.door.snapshot(async (query) => {
    const { rows } = await query.query(
      `select customer_no, rows_gone_at is not null as rows_gone from erasure_members
        where erasure_no = $1 and key_gone_at is null and not is_held order by customer_no limit ${personsAtOnce}`,
      [erasureNo],
    );
    return rows.map((row) => ({ customerNo: Number(row["customer_no"]), rowsGone: row["rows_gone"] === true }));
  });
}

interface Disposal {
  readonly reason: "term-over" | "trash-term-over";
  readonly askedAt: Date;
}

/** Null for an erasure: whoever asked for that named the person. */
async function disposalOf(storehouse: Storehouse, erasureNo: number): Promise<Disposal | null> {
  return storehouse.door.snapshot(async (query) => {
    const { rows } = await query.query("select reason_code, asked_at from erasures where erasure_no = $1 and kind = 'disposal'", [erasureNo]);
    return rows[0] === undefined ? null : { reason: rows[0]["reason_code"] as Disposal["reason"], askedAt: rows[0]["asked_at"] as Date };
  });
}

async function leaveIfKept(
  storehouse: Storehouse,
  { erasureNo, disposal }: { erasureNo: number; disposal: Disposal | null },
  customerNo: number,
): Promise<boolean> {
  return actAs(storehouse, "system", "erasure.checked", randomUUID(), async (context) => {
    const isHeld =
      (await heldAmong(context, "customer", [customerNo])).has(customerNo) || (disposal !== null && !(await isStillDue(context, disposal, customerNo)));
    context.journal.fact("erasureNo", erasureNo);
    context.journal.fact("isHeld", isHeld);
    context.journal.touched("customer", customerNo);
    if (isHeld) {
      await context.db.query("update erasure_members set is_held = true where erasure_no = $1 and customer_no = $2", [erasureNo, customerNo]);
    }
    return isHeld;
  });
}

/** A row that was merged into another is due as long as that one is. */
async function isStillDue(context: Context, { reason, askedAt }: Disposal, customerNo: number): Promise<boolean> {
  const kept = (await keptFor(queryOver(context.db), "customer", [customerNo])).get(customerNo) ?? customerNo;
  const [row] = await context.db.query<{ is_due: boolean; is_asked: boolean }>(
    `select case when $2 = 'trash-term-over' then state = 'trashed' and trashed_at <= $3 else state = 'active' and updated_at <= $3 end as is_due,
            exists (select from person_requests r where r.customer_no = c.customer_no and r.state in ('open', 'decided')) as is_asked
       from customers c where customer_no = $1 for update`,
    [kept, reason, askedAt],
  );
  if (row === undefined) {
    // The row that it stood for has gone already.
    return true;
  }
  const last = (await lastActivities(context, [kept])).get(kept);
  return row.is_due && !row.is_asked && (reason === "trash-term-over" || last === undefined || last <= askedAt);
}

async function destroyKeys(storehouse: Storehouse, erasureNo: number, numbers: readonly number[]): Promise<void> {
  if (numbers.length === 0) {
    return;
  }
  await storehouse.door.vault.eraseKeys(numbers.map((no) => ({ kind: "customer", no }) as const));
  await actAs(storehouse, "system", "erasure.keys-destroyed", randomUUID(), async (context) => {
    await context.db.query("update erasure_members set key_gone_at = $3 where erasure_no = $1 and customer_no = any($2)", [erasureNo, numbers, context.now]);
    await context.db.query(
      "update erasures set erased = (select count(*) from erasure_members m where m.erasure_no = $1 and m.key_gone_at is not null) where erasure_no = $1",
      [erasureNo],
    );
    await noteRequestWritten(context, "erasure", erasureNo);
    for (const no of numbers) {
      context.journal.touched("customer", no);
    }
    context.journal.fact("erasureNo", erasureNo);
    context.journal.fact("persons", numbers.length);
  });
}

async function finish(storehouse: Storehouse, erasureNo: number, house: ErasureHouse): Promise<void> {
  const { written, missed } = await house.refreshKeyFiles();
  await actAs(storehouse, "system", "erasure.done", randomUUID(), async (context) => {
    const [row] = await context.db.query<{ erased: number; held: number }>(
      `update erasures set state = 'done', done_at = coalesce(done_at, $2), keys_refreshed_at = $2, keys_missed = $3,
              held = (select count(*) from erasure_members m where m.erasure_no = $1 and m.is_held)
        where erasure_no = $1 returning erased, held`,
      [erasureNo, context.now, missed.length],
    );
    await noteRequestWritten(context, "erasure", erasureNo);
    context.journal.fact("erasureNo", erasureNo);
    context.journal.fact("erased", row?.erased ?? 0);
    context.journal.fact("held", row?.held ?? 0);
    context.journal.fact("keyFolders", written.length);
    context.journal.fact("keyFoldersMissed", missed.length);
  });
}
