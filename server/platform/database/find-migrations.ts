import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** One numbered step of the schema. `sha256` is the lower-case hex hash of the file's bytes. */
export type Migration = { readonly number: number; readonly name: string; readonly sql: string; readonly sha256: string };

const serverFolder = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Every `migrations/NNNN-name.sql` anywhere below the folder (the server's, unless told), by number.
 *
 * @throws Error when two have one number, or when a file's name has another form.
 */
export function findMigrations(folder: string = serverFolder): Migration[] {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".sql") && basename(entry.parentPath) === "migrations")
    .map((entry) => readMigration(join(entry.parentPath, entry.name)))
    .sort((a, b) => a.number - b.number);
  for (const [index, migration] of found.entries()) {
    const next = found[index + 1];
    if (next?.number === migration.number) throw new Error(`two migrations have one number: ${migration.name}, ${next.name}`);
  }
  return found;
}

function readMigration(file: string): Migration {
  const name = basename(file, ".sql");
  const number = /^(\d{4})-[a-z0-9]+(-[a-z0-9]+)*$/.exec(name)?.[1];
  if (!number) throw new Error(`a migration is named NNNN-what-it-does.sql, not ${basename(dirname(file))}/${basename(file)}`);
  const bytes = readFileSync(file);
  return { number: Number(number), name, sql: bytes.toString("utf8"), sha256: createHash("sha256").update(bytes).digest("hex") };
}
