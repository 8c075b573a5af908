import { refreshKeyFiles } from "#server/modules/backup/index.ts";
import { readOnly, stopped, type Measure, type Storehouse } from "#server/core/door/index.ts";
import { startJobs } from "#server/platform/jobs/index.ts";
import { backupHouse } from "./command-backup.ts";
import { modules } from "./modules.ts";
import type { OpenStorehouse } from "./open-storehouse.ts";

/** Starts the background work that the modules declare; gives the function that stops it in order. */
export function startWork(open: OpenStorehouse): () => Promise<void> {
  const tasks = Object.assign({}, ...modules.map((module) => module.tasks?.(open.storehouse, () => refreshKeyFiles(backupHouse(open))) ?? {}));
  const jobs = startJobs({
    pool: open.pools.app,
    tasks,
    held: () => whatHolds(open.storehouse),
    concurrency: 2,
    onTrouble: ({ task, jobNo, error }) => process.stderr.write(`${JSON.stringify({ job: task, jobNo, error })}\n`),
  });
  return () => jobs.stop();
}

async function whatHolds({ pool, clock }: Storehouse): Promise<Measure[]> {
  const { rows } = await pool.query<{ in_force: number }>("select in_force_at(o, $1) as in_force from organisation o", [clock()]);
  const inForce = rows[0]?.in_force ?? 0;
  return [...((inForce & readOnly) === 0 ? [] : (["read-only"] as const)), ...((inForce & stopped) === 0 ? [] : (["stopped"] as const))];
}
