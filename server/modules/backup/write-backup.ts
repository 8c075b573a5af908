import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Db } from "#server/core/context/db.ts";
import { actAs } from "#server/core/door/index.ts";
import { findCurrentEpoch } from "#server/core/ledger/index.ts";
import { liesInside } from "#server/core/vault/keys-folder.ts";
import { recoveryPublicKey } from "#server/modules/accounts/index.ts";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { connectOwner } from "#server/platform/database/connect.ts";
import type { BackupHouse } from "./backup-house.ts";
import { archiveCopyForm, copyArchives, keepCopies } from "./copy-archives.ts";
import { syncFolder } from "#server/platform/files/sync-folder.ts";
import { listBackups, rememberFolder } from "./known-backups.ts";
import { mayHoldKeys, refreshKeyFiles } from "./refresh-key-files.ts";
import { fileIdLength } from "./sealed-file.ts";
import { writeData, type Progress } from "./write-data.ts";

export const dataFileForm = /^kuraban-data-\d{8}T\d{6}\.\d{3}Z\.kbk$/;

/** Held while a backup is being written: one at a time. "kubr" "back" in ASCII. */
const backupLock = "(1802854002, 1650549611)";

export interface WrittenBackup {
  readonly folder: string;
  /** Name of the data file. */
  readonly file: string;
  readonly bytes: number;
  /** Rows by table. */
  readonly tables: Readonly<Record<string, number>>;
  /** Events under the newest signed checkpoint in the data. */
  readonly checkpointSize: number;
  /** Backup folders whose key file could not be overwritten. */
  readonly missed: readonly string[];
}

/**
 * Writes a backup into a folder (made when missing): a data file without keys, and the key file. The data file gets its name
 * only when the key file that opens it is durable.
 * @throws CannotStart before the set-up, for a folder that is no place for it, or while another backup is being written
 */
export async function writeBackup(house: BackupHouse, given: { to: string; onProgress?: (progress: Progress) => void }): Promise<WrittenBackup> {
  const { storehouse } = house;
  const folder = prepareFolder(given.to, house);
  await demandPlaceForKeys(house, folder);
  const owner = await connectOwner(house.ownerUrl);
  const now = storehouse.clock();
  const file = `kuraban-data-${now.toISOString().replaceAll(/[-:]/g, "")}.kbk`;
  const part = join(folder, `${file}.part`);
  try {
    const { rows } = await owner.query<{ held: boolean }>(`select pg_try_advisory_lock${backupLock} as held`);
    if (rows[0]?.held !== true) {
      throw new CannotStart({
        ja: "ほかのバックアップが進行中です。終わってからもう一度実行してください。",
        en: "Another backup is being written. Run this again when it has ended.",
      });
    }
    removeLeftovers(folder);
    await actAs(storehouse, "console", "backup.started", randomUUID(), async (context) => context.journal.fact("file", file));
    const [key, id] = [randomBytes(32), randomBytes(fileIdLength)];
    const { header, end, bytes } = await writeData({ owner, path: part, key, id, now, onProgress: given.onProgress });
    const copies = await copyArchives({
      archives: header.archives ?? [],
      ledgerFolder: ledgerFolderOf(house.dataFolder),
      folder,
      known: listBackups(house.keys, storehouse.door.vault),
      at: header.at,
    });
    // Before a key file stands there: from then on an erasure must find it.
    rememberFolder(house.dataFolder, folder);
    const { missed } = await refreshKeyFiles(house, {
      principal: "console",
      adding: [...copies, { file, id: id.toString("hex"), key: key.toString("base64"), at: header.at }],
    });
    key.fill(0);
    if (missed.includes(folder)) throw new Error("the key file could not be written");
    await keepCopies(folder, copies);
    await rename(part, join(folder, file));
    await syncFolder(folder);
    await actAs(storehouse, "console", "backup.written", randomUUID(), async (context) => {
      context.journal.fact("file", file);
      context.journal.fact("bytes", bytes);
      context.journal.fact("tables", Object.keys(end.tables).length);
      context.journal.fact(
        "rows",
        Object.values(end.tables).reduce((sum, count) => sum + count, 0),
      );
      context.journal.fact("checkpointSize", header.checkpointSize);
      context.journal.fact("archives", header.archives?.length ?? 0);
      context.journal.fact("missedFolders", missed.length);
    });
    return { folder, file, bytes, tables: end.tables, checkpointSize: header.checkpointSize, missed };
  } catch (error) {
    await rm(part, { force: true });
    if (error instanceof CannotStart) throw error;
    await actAs(storehouse, "console", "backup.failed", randomUUID(), async (context) => context.journal.fact("file", file)).catch(() => undefined);
    throw sentenceFor(error) ?? error;
  } finally {
    // Ends the snapshot and the lock with it, wherever it stopped.
    await owner.end().catch(() => undefined);
  }
}

/** As openStorehouse has it. */
export function ledgerFolderOf(dataFolder: string): string {
  return join(dataFolder, "ledger");
}

function prepareFolder(to: string, house: BackupHouse): string {
  for (const kept of [house.dataFolder, house.keys.path]) {
    if (!liesInside(to, kept)) continue;
    throw new CannotStart({
      ja: "バックアップ先がデータか鍵のフォルダーの中にあります。別の場所(できれば別の装置)を --to で指定してください。",
      en: "The backup folder lies inside the data or the keys. Choose another place with --to, best on another device.",
    });
  }
  try {
    mkdirSync(to, { recursive: true, mode: 0o700 });
    return realpathSync(to);
  } catch {
    throw new CannotStart({ ja: `バックアップ先 ${to} を使えません。`, en: `The backup folder ${to} cannot be used.` });
  }
}

async function demandPlaceForKeys(house: BackupHouse, folder: string): Promise<void> {
  const { pool, door } = house.storehouse;
  const db: Pick<Db, "query"> = { query: async <Row extends object>(text: string) => (await pool.query<Row>(text)).rows };
  const epoch = await findCurrentEpoch(pool);
  if (epoch === undefined || (await recoveryPublicKey({ db, door })) === undefined) {
    throw new CannotStart({
      ja: "復旧鍵がまだありません。最初の設定(start の表示するリンク)を済ませてから実行してください。",
      en: "There is no recovery key yet. Finish the first set-up (the link that start prints), then run this again.",
    });
  }
  if (!(await mayHoldKeys(folder, epoch.publicKey.toString("base64url")))) {
    throw new CannotStart({
      ja: `${folder} には、別の蔵か、復元する前の蔵の鍵の控えがあります。上書きすると前の控えが開けなくなるため、別のフォルダーを指定してください。`,
      en: `${folder} holds the key file of another storehouse, or of this one before it was restored. Overwriting it would lock the backups made then: choose another folder.`,
    });
  }
}

/** What a backup left behind that was killed. */
function removeLeftovers(folder: string): void {
  for (const name of readdirSync(folder)) {
    const of = name.endsWith(".part") ? name.slice(0, -".part".length) : "";
    if (dataFileForm.test(of) || archiveCopyForm.test(of)) rmSync(join(folder, name), { force: true });
  }
}

function sentenceFor(error: unknown): CannotStart | undefined {
  switch ((error as NodeJS.ErrnoException).code) {
    case "ENOSPC":
    case "EDQUOT":
      return new CannotStart({ ja: "バックアップ先の空き容量が足りません。", en: "There is not enough space at the backup folder." });
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return new CannotStart({ ja: "バックアップ先に書き込めません。", en: "The backup folder cannot be written to." });
    default:
      return undefined;
  }
}
