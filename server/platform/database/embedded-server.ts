import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { totalmem } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Logger } from "pino";
import { CannotStart } from "./cannot-start.ts";
import { type Credentials, readCredentials } from "./credentials.ts";
import { takeFolderLock } from "./folder-lock.ts";
import { databaseName, makeCluster, ownerLogin, setOwnerPassword } from "./make-cluster.ts";
import { findPostgresUser, type PostgresUser, requireEntry } from "./postgres-user.ts";
import { preparePostgresPrograms, type PostgresPrograms } from "./postgres-programs.ts";
import { findPostmaster, type Postmaster, type PostmasterPlace, sendSignal, startPostmaster, stopPostmaster } from "./postmaster.ts";
import { isSameProcessAlive } from "./process-identity.ts";
import { serverAccess, serverSettings } from "./server-settings.ts";

export type EmbeddedServer = {
  /** A connection string for the owner, over the socket where its path is short enough, else over loopback. Secret. */
  readonly ownerUrl: string;
  readonly port: number;
  readonly credentials: Credentials;
  /** Whether a server was found running and taken over, instead of started. */
  readonly isAdopted: boolean;
  /** The number of PostgreSQL's first process; changes when it had to be started again. */
  readonly pid: () => number;
  /** False from the moment that its death was seen until it takes connections again. */
  readonly isAlive: () => boolean;
  /** Calls the listener each time that PostgreSQL died without being asked to. It is started again by itself, on the same port. */
  readonly onExit: (listener: () => void) => void;
  /** Stops PostgreSQL in good order and lets the folder go. May be called twice. */
  readonly stop: () => Promise<void>;
};

export type EmbeddedServerOptions = {
  /** Holds `postgres/` (the cluster), `postgres.log`, `lock` and the port. Made when missing. */
  readonly dataFolder: string;
  readonly keysFolder: string;
  readonly log: Pick<Logger, "info" | "warn" | "error">;
  /** Other programs than those of the npm package, such as PostgreSQL 15 of Debian. */
  readonly programs?: PostgresPrograms;
  /** Changes to postgresql.conf: name → value. */
  readonly settings?: Readonly<Record<string, string>>;
};

/** sockaddr_un holds 108 bytes, the last a zero (unix(7)); PostgreSQL adds "/.s.PGSQL.65535". */
const longestSocketFolder = 107 - "/.s.PGSQL.65535".length;

/**
 * Brings up the PostgreSQL of this data folder and keeps it up: takes over one that is still running after its parent
 * was killed, else makes or recovers the cluster and starts it.
 *
 * @throws CannotStart when another process is at work on the folder, or when the database's user may not enter it.
 */
export async function startEmbeddedServer(options: EmbeddedServerOptions): Promise<EmbeddedServer> {
  const dataFolder = makeDataFolder(options.dataFolder);
  const lock = takeFolderLock(dataFolder);
  try {
    const clusterFolder = join(dataFolder, "postgres");
    const user = findPostgresUser(clusterFolder);
    if (user) requireEntry(user, dataFolder);
    const programs = options.programs ?? preparePostgresPrograms(dataFolder, user);
    const place = { programs, user, clusterFolder, logFile: join(dataFolder, "postgres.log") };
    const { credentials, isNew } = readCredentials(options.keysFolder);
    return await superviseServer(place, dataFolder, options, credentials, isNew, lock.release);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/**
 * Makes the data folder where it is missing, with those above it; gives its real path. To be called before anything else is
 * made beside it: as root, the database's user has to pass through on the way to its own folders, whatever the umask was.
 */
export function makeDataFolder(path: string): string {
  const firstMade = mkdirSync(path, { recursive: true, mode: 0o700 });
  const dataFolder = realpathSync(path);
  if (process.getuid?.() === 0) openPassage(dataFolder, firstMade ? realpathSync(firstMade) : dataFolder);
  return dataFolder;
}

/** Lets others pass through the folder and through those above it, up to `top`, without seeing what lies in them. */
function openPassage(folder: string, top: string): void {
  chmodSync(folder, 0o711);
  if (folder !== top) openPassage(dirname(folder), top);
}

async function superviseServer(
  place: PostmasterPlace,
  dataFolder: string,
  options: EmbeddedServerOptions,
  credentials: Credentials,
  hasNewPasswords: boolean,
  releaseFolder: () => void,
): Promise<EmbeddedServer> {
  const { log } = options;
  const listeners: (() => void)[] = [];
  let isStopping = false;
  let isUp = true;

  const adopted = await findAdoptable(place, hasNewPasswords);
  let current = adopted ?? (await startFresh(place, dataFolder, options, credentials, hasNewPasswords));
  log.info({ postgresPid: current.process.pid, port: current.port }, adopted ? "postgres adopted" : "postgres started");

  // An adopted server is not our child, so that both kinds are watched in the one way that works for both.
  const watch = setInterval(() => {
    if (isUp && !isSameProcessAlive(current.process)) void bringBack();
  }, 100);
  watch.unref();

  let returning: Promise<void> | undefined;
  function bringBack(): Promise<void> {
    returning ??= restart().finally(() => (returning = undefined));
    return returning;
  }
  async function restart(): Promise<void> {
    isUp = false;
    log.error({ postgresPid: current.process.pid }, "postgres died and is started again");
    for (const listener of listeners) listener();
    for (let pauseMs = 50; !isStopping; pauseMs = Math.min(pauseMs * 2, 5000)) {
      const started = await startPostmaster(place);
      if (started) {
        current = started;
        isUp = true;
        log.info({ postgresPid: current.process.pid, port: current.port }, "postgres is back");
        return;
      }
      await wait(pauseMs);
    }
  }

  const stopWithParent = () => sendSignal(current.process, "SIGINT");
  process.once("exit", stopWithParent);

  let stopped: Promise<void> | undefined;
  async function stopServer(): Promise<void> {
    isStopping = true;
    clearInterval(watch);
    await returning;
    await stopPostmaster(current.process);
    isUp = false;
    process.off("exit", stopWithParent);
    releaseFolder();
    log.info({ postgresPid: current.process.pid }, "postgres stopped");
  }

  return {
    ownerUrl: urlFor(current, credentials.owner),
    port: current.port,
    credentials,
    isAdopted: adopted !== undefined,
    pid: () => current.process.pid,
    isAlive: () => isUp && isSameProcessAlive(current.process),
    onExit: (listener) => void listeners.push(listener),
    stop: () => (stopped ??= stopServer()),
  };
}

/** A server left by a killed parent, when it is of this version and its passwords are known; another one is stopped. */
async function findAdoptable(place: PostmasterPlace, hasNewPasswords: boolean): Promise<Postmaster | undefined> {
  for (;;) {
    const found = findPostmaster(place);
    if (!found) return undefined;
    if (hasNewPasswords || found.program !== join(place.programs.binFolder, "postgres")) {
      await stopPostmaster(found.process);
      return undefined;
    }
    if (found.isReady) return found;
    await wait(20);
  }
}

async function startFresh(
  place: PostmasterPlace,
  dataFolder: string,
  options: EmbeddedServerOptions,
  credentials: Credentials,
  hasNewPasswords: boolean,
): Promise<Postmaster> {
  const isFirst = !existsSync(place.clusterFolder);
  await makeCluster(place.programs, place.user, place.clusterFolder);
  const port = await choosePort(join(dataFolder, "postgres.port"));
  const socketFolder = makeSocketFolder(dataFolder, place.user);
  const size = { port, socketFolder, memoryMiB: totalmem() / 1024 / 1024 };
  writeOwned(place, "postgresql.conf", serverSettings(size, options.settings));
  writeOwned(place, "pg_hba.conf", serverAccess);
  if (isFirst || hasNewPasswords) {
    await setOwnerPassword(place.programs, place.user, place.clusterFolder, credentials.owner);
  }
  // Backends of a killed server may need a moment to notice it; until they are gone, a new one may not start.
  for (let pauseMs = 50; pauseMs < 30_000; pauseMs *= 2) {
    const started = await startPostmaster(place);
    if (started) return started;
    await wait(pauseMs);
  }
  throw new CannotStart({
    ja: `データベースが起動しません。理由は ${place.logFile} の末尾にあります。`,
    en: `The database does not start. The reason stands at the end of ${place.logFile}`,
  });
}

/** The port of last time while it is free, so that other tools find the server again; else a free one, remembered. */
async function choosePort(file: string): Promise<number> {
  const remembered = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  const port = (remembered > 0 && (await tryPort(remembered))) || (await tryPort(0));
  if (!port) throw new Error("no free port on 127.0.0.1");
  writeFileSync(file, `${port}\n`, { mode: 0o600 });
  return port;
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? address?.port : undefined));
    });
  });
}

function makeSocketFolder(dataFolder: string, user: PostgresUser): string | undefined {
  const folder = join(dataFolder, "postgres-socket");
  if (Buffer.byteLength(folder) > longestSocketFolder || folder.includes(",")) return undefined;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (user) chownSync(folder, user.uid, user.gid);
  return folder;
}

function writeOwned(place: PostmasterPlace, name: string, text: string): void {
  const file = join(place.clusterFolder, name);
  writeFileSync(file, text, { mode: 0o600 });
  if (place.user) chownSync(file, place.user.uid, place.user.gid);
}

/** A connection string for the owner. Secret. */
export function urlFor(server: Postmaster, password: string): string {
  const url = new URL(`postgres://127.0.0.1:${server.port}/${databaseName}`);
  url.username = ownerLogin;
  url.password = password;
  if (server.socketFolder) url.searchParams.set("host", server.socketFolder);
  return url.href;
}
