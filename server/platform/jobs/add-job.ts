/** What a job is told: numbers, truth values and lists of them. The table itself refuses text. */
export type JobPayload = { readonly [key: string]: number | boolean | null | readonly (number | boolean | null)[] };

export interface AddJobOptions {
  /** Not before this time; at once unless told. */
  readonly runAt?: Date;
  /**
   * Of one key at most one job waits: adding it again replaces its payload and keeps the earlier time. One that runs
   * already runs once more. No personal value.
   */
  readonly key?: string;
}

/** Anything that runs SQL with numbered parameters: a transaction, a pool. */
export interface Query {
  query(text: string, values: unknown[]): Promise<unknown>;
}

/** Under this key waits the job of a task that comes round. */
export const keyOfRound = (task: string): string => `every ${task}`;

/** Has a task that comes round run at once, or not before `runAt`. Within a transaction when that commits. */
export function runSoon(db: Query, task: string, runAt?: Date): Promise<void> {
  return addJob(db, task, {}, { key: keyOfRound(task), ...(runAt === undefined ? {} : { runAt }) });
}

/** Adds a job. Within a transaction it exists, and nodes hear of it, when that commits; never when it rolls back. */
export async function addJob(db: Query, task: string, payload: JobPayload, options: AddJobOptions = {}): Promise<void> {
  await db.query(
    `with added as (
       insert into jobs (task, payload, key, run_at) values ($1, $2, $3, coalesce($4, now()))
       on conflict (key) do update set
         payload = excluded.payload, revision = jobs.revision + 1, run_at = least(jobs.run_at, excluded.run_at), failures = 0
       returning 1)
     select pg_notify('jobs', '') from added`,
    [task, JSON.stringify(payload), options.key ?? null, options.runAt ?? null],
  );
}
