import { randomUUID } from "node:crypto";
import { readdirSync, realpathSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type pg from "pg";
import { actAs } from "#server/core/door/index.ts";
import { findCurrentEpoch } from "#server/core/ledger/index.ts";
import { BlobRejected, importKeys, openKeyEncryptionKey, openKeysFolder, openVault, type KeysFolder, type Vault } from "#server/core/vault/index.ts";
import {
  demandCopies,
  findBackup,
  keepBackups,
  ledgerFolderOf,
  loadData,
  rebuildSearch,
  restoreArchives,
  verifyData,
  type FoundBackup,
  type Progress,
} from "#server/modules/backup/index.ts";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { connectOwner } from "#server/platform/database/connect.ts";
import { checkDatabaseUrl } from "#server/platform/database/database-url.ts";
import { makeDataFolder, startEmbeddedServer } from "#server/platform/database/embedded-server.ts";
import { isFolderHeld } from "#server/platform/database/folder-lock.ts";
import { findPostmaster, stopPostmaster } from "#server/platform/database/postmaster.ts";
import { openStorehouse, restoringMarker, type Place } from "./open-storehouse.ts";

export interface Restored {
  /** Name of the data file. */
  readonly file: string;
  /** When the backup was made (ISO 8601). */
  readonly backupAt: string;
  readonly customers: number;
  readonly companies: number;
  readonly events: number;
  /** Customers in the data file whose keys were destroyed since: they stay away. */
  readonly erased: number;
  /** Rows that could not be opened for the index. */
  readonly unreadable: number;
  /** Name of the ledger's new tree. */
  readonly epoch: string;
}

interface RestoreOptions {
  readonly place: Place;
  /** A folder with a backup, or one data file in it. */
  readonly from: string;
  readonly recoveryKey: string;
  readonly onTrouble: (what: string) => void;
  readonly onProgress?: (progress: Progress) => void;
}

/** What makes a keys folder one of a storehouse. Passwords of the database and a key put there beforehand do not. */
const keyFiles = ["trees.sealed", "signing.sealed", "backups.sealed"];

/**
 * Brings a backup back into an empty place: keys, database, search index, and a ledger that goes on in a new epoch. Whatever
 * fails leaves the place empty again; one that was killed is begun anew by the same command.
 * @throws CannotStart with a sentence
 */
export async function restoreStorehouse(options: RestoreOptions): Promise<Restored> {
  const { place } = options;
  const backup = await findBackup(options.from, options.recoveryKey);
  const verified = await verifyData(backup.path, backup.dataKey).catch((error: unknown) => {
    if (error instanceof BlobRejected) throw damaged(backup.path);
    throw error;
  });
  const { archives = [] } = verified.header;
  await demandCopies(dirname(backup.path), archives, backup.contents.backups);
  makeDataFolder(place.dataFolder);
  const keys = openKeysFolder({ path: place.keysFolder, dataFolder: place.dataFolder, create: true });
  await clearPlace(place, keys);
  const hadKek = keys.read("kek") !== undefined || keys.read("kek.passphrase") !== undefined;
  await keys.write(restoringMarker, Buffer.from("\n"));
  try {
    const restored = await fillPlace(options, keys, backup, verified);
    await keys.remove(restoringMarker);
    return restored;
  } catch (error) {
    await emptyPlace(place, keys, hadKek ? [] : ["kek", "kek.passphrase"]);
    throw error instanceof BlobRejected ? damaged(backup.path) : error;
  } finally {
    backup.dataKey.fill(0);
  }
}

async function fillPlace(options: RestoreOptions, keys: KeysFolder, backup: FoundBackup, verified: Awaited<ReturnType<typeof verifyData>>): Promise<Restored> {
  const { place, onTrouble } = options;
  const kek = await openKeyEncryptionKey({
    keysFolder: keys,
    dataFolder: place.dataFolder,
    mountedFile: place.mountedKeyFile,
    passphrase: place.passphrase,
    create: true,
  });
  await importKeys({ keysFolder: keys, kek, keys: backup.keys });
  const server =
    place.databaseUrl === undefined
      ? await startEmbeddedServer({
          dataFolder: place.dataFolder,
          keysFolder: place.keysFolder,
          log: { info: () => undefined, warn: onTrouble, error: onTrouble },
        })
      : undefined;
  try {
    const ownerUrl = server?.ownerUrl ?? checkDatabaseUrl(place.databaseUrl as string);
    const loaded = await loadInto(ownerUrl, options, keys, await openVault({ keysFolder: keys, kek }), backup, verified);
    const { origin, checkpointKeys, backups } = backup.contents;
    const { archives = [] } = verified.header;
    await restoreArchives({ from: dirname(backup.path), archives, known: backups, ledgerFolder: ledgerFolderOf(place.dataFolder) });
    const open = await openStorehouse({
      place: { ...place, databaseUrl: ownerUrl },
      onTrouble,
      newEpoch: { reason: "restored", former: { origin, checkpointKeys: checkpointKeys.map((key) => Buffer.from(key, "base64")) } },
    });
    try {
      const search = await rebuildSearch(open.storehouse, (rows) => options.onProgress?.({ table: "search", rows, bytes: 0 }));
      await asOwner(ownerUrl, async (owner) => {
        for (const statement of loaded.searchIndexes) await owner.query(statement);
        await owner.query("analyze");
      });
      await actAs(open.storehouse, "console", "backup.restored", randomUUID(), async ({ journal }) => {
        journal.fact("file", basename(backup.path));
        journal.fact("backupAt", verified.header.at);
        journal.fact("formerEpoch", verified.header.epoch);
        journal.fact("checkpointSize", verified.header.checkpointSize);
        journal.fact(
          "rows",
          Object.values(loaded.rows).reduce((sum, count) => sum + count, 0),
        );
        journal.fact("erased", loaded.erased.length);
        journal.fact("unreadable", search.unreadable);
        for (const customerNo of loaded.erased) journal.wrote("customer", customerNo, null);
        for (const { kind, no } of loaded.attached) journal.wrote(kind, no, null);
      });
      await open.sequencer.sequenceNow();
      return {
        file: basename(backup.path),
        backupAt: verified.header.at,
        customers: (loaded.rows["customers"] ?? 0) - loaded.erased.length,
        companies: loaded.rows["companies"] ?? 0,
        events: loaded.rows["ledger_events"] ?? 0,
        erased: loaded.erased.length,
        unreadable: search.unreadable,
        epoch: (await findCurrentEpoch(open.pools.app))?.origin ?? "",
      };
    } finally {
      await open.close();
    }
  } finally {
    await server?.stop();
  }
}

async function loadInto(
  ownerUrl: string,
  options: RestoreOptions,
  keys: KeysFolder,
  vault: Vault,
  backup: FoundBackup,
  verified: Awaited<ReturnType<typeof verifyData>>,
): ReturnType<typeof loadData> {
  try {
    await keepBackups(keys, vault, backup.contents.backups);
    return await asOwner(ownerUrl, async (owner) => {
      await demandEmpty(owner);
      return loadData({
        owner,
        path: backup.path,
        key: backup.dataKey,
        verified,
        now: new Date(),
        isErased: (no) => vault.isErased({ kind: "customer", no }),
        laterSequences: backup.contents.sequences,
        onProgress: options.onProgress,
      });
    });
  } finally {
    vault.close();
  }
}

async function asOwner<Result>(ownerUrl: string, act: (owner: pg.Client) => Promise<Result>): Promise<Result> {
  const owner = await connectOwner(ownerUrl);
  try {
    return await act(owner);
  } finally {
    await owner.end().catch(() => undefined);
  }
}

/** Refuses a place where something is, but for what a killed restore left behind. */
async function clearPlace(place: Place, keys: KeysFolder): Promise<void> {
  if (isFolderHeld(place.dataFolder)) {
    throw new CannotStart({ ja: `${place.dataFolder} では、すでに蔵番が動いています。`, en: `Kuraban is already running on ${place.dataFolder}.` });
  }
  if (keys.read(restoringMarker) !== undefined) {
    const left = findPostmaster({ clusterFolder: join(realpathSync(place.dataFolder), "postgres"), logFile: "", user: undefined, programs: { binFolder: "" } });
    if (left !== undefined) await stopPostmaster(left.process);
    await emptyPlace(place, keys, []);
  }
  const isTaken = readdirSync(place.dataFolder).length > 0;
  if (isTaken || keyFiles.some((name) => keys.read(name) !== undefined)) {
    const folder = isTaken ? place.dataFolder : place.keysFolder;
    throw new CannotStart({
      ja: `${folder} は空ではありません。復元は何もない場所にだけできます。--data で新しいフォルダーを指定してください。`,
      en: `${folder} is not empty. A backup is brought back only into an empty place: name a new folder with --data.`,
    });
  }
}

async function emptyPlace(place: Place, keys: KeysFolder, besides: readonly string[]): Promise<void> {
  for (const name of readdirSync(place.dataFolder)) {
    rmSync(join(place.dataFolder, name), { recursive: true, force: true });
  }
  for (const name of [...keyFiles, ...besides, restoringMarker]) {
    await keys.remove(name);
  }
}

async function demandEmpty(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ tables: number }>(
    "select count(*)::integer as tables from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
  );
  if (rows[0]?.tables !== 0) {
    throw new CannotStart({
      ja: "DATABASE_URL のデータベースは空ではありません。復元には空のデータベースを用意してください。",
      en: "The database of DATABASE_URL is not empty. Make an empty one for the restore.",
    });
  }
}

function damaged(path: string): CannotStart {
  return new CannotStart({
    ja: `${basename(path)} が壊れているか、変えられています。--from でほかのデータファイルを指定してください。`,
    en: `${basename(path)} is damaged or was changed. Name another data file with --from.`,
  });
}
