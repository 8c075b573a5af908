import { chmodSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { type EmbeddedServer, startEmbeddedServer } from "#server/platform/database/embedded-server.ts";
import { findPostmaster, stopPostmaster } from "#server/platform/database/postmaster.ts";
import { findProcess } from "#server/platform/database/process-identity.ts";
import { programsUnderTest } from "./postgres15.ts";

const prefix = "kuraban-test-";

/** A folder that no other run uses. `remove` deletes it with all that lies in it. */
export function makeTemporaryFolder(): { folder: string; remove: () => void } {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), `${prefix}${process.pid}-`));
  // As root, the database's user has to pass through.
  chmodSync(folder, 0o711);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** What a server is told whose data nobody needs after a crash. */
const carelessSettings = { fsync: "off", full_page_writes: "off", shared_buffers: "256MB", max_wal_size: "512MB" };

/** The server of a folder as the product starts it, on the programs under test. Keys stand in `FOLDER/data.keys`. */
export function startServerIn(folder: string, settings: Readonly<Record<string, string>> = {}): Promise<EmbeddedServer> {
  const programs = programsUnderTest();
  return startEmbeddedServer({
    dataFolder: join(folder, "data"),
    keysFolder: join(folder, "data.keys"),
    log: pino({ level: "silent" }),
    settings,
    ...(programs && { programs }),
  });
}

/** A server of one's own in a temporary folder, without fsync; `stop` removes it. */
export async function startThrowawayServer(): Promise<EmbeddedServer> {
  const { folder, remove } = makeTemporaryFolder();
  const server = await startServerIn(folder, carelessSettings);
  return { ...server, stop: () => server.stop().finally(remove) };
}

/** Clears away what runs left behind that were killed: their servers are stopped, their folders removed. */
export async function removeAbandonedFolders(): Promise<void> {
  const root = realpathSync(tmpdir());
  for (const name of readdirSync(root)) {
    const pid = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (!pid || findProcess(Number(pid))) continue;
    const clusterFolder = join(root, name, "data", "postgres");
    const found = findPostmaster({ clusterFolder, logFile: "", user: undefined, programs: { binFolder: "" } });
    if (found) await stopPostmaster(found.process);
    rmSync(join(root, name), { recursive: true, force: true });
  }
}
