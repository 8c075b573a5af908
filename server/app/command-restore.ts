import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { keyFileBeside } from "#server/modules/backup/index.ts";
import { askRecoveryKey } from "./ask-recovery-key.ts";
import type { Asked } from "./asked.ts";
import { restoreStorehouse } from "./restore-storehouse.ts";
import { showProgress } from "./show-progress.ts";

/** `./kuraban restore --from FOLDER --data NEWDIR`: brings a backup back into an empty place, in a new epoch of the ledger. */
export async function run(asked: Asked): Promise<number> {
  const from = asked.option("from");
  if (from === undefined) {
    throw new CannotStart({
      ja: "使い方: ./kuraban restore --from フォルダー --data 新しいフォルダー [--recovery-key-file ファイル]",
      en: "Usage: ./kuraban restore --from FOLDER --data NEWFOLDER [--recovery-key-file FILE]",
    });
  }
  keyFileBeside(from);
  const started = performance.now();
  const progress = showProgress(asked.json);
  try {
    const restored = await restoreStorehouse({
      place: asked.place,
      from,
      recoveryKey: await askRecoveryKey(asked.option("recovery-key-file")),
      onTrouble: (what) => process.stderr.write(`${what}\n`),
      onProgress: progress.report,
    });
    progress.end();
    const seconds = Math.round((performance.now() - started) / 100) / 10;
    if (asked.json) {
      process.stdout.write(`${JSON.stringify({ ...restored, seconds })}\n`);
      return 0;
    }
    process.stdout.write(`復元しました(${restored.backupAt} 時点、顧客 ${restored.customers} 件、${seconds} 秒)。start で開けます。\n`);
    process.stdout.write(`Restored as of ${restored.backupAt}: ${restored.customers} customers, ${seconds} s. Open it with start.\n`);
    process.stdout.write("全員のログインは切れています。バックアップ後に停止した利用者や変えた権限は、もとに戻っています。確かめてください。\n");
    process.stdout.write("Everybody is signed out. Accounts disabled and rights changed after the backup are as they were before: check them.\n");
    if (restored.erased > 0) {
      process.stdout.write(
        `バックアップ後に消去された ${restored.erased} 人は、戻していません。/ ${restored.erased} people erased since the backup were not brought back.\n`,
      );
    }
    return 0;
  } finally {
    progress.end();
  }
}
