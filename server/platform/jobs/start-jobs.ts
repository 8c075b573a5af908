import type { Pool, PoolClient } from "pg";
import { keyOfRound, type JobPayload, type Query } from "./add-job.ts";
import { claimJob, failJob, finishJob, rememberInJob, returnJob, type ClaimedJob } from "./claim-job.ts";

/** One run of a job. */
export interface Job {
  readonly payload: JobPayload;
  /** Counts the runs from 1, those that a crash ended too. */
  readonly attempt: number;
  /**
   * Aborts when the node stops or loses its hold on the job. A task that works in steps looks at it between them and
   * throws (`signal.throwIfAborted()`); the job is then taken up again, here or elsewhere.
   */
  readonly signal: AbortSignal;
  /**
   * Replaces the payload in a transaction of the task, so that a later run goes on from there. False when the job was
   * added anew meanwhile: nothing is replaced, and the task had best end, for it runs again. Until the transaction ends,
   * whoever adds the job anew waits.
   */
  readonly remember: (db: Query, payload: JobPayload) => Promise<boolean>;
}

/**
 * The work of one name. It may run again after a crash at any point, and in rare cases twice at a time (a node that lost
 * its database connection without noticing yet): each of its transactions must bear that.
 */
export interface Task {
  readonly run: (job: Job) => Promise<void>;
  /** A task that comes round: so many seconds after each end, without being added by anyone. */
  readonly everySeconds?: number;
  /** Names of what holds it up (`StartJobsOptions.held`): it is not begun then, and told to stop where it runs; later it goes on. */
  readonly heldBy?: readonly string[];
}
export type Tasks = Readonly<Record<string, Task>>;

export interface StartJobsOptions {
  /** Of the app's login. One of its connections is held for as long as this runs. */
  readonly pool: Pool;
  readonly tasks: Tasks;
  /** Most jobs at a time; 2 unless told. */
  readonly concurrency?: number;
  /** What holds tasks up at the moment; asked before each job is taken. */
  readonly held?: () => Promise<readonly string[]>;
  /** How long to wait before looking anew without being told of a job; 2,000 ms unless told. */
  readonly pollMs?: number;
  /** Told of a failed job or a lost connection: names, codes and numbers, never a message that might quote a value. */
  readonly onTrouble?: (what: { readonly task?: string; readonly jobNo?: number; readonly error: string }) => void;
}

export interface Jobs {
  /** Tells running tasks to stop, waits for them up to `graceMs` (10,000 unless told), and gives up what still runs to others. */
  stop(graceMs?: number): Promise<void>;
}

/** Runs jobs until stopped. Loses and finds the database by itself. */
export function startJobs(options: StartJobsOptions): Jobs {
  const { pool, tasks, concurrency = 2, pollMs = 2_000, onTrouble = () => undefined } = options;
  const names = Object.keys(tasks);
  const running = new Map<number, Promise<void>>();
  const holding = new Map<number, { readonly task: string; readonly hold: AbortController }>();
  const stopping = new AbortController();
  let wake = (): void => undefined;

  const runOne = async (session: Session, job: ClaimedJob): Promise<void> => {
    const task = tasks[job.task] as Task;
    const hold = new AbortController();
    holding.set(job.jobNo, { task: job.task, hold });
    const signal = AbortSignal.any([stopping.signal, session.lost.signal, hold.signal]);
    let error: unknown;
    let isDone = false;
    try {
      await task.run({ payload: job.payload, attempt: job.starts, signal, remember: (db, payload) => rememberInJob(db, job, payload) });
      isDone = true;
    } catch (thrown) {
      error = thrown;
    }
    holding.delete(job.jobNo);
    try {
      await session.inTurn((client) =>
        isDone ? finishJob(client, job, task.everySeconds) : signal.aborted ? returnJob(client, job) : failJob(client, job, codeOf(error)),
      );
    } catch (lost) {
      // The lock went with the session; the job comes up again by itself.
      session.lose(codeOf(lost));
    }
    if (!isDone && !signal.aborted) {
      onTrouble({ task: job.task, jobNo: job.jobNo, error: codeOf(error) });
    }
  };

  const serveSession = async (session: Session): Promise<void> => {
    await session.inTurn((client) => prepare(client, tasks));
    while (!stopping.signal.aborted && !session.lost.signal.aborted) {
      const free = running.size < concurrency;
      const held = (await options.held?.()) ?? [];
      const isHeld = (task: string): boolean => tasks[task]?.heldBy?.some((by) => held.includes(by)) === true;
      for (const { task, hold } of holding.values()) {
        if (isHeld(task)) {
          hold.abort(new Error("held"));
        }
      }
      const open = held.length === 0 ? names : names.filter((name) => !isHeld(name));
      const job = free ? await session.inTurn((client) => claimJob(client, open, [...running.keys()])) : undefined;
      if (job === undefined) {
        if (!free) {
          await session.inTurn((client) => client.query("select 1"));
        }
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, pollMs);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
          if (session.wasNudged() || stopping.signal.aborted || session.lost.signal.aborted) {
            wake();
          }
        });
        wake = () => undefined;
        continue;
      }
      const run = runOne(session, job).finally(() => {
        running.delete(job.jobNo);
        session.nudge();
      });
      running.set(job.jobNo, run);
    }
  };

  let current: Session | undefined;
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      let session: Session | undefined;
      try {
        session = openSession(await pool.connect(), () => wake());
        current = session;
        await serveSession(session);
      } catch (error) {
        session?.lose(codeOf(error));
      }
      if (session === undefined || session.lost.signal.aborted) {
        onTrouble({ error: session === undefined ? "no connection" : String(session.lost.signal.reason) });
        session?.end();
        await sleepUnless(stopping.signal, 500);
      }
    }
  })();

  const stopNow = async (graceMs: number): Promise<void> => {
    stopping.abort(new Error("the node stops"));
    wake();
    const grace = new AbortController();
    await Promise.race([Promise.all([loop, ...running.values()]).finally(() => grace.abort()), sleepUnless(grace.signal, graceMs)]);
    current?.end();
    await loop;
  };
  let stopped: Promise<void> | undefined;
  return { stop: (graceMs = 10_000) => (stopped ??= stopNow(graceMs)) };
}

/** A database session that holds jobs. Its statements go one after the other; once lost it is never used again. */
interface Session {
  readonly lost: AbortController;
  inTurn<Result>(act: (client: PoolClient) => Promise<Result>): Promise<Result>;
  lose(why: string): void;
  nudge(): void;
  wasNudged(): boolean;
  end(): void;
}

function openSession(client: PoolClient, wake: () => void): Session {
  const lost = new AbortController();
  let turn: Promise<unknown> = Promise.resolve();
  let isNudged = false;
  let isEnded = false;
  const nudge = (): void => {
    isNudged = true;
    wake();
  };
  const lose = (why: string): void => {
    lost.abort(why);
    wake();
  };
  client.on("error", (error) => lose(codeOf(error)));
  client.on("end", () => lose("connection ended"));
  client.on("notification", nudge);
  return {
    lost,
    inTurn(act) {
      const result = turn.then(() => {
        if (lost.signal.aborted) {
          throw new Error("the session was lost");
        }
        return answered(act(client), () => lose("no answer"));
      });
      turn = result.catch(() => undefined);
      return result;
    },
    lose,
    nudge,
    wasNudged() {
      const was = isNudged;
      isNudged = false;
      return was;
    },
    end() {
      if (!isEnded) {
        isEnded = true;
        client.removeAllListeners("notification");
        client.release(true);
      }
    },
  };
}

/** A host that vanished sends no word of it: after this long without an answer the session counts as lost. */
const answerWithinMs = 20_000;

async function answered<Result>(answer: Promise<Result>, onSilence: () => void): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      onSilence();
      reject(new Error("no answer"));
    }, answerWithinMs);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** A dead peer is noticed within half a minute by either side; tasks that come round are put in their places. */
async function prepare(client: PoolClient, tasks: Tasks): Promise<void> {
  await client.query(
    "select set_config('tcp_keepalives_idle', '10', false), set_config('tcp_keepalives_interval', '5', false), set_config('tcp_keepalives_count', '3', false)",
  );
  await client.query("listen jobs");
  for (const [name, task] of Object.entries(tasks)) {
    if (task.everySeconds !== undefined) {
      await client.query("insert into jobs (task, key) values ($1, $2) on conflict (key) do nothing", [name, keyOfRound(name)]);
    }
  }
}

/** What may be said of an error: the code of a Problem or of the database, else its class. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code === "string" && /^[\w.-]{1,40}$/.test(code)) {
    return code;
  }
  return error instanceof Error ? error.constructor.name : typeof error;
}

function sleepUnless(signal: AbortSignal, ms: number): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done);
  });
}
