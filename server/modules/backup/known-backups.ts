import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KeysFolder, Vault } from "#server/core/vault/index.ts";
import type { KnownBackup } from "./key-file.ts";

const backupsFile = "backups.sealed";
const foldersFile = "backup-folders.json";

/** The data files written so far with their keys, from the keys folder. */
export function listBackups(keys: KeysFolder, vault: Pick<Vault, "openSecret">): KnownBackup[] {
  const sealed = keys.read(backupsFile);
  return sealed === undefined ? [] : (JSON.parse(vault.openSecret("backups", sealed).toString("utf8")) as KnownBackup[]);
}

export async function keepBackups(keys: KeysFolder, vault: Pick<Vault, "sealSecret">, backups: readonly KnownBackup[]): Promise<void> {
  await keys.write(backupsFile, vault.sealSecret("backups", Buffer.from(JSON.stringify(backups), "utf8")));
}

/** The folders that hold a key file of this storehouse: absolute paths. */
export function listFolders(dataFolder: string): string[] {
  const file = join(dataFolder, foldersFile);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { folders: string[] }).folders : [];
}

export function rememberFolder(dataFolder: string, folder: string): void {
  const folders = listFolders(dataFolder);
  if (folders.includes(folder)) return;
  const file = join(dataFolder, foldersFile);
  writeFileSync(`${file}.new`, JSON.stringify({ folders: [...folders, folder] }), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
