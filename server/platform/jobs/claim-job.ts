import type { PoolClient } from "pg";
import type { JobPayload, Query } from "./add-job.ts";

/** A job as its node took it. */
export interface ClaimedJob {
  readonly jobNo: number;
  readonly task: string;
  readonly payload: JobPayload;
  readonly revision: number;
  /** From 1, also counting runs that a crash ended. */
  readonly starts: number;
}

/** First half of every advisory lock on a job: "jobs" in ASCII. The second half is the job's number. */
const lockSpace = 0x6a6f6273;

interface Row {
  job_no: number;
  task: string;
  payload: JobPayload;
  revision: number;
  starts: number;
}

/**
 * Takes the next due job of the given tasks for the session of `client`, or undefined. The session's advisory lock says
 * "running": it ends with the session, however that ends. `running`: what this session holds already (its own locks would
 * not stop it). A job whose node died comes up again after as many seconds as it was started, ten at most.
 */
export async function claimJob(client: PoolClient, tasks: readonly string[], running: readonly number[]): Promise<ClaimedJob | undefined> {
  await client.query("begin");
  const due = await client.query<{ job_no: number }>(
    `select job_no from jobs where run_at <= now() and task = any($1) and job_no <> all($2)
      order by run_at, job_no limit 50 for update skip locked`,
    [tasks, running],
  );
  for (const { job_no } of due.rows) {
    const lock = await client.query<{ held: boolean }>("select pg_try_advisory_lock($1, $2) as held", [lockSpace, job_no]);
    if (lock.rows[0]?.held !== true) {
      continue;
    }
    const claimed = await client.query<Row>(
      `update jobs set starts = starts + 1, run_at = now() + least(starts + 1, 10) * interval '1 second'
        where job_no = $1 returning job_no, task, payload, revision, starts`,
      [job_no],
    );
    await client.query("commit");
    const row = claimed.rows[0] as Row;
    return { jobNo: row.job_no, task: row.task, payload: row.payload, revision: row.revision, starts: row.starts };
  }
  await client.query("commit");
  return undefined;
}

/** The job is done: it is removed, or waits again when it was asked for anew meanwhile or comes round (`everySeconds`). */
export async function finishJob(client: PoolClient, job: ClaimedJob, everySeconds: number | undefined): Promise<void> {
  const again = "starts = 0, failures = 0, last_error = null";
  const ended =
    everySeconds === undefined
      ? await client.query("delete from jobs where job_no = $1 and revision = $2", [job.jobNo, job.revision])
      : await client.query(`update jobs set run_at = now() + $3 * interval '1 second', ${again} where job_no = $1 and revision = $2`, [
          job.jobNo,
          job.revision,
          everySeconds,
        ]);
  if (ended.rowCount === 0) {
    await client.query(`update jobs set run_at = now(), ${again} where job_no = $1`, [job.jobNo]);
  }
  await release(client, job);
}

/** The job failed: it waits for 2, 4, 8 … seconds, ten minutes at most. It is never given up. */
export async function failJob(client: PoolClient, job: ClaimedJob, error: string): Promise<void> {
  await client.query(
    "update jobs set failures = failures + 1, last_error = $2, run_at = now() + least(2 ^ least(failures + 1, 10), 600) * interval '1 second' where job_no = $1",
    [job.jobNo, error],
  );
  await release(client, job);
}

/** Whether the job was not asked for anew since it was taken; its payload is then replaced, and others who add it wait. */
export async function rememberInJob(db: Query, job: ClaimedJob, payload: JobPayload): Promise<boolean> {
  const rows = (await db.query("update jobs set payload = $3 where job_no = $1 and revision = $2 returning job_no", [
    job.jobNo,
    job.revision,
    JSON.stringify(payload),
  ])) as readonly unknown[] | { readonly rows: readonly unknown[] };
  return ("rows" in rows ? rows.rows : rows).length === 1;
}

/** Gives a job back that was stopped before its end: due at once. */
export async function returnJob(client: PoolClient, job: ClaimedJob): Promise<void> {
  await client.query("update jobs set run_at = now(), starts = starts - 1 where job_no = $1", [job.jobNo]);
  await release(client, job);
}

async function release(client: PoolClient, job: ClaimedJob): Promise<void> {
  await client.query("select pg_advisory_unlock($1, $2)", [lockSpace, job.jobNo]);
}
