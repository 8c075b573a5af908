import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Archive } from "#server/core/ledger/index.ts";
import { BlobRejected } from "#server/core/vault/index.ts";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import type { ArchivedFile } from "./data-file.ts";
import { syncFolder } from "#server/platform/files/sync-folder.ts";
import type { KnownBackup } from "./key-file.ts";
import { fileIdLength, openFile, readFileId, sealFile } from "./sealed-file.ts";

/*
 * The ledger's old months lie in files that never change (server/core/ledger/archive). A backup folder holds each of them once,
 * sealed under a key of its own, by its hash; every data file there names those that belong to it.
 */
export const archiveCopyForm = /^kuraban-ledger-[0-9a-f]{32}\.kbk$/;
const copyName = (sha256: string): string => `kuraban-ledger-${sha256.slice(0, 32)}.kbk`;

/** What a data file says of a file of old months. */
export function archivedFile({ file, bytes, sha256 }: Archive): ArchivedFile {
  return { file, bytes, sha256: sha256.toString("hex") };
}

/** Seals the files that a backup folder does not hold yet, under names that end in `.part`; their keys are for the key file. */
export async function copyArchives(given: {
  readonly archives: readonly ArchivedFile[];
  readonly ledgerFolder: string;
  readonly folder: string;
  readonly known: readonly KnownBackup[];
  readonly at: string;
}): Promise<KnownBackup[]> {
  const added: KnownBackup[] = [];
  for (const archive of given.archives) {
    const name = copyName(archive.sha256);
    if ((await findCopy(given.folder, archive, given.known)) !== undefined) continue;
    const [key, id] = [randomBytes(32), randomBytes(fileIdLength)];
    await sealCopy(join(given.ledgerFolder, archive.file), archive, join(given.folder, `${name}.part`), key, id);
    added.push({ file: name, id: id.toString("hex"), key: key.toString("base64"), at: given.at });
  }
  return added;
}

/** Gives copies their names, now that a key file opens them. */
export async function keepCopies(folder: string, copies: readonly KnownBackup[]): Promise<void> {
  for (const { file } of copies) await rename(join(folder, `${file}.part`), join(folder, file));
  await syncFolder(folder);
}

async function findCopy(folder: string, { sha256 }: ArchivedFile, known: readonly KnownBackup[]): Promise<{ path: string; key: Buffer } | undefined> {
  const path = join(folder, copyName(sha256));
  const id = await readFileId(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  const entry = id === undefined ? undefined : known.find((backup) => backup.id === id.toString("hex"));
  return entry && { path, key: Buffer.from(entry.key, "base64") };
}

async function sealCopy(source: string, archive: ArchivedFile, path: string, key: Buffer, id: Buffer): Promise<void> {
  const hash = createHash("sha256");
  const to = await open(path, "w", 0o600);
  try {
    await stat(source).catch(() => {
      throw unusable(archive);
    });
    const pieces = async function* (): AsyncGenerator<Buffer> {
      for await (const piece of createReadStream(source, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
        hash.update(piece);
        yield piece;
      }
    };
    await to.writeFile(sealFile(pieces(), key, id));
    await to.sync();
  } finally {
    await to.close();
  }
  if (hash.digest("hex") === archive.sha256) return;
  await rm(path, { force: true });
  throw unusable(archive);
}

function unusable({ file }: ArchivedFile): CannotStart {
  return new CannotStart({
    ja: `古い記録のファイル ledger/${file} が見つからないか、壊れています。前のバックアップから戻してから、もう一度実行してください。`,
    en: `The file ledger/${file} with old months of the ledger is missing or damaged. Put it back from an earlier backup, then run this again.`,
  });
}

/** That a backup folder holds everything of these files, before anything is made of it. @throws CannotStart naming what is missing */
export async function demandCopies(from: string, archives: readonly ArchivedFile[], known: readonly KnownBackup[]): Promise<void> {
  for (const archive of archives) {
    if ((await findCopy(from, archive, known)) !== undefined) continue;
    const name = copyName(archive.sha256);
    throw new CannotStart({
      ja: `バックアップに ${name}(古い記録のファイル)がありません。データの控えと同じ場所に置いてください。`,
      en: `${name} (old months of the ledger) is missing from the backup. Put it beside the data file.`,
    });
  }
}

/** Brings the files back into the folder of old months. @throws BlobRejected when one is not what it was */
export async function restoreArchives(given: {
  readonly from: string;
  readonly archives: readonly ArchivedFile[];
  readonly known: readonly KnownBackup[];
  readonly ledgerFolder: string;
}): Promise<void> {
  if (given.archives.length > 0) await mkdir(given.ledgerFolder, { recursive: true, mode: 0o700 });
  for (const archive of given.archives) {
    const copy = await findCopy(given.from, archive, given.known);
    if (copy === undefined) throw new BlobRejected();
    const hash = createHash("sha256");
    const path = join(given.ledgerFolder, archive.file);
    const to = await open(path, "w", 0o600);
    try {
      for await (const piece of openFile(copy.path, copy.key)) {
        hash.update(piece);
        await to.writeFile(piece);
      }
      await to.sync();
    } finally {
      await to.close();
    }
    if (hash.digest("hex") !== archive.sha256) throw new BlobRejected();
  }
}
