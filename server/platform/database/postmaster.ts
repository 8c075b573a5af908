import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { PostgresPrograms } from "./postgres-programs.ts";
import { type PostgresUser, spawnAs } from "./postgres-user.ts";
import { argumentsOf, findProcess, isSameProcessAlive, type ProcessIdentity } from "./process-identity.ts";

/** A running PostgreSQL: its first process, and where it listens. */
export type Postmaster = { readonly process: ProcessIdentity; readonly port: number; readonly socketFolder: string | undefined };

export type PostmasterPlace = {
  readonly programs: PostgresPrograms;
  readonly user: PostgresUser;
  readonly clusterFolder: string;
  readonly logFile: string;
};

/** The server at work on the cluster, by its postmaster.pid. */
export function findPostmaster(place: PostmasterPlace): (Postmaster & { isReady: boolean; program: string }) | undefined {
  const [pid, , , port, socketFolder, , , state] = readPidFile(place);
  const running = findProcess(Number(pid));
  const [program = "", ...options] = argumentsOf(Number(pid));
  if (!running || !options.includes(place.clusterFolder)) return undefined;
  return {
    process: running,
    port: Number(port),
    socketFolder: socketFolder?.trim() || undefined,
    isReady: state?.trim() === "ready",
    program,
  };
}

/**
 * Removes a postmaster.pid that would keep PostgreSQL from starting although its server is gone: its number stands for
 * another process by now (in a container the numbers come back soon), or for a zombie that nobody collects, or the file
 * was never filled. Against backends that live on, PostgreSQL is guarded by its shared memory as well.
 */
function removeLeftover(place: PostmasterPlace): void {
  if (findPostmaster(place)) return;
  const [pid, folder, , port, socketFolder] = readPidFile(place);
  const isWhole = folder === place.clusterFolder;
  // A server that starts this moment has made its file and not yet filled it.
  const isForgotten = Date.now() - (fileTime(place) ?? Infinity) > 5000;
  if (isWhole ? !existsSync(`/proc/${pid}`) : !isForgotten) return;
  // The lock beside the socket names the same process.
  if (isWhole && socketFolder) rmSync(join(socketFolder, `.s.PGSQL.${port}.lock`), { force: true });
  rmSync(pidFile(place), { force: true });
}

function pidFile(place: PostmasterPlace): string {
  return join(place.clusterFolder, "postmaster.pid");
}

/** Its lines (see PostgreSQL's pidfile.h): pid, folder, start, port, socket folder, address, shared memory, state. */
function readPidFile(place: PostmasterPlace): string[] {
  try {
    return readFileSync(pidFile(place), "utf8").split("\n");
  } catch {
    return [];
  }
}

function fileTime(place: PostmasterPlace): number | undefined {
  return statSync(pidFile(place), { throwIfNoEntry: false })?.mtimeMs;
}

/**
 * Starts PostgreSQL and waits until it takes connections, however long its recovery is. In a process group of its own,
 * so that a Ctrl+C meant for us does not reach it before we have finished.
 *
 * @returns undefined when it ended instead; the reason stands in the log file.
 */
export async function startPostmaster(place: PostmasterPlace): Promise<Postmaster | undefined> {
  keepLogSmall(place.logFile);
  removeLeftover(place);
  // A file that stays may name the very number that the new process will get.
  const leftover = fileTime(place);
  const log = openSync(place.logFile, "a", 0o600);
  const program = join(place.programs.binFolder, "postgres");
  const child = spawn("/bin/sh", ["-c", 'ulimit -c 0; exec "$@"', "sh", program, "-D", place.clusterFolder], {
    ...spawnAs(place.user),
    env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C" },
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.unref();
  const ended = new Promise<"ended">((resolve) => {
    child.once("exit", () => resolve("ended"));
    child.once("error", () => resolve("ended"));
  });
  for (;;) {
    if ((await Promise.race([ended, wait(15)])) === "ended") return undefined;
    const found = findPostmaster(place);
    if (found?.isReady && found.process.pid === child.pid && fileTime(place) !== leftover) return found;
  }
}

/** Waits until the process is gone; false when it is still there after `patienceMs`. */
async function waitForEnd(identity: ProcessIdentity, patienceMs: number): Promise<boolean> {
  for (let waitedMs = 0; isSameProcessAlive(identity); waitedMs += 20) {
    if (waitedMs >= patienceMs) return false;
    await wait(20);
  }
  return true;
}

/**
 * Stops it: SIGINT is PostgreSQL's fast shutdown (transactions are rolled back, a checkpoint is written), SIGQUIT its
 * immediate one (recovery at the next start), taken when the fast one needs more than 60 seconds.
 */
export async function stopPostmaster(identity: ProcessIdentity): Promise<void> {
  for (const [signal, patienceMs] of [
    ["SIGINT", 60_000],
    ["SIGQUIT", 10_000],
    ["SIGKILL", 10_000],
  ] as const) {
    sendSignal(identity, signal);
    if (await waitForEnd(identity, patienceMs)) return;
  }
  throw new Error(`PostgreSQL (pid ${identity.pid}) cannot be stopped`);
}

export function sendSignal(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isSameProcessAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

function keepLogSmall(logFile: string): void {
  const bytes = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (bytes > 8 * 1024 * 1024) renameSync(logFile, `${logFile}.1`);
}
