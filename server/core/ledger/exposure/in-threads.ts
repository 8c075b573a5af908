import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type pg from "pg";
import type { Source } from "./copy-rows.ts";
import type { EventFilter } from "./match-events.ts";
import type { PeopleSeenOptions } from "./people-seen.ts";
import type { FieldSet } from "./field-sets.ts";

/** Chunks and their words, one after the other. */
export interface PackedSet {
  readonly chunkNos: Float64Array;
  readonly words: Uint32Array;
}

export type ThreadTask =
  | { readonly ask: "match"; readonly filter: EventFilter; readonly chunkNos: readonly number[] }
  | { readonly ask: "people"; readonly events: PackedSet; readonly options: PeopleSeenOptions };

/** As {@link PeopleSeen}, with the field sets that it names. */
export interface PackedPeople {
  readonly nos: Float64Array;
  readonly events: Uint32Array;
  readonly firstAt: Float64Array;
  readonly lastAt: Float64Array;
  readonly firstEvent: Float64Array;
  readonly lastEvent: Float64Array;
  readonly fieldSets: Uint32Array;
  readonly sets: ReadonlyMap<number, FieldSet>;
}

export interface ThreadGiven {
  readonly connection: pg.ClientConfig;
  readonly task: ThreadTask;
}

export type ThreadTold = { readonly found: PackedSet | PackedPeople } | { readonly failure: unknown };

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

/** Threads that wait for the next question; a minute later they are gone. */
const idle = new Map<Worker, NodeJS.Timeout>();
const idleMs = 60_000;

function takeThread(): Worker {
  for (const [thread, timer] of idle) {
    idle.delete(thread);
    clearTimeout(timer);
    thread.ref();
    return thread;
  }
  const thread = new Worker(new URL("./question-thread.ts", import.meta.url));
  thread.on("exit", () => idle.delete(thread));
  // What went wrong is said to whoever asked.
  thread.on("error", () => undefined);
  return thread;
}

function giveBack(thread: Worker): void {
  thread.unref();
  idle.set(thread, setTimeout(() => void thread.terminate(), idleMs).unref());
}

/**
 * Each task in a thread of its own, all at once: whoever serves requests meanwhile is not kept waiting, and what is read, hundreds of
 * megabytes, does not make the whole process look for garbage.
 */
export async function inThreads(connection: pg.ClientConfig, tasks: readonly Extract<ThreadTask, { ask: "match" }>[]): Promise<PackedSet[]>;
export async function inThreads(connection: pg.ClientConfig, tasks: readonly Extract<ThreadTask, { ask: "people" }>[]): Promise<PackedPeople[]>;
export async function inThreads(connection: pg.ClientConfig, tasks: readonly ThreadTask[]): Promise<unknown[]> {
  return Promise.all(tasks.map((task) => askThread(takeThread(), { connection, task })));
}

function askThread(thread: Worker, given: ThreadGiven): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      thread.off("message", onMessage);
      thread.off("error", onEnd);
      thread.off("exit", onEnd);
    };
    const onMessage = (told: ThreadTold): void => {
      end();
      giveBack(thread);
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
