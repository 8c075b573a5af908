import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type pg from "pg";
import type { Source } from "./copy-rows.ts";

export interface ThreadGiven<Task> {
  readonly connection: pg.ClientConfig;
  readonly task: Task;
}

export type ThreadTold<Found> = { readonly found: Found } | { readonly failure: unknown };

/** Fewer chunks than these are read where they are asked for: a thread takes a quarter of a second to begin. */
export const chunksWorthThreads = 512;
export const threadsAtOnce = (): number => Math.min(4, Math.max(2, availableParallelism()));

/**
 * What of a connection another thread can be told; undefined where it is made by functions, which nobody can hand over.
 */
export function connectionForThreads(source: Source): pg.ClientConfig | undefined {
  const { connectionString, host, port, user, password, database, ssl, options, connectionTimeoutMillis, application_name } = source.options;
  if (typeof password === "function" || source.options.stream !== undefined) return undefined;
  const given = { connectionString, host, port, user, password, database, ssl, options, connectionTimeoutMillis, application_name };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** Threads that wait for the next question, and where each began; a minute later they are gone. */
const idle = new Map<Worker, { readonly entry: string; readonly timer: NodeJS.Timeout }>();
const idleMs = 60_000;
/** What a thread makes lives for a row; without a bound it is given five times as much, and keeps it. */
const youngMb = 16;

function takeThread(entry: URL): Worker {
  for (const [thread, { entry: begun, timer }] of idle) {
    if (begun !== entry.href) continue;
    idle.delete(thread);
    clearTimeout(timer);
    thread.ref();
    return thread;
  }
  const thread = new Worker(entry, { resourceLimits: { maxYoungGenerationSizeMb: youngMb } });
  thread.on("exit", () => idle.delete(thread));
  // What went wrong is said to whoever asked.
  thread.on("error", () => undefined);
  return thread;
}

function giveBack(thread: Worker, entry: URL): void {
  thread.unref();
  idle.set(thread, { entry: entry.href, timer: setTimeout(() => void thread.terminate(), idleMs).unref() });
}

/** Ends the threads that wait for a next question, where none is to come: each holds what it read last. */
export async function endIdleThreads(): Promise<void> {
  const waiting = [...idle];
  idle.clear();
  await Promise.all(
    waiting.map(([thread, { timer }]) => {
      clearTimeout(timer);
      return thread.terminate();
    }),
  );
}

/**
 * Each task in a thread of its own that begins at `entry` (answer-tasks.ts), all at once: whoever serves requests meanwhile is not kept waiting, and
 * what is read, hundreds of megabytes, does not make the whole process look for garbage.
 */
export async function inThreads<Task, Found>(entry: URL, connection: pg.ClientConfig, tasks: readonly Task[]): Promise<Found[]> {
  return Promise.all(tasks.map((task) => askThread<Task, Found>(entry, { connection, task })));
}

function askThread<Task, Found>(entry: URL, given: ThreadGiven<Task>): Promise<Found> {
  const thread = takeThread(entry);
  return new Promise((resolve, reject) => {
    const end = (): void => {
      thread.off("message", onMessage);
      thread.off("error", onEnd);
      thread.off("exit", onEnd);
    };
    const onMessage = (told: ThreadTold<Found>): void => {
      end();
      giveBack(thread, entry);
      if ("failure" in told) reject(told.failure);
      else resolve(told.found);
    };
    const onEnd = (cause: unknown): void => {
      end();
      reject(cause instanceof Error ? cause : new Error("a question to the ledger ended early"));
    };
    thread.on("message", onMessage);
    thread.on("error", onEnd);
    thread.on("exit", onEnd);
    thread.postMessage(given);
  });
}

/** Cuts a list into about equal parts, in order. */
export function cutInParts<T>(list: readonly T[], parts: number): T[][] {
  const size = Math.ceil(list.length / parts);
  return Array.from({ length: Math.ceil(list.length / size) }, (_, part) => list.slice(part * size, (part + 1) * size));
}

/** Where questions as they stand are answered. */
export const questionThread = new URL("./question-thread.ts", import.meta.url);
