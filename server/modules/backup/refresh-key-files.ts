import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Pool, PoolClient } from "pg";
import { actAs, queryOver } from "#server/core/door/index.ts";
import { findCurrentEpoch } from "#server/core/ledger/index.ts";
import { recoveryPublicKey } from "#server/modules/accounts/index.ts";
import type { BackupHouse } from "./backup-house.ts";
import { listSequences } from "./data-tables.ts";
import { keyFileName, overwriteFile, readHead, sealKeyFile, type KeyFileHead, type KnownBackup } from "./key-file.ts";
import { keepBackups, listBackups, listFolders } from "./known-backups.ts";

/** Held while a key file is being made, so that of two makers the later one has the later keys. "kubr" "keyf" in ASCII. */
const keyFileLock = "(1802854002, 1801812326)";

export interface RefreshedKeyFiles {
  readonly written: readonly string[];
  /** Folders that could not be reached or hold another storehouse's keys: what lies there may still open what was erased. */
  readonly missed: readonly string[];
}

/**
 * Overwrites the key file in every known backup folder with the keys as they are now. Part of each backup, and to be called
 * after each erasure of keys: until then an older key file still opens what was erased, in backups. Recorded before the
 * keys leave (`keys.copied`). `adding` are files of a backup written just now.
 * @throws Error before the set-up, when there is no recovery key
 */
export async function refreshKeyFiles(
  house: BackupHouse,
  given: { principal: "system" | "console"; adding?: readonly KnownBackup[] } = { principal: "system" },
): Promise<RefreshedKeyFiles> {
  const { storehouse, keys } = house;
  const { vault } = storehouse.door;
  const held = await takeTurn(storehouse.pool);
  try {
    const known = listBackups(keys, vault);
    const backups = given.adding === undefined ? known : [...known, ...given.adding];
    if (given.adding !== undefined) await keepBackups(keys, vault, backups);
    const folders = listFolders(house.dataFolder);
    if (folders.length === 0) return { written: [], missed: [] };

    const { publicKey, head, sequences } = await actAs(storehouse, given.principal, "keys.copied", randomUUID(), async (context) => {
      const found = await recoveryPublicKey(context);
      const epoch = await findCurrentEpoch(queryOver(context.db));
      if (found === undefined || epoch === undefined) throw new Error("there is no recovery key yet");
      context.journal.fact("folders", folders.length);
      context.journal.fact("backups", backups.length);
      const made: KeyFileHead = {
        kuraban: "keys",
        v: 1,
        epoch: epoch.origin,
        checkpointKey: epoch.publicKey.toString("base64url"),
        at: context.now.toISOString(),
      };
      return { publicKey: found, head: made, sequences: await listSequences((text) => context.db.query(text)) };
    });
    const contents = { origin: house.origin, checkpointKeys: storehouse.door.checkpointKeys.map((key) => key.toString("base64")), backups, sequences };
    const file = await sealKeyFile(publicKey, head, contents, await house.exportKeys());

    const written: string[] = [];
    const missed: string[] = [];
    for (const folder of folders) {
      if (await overwriteKeyFile(folder, head, file)) written.push(folder);
      else missed.push(folder);
    }
    if (missed.length > 0) {
      await actAs(storehouse, given.principal, "keys.copy-failed", randomUUID(), async (context) => context.journal.fact("folders", missed.length));
    }
    return { written, missed };
  } finally {
    await held.query(`select pg_advisory_unlock${keyFileLock}`).catch(() => undefined);
    held.release();
  }
}

/** Whoever waits holds no connection meanwhile, or those who wait could leave none for the one at work. */
async function takeTurn(pool: Pool): Promise<PoolClient> {
  for (;;) {
    const client = await pool.connect();
    const { rows } = await client.query<{ held: boolean }>(`select pg_try_advisory_lock${keyFileLock} as held`);
    if (rows[0]?.held === true) return client;
    client.release();
    await wait(50);
  }
}

async function overwriteKeyFile(folder: string, head: KeyFileHead, file: Buffer): Promise<boolean> {
  try {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true || !(await mayHoldKeys(folder, head.checkpointKey))) return false;
    await overwriteFile(join(folder, keyFileName), file);
    return true;
  } catch {
    return false;
  }
}

/** Whether a key file may be written here: one of another storehouse, or of another life of this one, is never replaced. */
export async function mayHoldKeys(folder: string, checkpointKey: string): Promise<boolean> {
  const found = await readHead(join(folder, keyFileName));
  return found === undefined || found?.checkpointKey === checkpointKey;
}
