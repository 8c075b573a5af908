import { existsSync, readdirSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { BlobRejected, RecoveryKeyRejected } from "#server/core/vault/index.ts";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { keyFileName, openKeyFile, type KeyFileContents } from "./key-file.ts";
import { readFileId } from "./sealed-file.ts";
import { dataFileForm } from "./write-backup.ts";

export interface FoundBackup {
  /** Path of the data file. */
  readonly path: string;
  /** Its key (32 bytes). */
  readonly dataKey: Buffer;
  readonly contents: KeyFileContents;
  /** The vault's keys, to be wiped by whoever takes them. */
  readonly keys: Buffer;
}

/** The key file beside a data file, or in a folder. @throws CannotStart when it is not there */
export function keyFileBeside(from: string): string {
  const stat = statSync(from, { throwIfNoEntry: false });
  const path = join(stat?.isFile() === true ? dirname(from) : from, keyFileName);
  if (stat === undefined || !existsSync(path)) {
    throw new CannotStart({
      ja: `${from} にバックアップ(${keyFileName})が見つかりません。`,
      en: `There is no backup (${keyFileName}) at ${from}.`,
    });
  }
  return path;
}

/**
 * Opens the key file of `from` (a folder, or one data file in it) and finds the newest data file there, or the given one.
 * @throws CannotStart with a sentence: a typing error (with its group), another recovery key, a damaged or unknown file
 */
export async function findBackup(from: string, recoveryKey: string): Promise<FoundBackup> {
  const keyFile = keyFileBeside(from);
  const { contents, keys } = await openWithSentences(recoveryKey, keyFile);
  const path = statSync(from).isFile() ? from : newestIn(from);
  const id = await readFileId(path);
  const known = contents.backups.find((backup) => id !== undefined && backup.id === id.toString("hex"));
  if (known === undefined) {
    throw new CannotStart({
      ja: `${basename(path)} は、この鍵の控えでは開けません。同じ場所の新しい ${keyFileName} と一緒に置くか、--from で別のデータファイルを指定してください。`,
      en: `${basename(path)} cannot be opened with this key file. Put the newest ${keyFileName} beside it, or name another data file with --from.`,
    });
  }
  return { path, dataKey: Buffer.from(known.key, "base64"), contents, keys };
}

async function openWithSentences(recoveryKey: string, keyFile: string): Promise<{ contents: KeyFileContents; keys: Buffer }> {
  try {
    return await openKeyFile(recoveryKey, await readFile(keyFile));
  } catch (error) {
    if (error instanceof RecoveryKeyRejected) throw new CannotStart({ ja: error.ja, en: error.en });
    if (error instanceof BlobRejected) {
      throw new CannotStart({ ja: `${keyFileName} が壊れているか、変えられています。`, en: `${keyFileName} is damaged or was changed.` });
    }
    throw error;
  }
}

function newestIn(folder: string): string {
  const newest = readdirSync(folder)
    .filter((name) => dataFileForm.test(name))
    .toSorted()
    .at(-1);
  if (newest === undefined) {
    throw new CannotStart({ ja: `${folder} にデータの控え(kuraban-data-….kbk)がありません。`, en: `There is no data file (kuraban-data-….kbk) in ${folder}.` });
  }
  return join(folder, newest);
}
