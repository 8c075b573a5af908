import { join } from "node:path";
import { openKeyEncryptionKey, openVault } from "#server/core/vault/index.ts";
import { writeBackup, type BackupHouse } from "#server/modules/backup/index.ts";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { findRunningServer } from "#server/platform/database/find-running-server.ts";
import type { Asked } from "./asked.ts";
import { openStorehouse, type OpenStorehouse } from "./open-storehouse.ts";
import { showProgress } from "./show-progress.ts";

/**
 * `./kuraban backup --to FOLDER`: two files, useless alone. Works beside a running server: on the embedded database by the
 * server's own socket, on one's own anyway.
 */
export async function run(asked: Asked): Promise<number> {
  const to = asked.option("to");
  if (to === undefined) {
    throw new CannotStart({ ja: "使い方: ./kuraban backup --to フォルダー", en: "Usage: ./kuraban backup --to FOLDER" });
  }
  const started = performance.now();
  const running = asked.place.databaseUrl === undefined ? findRunningServer(asked.place) : undefined;
  const open = await openStorehouse({
    place: running === undefined ? asked.place : { ...asked.place, databaseUrl: running },
    onTrouble: (what) => process.stderr.write(`${what}\n`),
    appConnections: 4,
  });
  const progress = showProgress(asked.json);
  try {
    // What is there is signed first, so that the checkpoint in the backup is the newest; a running server does so itself.
    await open.sequencer.sequenceNow().catch(() => false);
    const written = await writeBackup(backupHouse(open), { to, onProgress: progress.report });
    progress.end();
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    if (asked.json) {
      process.stdout.write(`${JSON.stringify({ ...written, seconds })}\n`);
    } else {
      process.stdout.write(`バックアップを書きました / The backup is written:  ${join(written.folder, written.file)}\n`);
      process.stdout.write(
        `  ${(written.bytes / 1e6).toFixed(1)} MB、顧客 ${written.tables["customers"] ?? 0} 件、記録 ${written.tables["ledger_events"] ?? 0} 件、${seconds} 秒\n`,
      );
      process.stdout.write(`  ${written.tables["customers"] ?? 0} customers, ${written.tables["ledger_events"] ?? 0} events, ${seconds} s\n`);
    }
    for (const folder of written.missed) {
      process.stderr.write(`鍵の控えを更新できませんでした。ここに残る古い鍵の控えは、消去した人をまだ開けます: ${folder}\n`);
      process.stderr.write(`The key file could not be overwritten; an older one there still opens whoever was erased since: ${folder}\n`);
    }
    return written.missed.length === 0 ? 0 : 3;
  } finally {
    progress.end();
    await open.close();
  }
}

/** What a backup needs, for a process that may stand beside the one that erases: keys are read from their folder each time. */
export function backupHouse(open: OpenStorehouse): BackupHouse {
  const { place, keys } = open;
  return {
    storehouse: open.storehouse,
    ownerUrl: open.ownerUrl,
    dataFolder: place.dataFolder,
    keys,
    origin: open.signing.origin,
    async exportKeys() {
      const kek = await openKeyEncryptionKey({
        keysFolder: keys,
        dataFolder: place.dataFolder,
        mountedFile: place.mountedKeyFile,
        passphrase: place.passphrase,
      });
      const vault = await openVault({ keysFolder: keys, kek });
      try {
        return vault.exportKeys();
      } finally {
        vault.close();
      }
    },
  };
}
