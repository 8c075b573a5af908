import { existsSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { readCredentials } from "./credentials.ts";
import { urlFor } from "./embedded-server.ts";
import { isFolderHeld } from "./folder-lock.ts";
import { findPostmaster } from "./postmaster.ts";

/**
 * The owner's connection string to the embedded server that another living process of the product runs on this data folder,
 * for the few commands that work beside it; undefined when nobody does, or when it is not ready. Secret.
 */
export function findRunningServer(given: { dataFolder: string; keysFolder: string }): string | undefined {
  if (!existsSync(given.dataFolder) || !existsSync(join(given.keysFolder, "database.json"))) return undefined;
  const dataFolder = realpathSync(given.dataFolder);
  if (!isFolderHeld(dataFolder)) return undefined;
  const found = findPostmaster({ clusterFolder: join(dataFolder, "postgres"), logFile: "", user: undefined, programs: { binFolder: "" } });
  return found?.isReady === true ? urlFor(found, readCredentials(given.keysFolder).credentials.owner) : undefined;
}
