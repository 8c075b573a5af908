import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Passwords of the database's logins: 256 random bits each, base64url. `owner` is that of the embedded server. */
export type Credentials = { readonly owner: string; readonly app: string; readonly ledger: string };

/**
 * Reads `KEYS/database.json`, or makes it (folder 0700, file 0600). These passwords guard nothing that the file's
 * neighbours do not guard already, so losing the file costs nothing: new ones are made and set at the next start.
 */
export function readCredentials(keysFolder: string): { credentials: Credentials; isNew: boolean } {
  const file = join(keysFolder, "database.json");
  let text: string | undefined;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  if (text !== undefined) {
    const { owner, app, ledger } = JSON.parse(text) as Partial<Credentials>;
    if (!owner || !app || !ledger) throw new Error(`${file} is damaged: remove it, and a new one is made`);
    return { credentials: { owner, app, ledger }, isNew: false };
  }
  const credentials = makeCredentials();
  mkdirSync(keysFolder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  const handle = openSync(draft, "w", 0o600);
  writeSync(handle, JSON.stringify(credentials));
  fsyncSync(handle);
  closeSync(handle);
  renameSync(draft, file);
  return { credentials, isNew: true };
}

function makeCredentials(): Credentials {
  const password = () => randomBytes(32).toString("base64url");
  return { owner: password(), app: password(), ledger: password() };
}
