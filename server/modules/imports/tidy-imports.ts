import { randomUUID } from "node:crypto";
import { actAs, heldAmong, listStaged, removeStaged, type Context, type Storehouse } from "#server/core/door/index.ts";
import { addJob, type Job } from "#server/platform/jobs/index.ts";
import { quietly } from "./run-import.ts";

export const tidyTask = "import.tidy";
/** One import at once: somebody who came by it was erased. */
export const tidyOneTask = "import.tidy-one";

/** For so long an ended import can be corrected and undone; then what is personal of it goes, its key first. */
const keptDays = 90;
/** An uploaded file that nobody maps goes earlier. */
const waitingDays = 7;
const dayMs = 86_400_000;

/** Erases what old imports still hold, and removes files that no import knows (a node died between the two). */
export async function tidyImports(storehouse: Storehouse, job: Job): Promise<void> {
  const now = storehouse.clock().getTime();
  const old = await quietly(storehouse, (context) =>
    context.db.query<{ import_no: number }>(
      `select import_no from imports where tidied_at is null
          and ((state in ('done', 'failed', 'undone') and finished_at < $1) or (state in ('reading', 'awaits-mapping') and created_at < $2)) order by import_no`,
      [new Date(now - keptDays * dayMs), new Date(now - waitingDays * dayMs)],
    ),
  );
  for (const { import_no: importNo } of old) {
    job.signal.throwIfAborted();
    await tidyOne(storehouse, importNo);
  }
  const staged = (await listStaged(storehouse.door)).filter(({ changedAt }) => changedAt.getTime() < Date.now() - dayMs);
  const wanted = await quietly(storehouse, (context) =>
    context.db.query<{ import_no: number }>("select import_no from imports where import_no = any($1) and state in ('reading', 'awaits-mapping', 'running')", [
      staged.map(({ importNo }) => importNo),
    ]),
  );
  const numbers = new Set(wanted.map((row) => row.import_no));
  for (const { importNo } of staged) {
    if (!numbers.has(importNo)) {
      await removeStaged(storehouse.door, importNo);
    }
  }
}

/**
 * Erases what one import still holds. One under a hold, or with somebody in it who is, stays as it is and comes up again the next
 * day, its file with it.
 */
export async function tidyOne(storehouse: Storehouse, importNo: number): Promise<void> {
  if (await quietly(storehouse, ({ db }) => isKept({ db, door: storehouse.door }, importNo))) {
    await addJob(storehouse.pool, tidyOneTask, { importNo }, { key: `${tidyOneTask} ${importNo}`, runAt: new Date(Date.now() + dayMs) });
    return;
  }
  await removeStaged(storehouse.door, importNo);
  // Before the rows: whatever remains of them anywhere then says nothing to anybody.
  await storehouse.door.vault.eraseKey({ kind: "import", no: importNo });
  await actAs(storehouse, "system", "import.tidied", randomUUID(), async (context) => {
    for (const table of ["import_rows", "import_problems", "import_updates"]) {
      await context.db.query(`delete from ${table} where import_no = $1`, [importNo]);
    }
    await context.db.query(
      `update imports set tidied_at = $2, finished_at = coalesce(finished_at, $2),
              failure = case when state in ('reading', 'awaits-mapping') then 'expired' else failure end,
              state = case when state in ('reading', 'awaits-mapping') then 'failed' else state end
        where import_no = $1`,
      [importNo, storehouse.clock()],
    );
    context.journal.fact("import", importNo);
  });
}

async function isKept(context: Pick<Context, "db" | "door">, importNo: number): Promise<boolean> {
  if ((await heldAmong(context, "import", [importNo])).size > 0) return true;
  const people = await context.db.query<{ no: number }>(
    `select customer_no as no from import_rows where import_no = $1 and customer_no is not null
     union select customer_no from import_updates where import_no = $1
     union select unnest(candidates) from import_problems where import_no = $1
     union select customer_no from customers where import_no = $1
     union select customer_no from purchases where import_no = $1 and customer_no is not null`,
    [importNo],
  );
  return (
    (
      await heldAmong(
        context,
        "customer",
        people.map(({ no }) => no),
      )
    ).size > 0
  );
}
