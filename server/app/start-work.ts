import { refreshKeyFiles } from "#server/modules/backup/index.ts";
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
    concurrency: 2,
    onTrouble: ({ task, jobNo, error }) => process.stderr.write(`${JSON.stringify({ job: task, jobNo, error })}\n`),
  });
  return () => jobs.stop();
}
