import { CannotArchive } from "#server/core/ledger/index.ts";
import { archiveLedger, youngestArchived } from "#server/modules/archives/index.ts";
import { followRights } from "#server/modules/accounts/index.ts";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { findRunningServer } from "#server/platform/database/find-running-server.ts";
import type { Asked } from "./asked.ts";
import { openStorehouse } from "./open-storehouse.ts";

/**
 * `./kuraban ledger archive --before DAY`: old events go into files beside the database. Works beside a running server. Exit code
 * 3 when something is not as it was signed.
 */
export async function run(asked: Asked): Promise<number> {
  const day = asked.option("before");
  // A day is a day in Japan.
  const before = new Date(`${day}T00:00:00+09:00`);
  if (day === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(before.getTime())) {
    throw new CannotStart({ ja: "使い方: ./kuraban ledger archive --before 2026-05-01", en: "Usage: ./kuraban ledger archive --before 2026-05-01" });
  }
  const running = asked.place.databaseUrl === undefined ? findRunningServer(asked.place) : undefined;
  const open = await openStorehouse({
    place: running === undefined ? asked.place : { ...asked.place, databaseUrl: running },
    onTrouble: (what) => process.stderr.write(`${what}\n`),
    appConnections: 4,
  });
  try {
    if (before > youngestArchived(open.storehouse.clock())) {
      throw new CannotStart({
        ja: "直近31日の記録は移せません。--before にはそれより前の日を指定してください。",
        en: "The records of the last 31 days stay where they are. Name an earlier day with --before.",
      });
    }
    await open.sequencer.sequenceNow().catch(() => false);
    const { isOurs, files } = await archiveLedger(open.storehouse, { before, principal: "console", catchUp: () => followRights(open.storehouse.pool) });
    if (!isOurs) {
      throw new CannotStart({
        ja: "ほかのサーバーがいま移しています。終わってからもう一度実行してください。",
        en: "Another node is at it. Run this again when it has ended.",
      });
    }
    const events = files.reduce((sum, file) => sum + file.events, 0);
    if (asked.json) {
      process.stdout.write(`${JSON.stringify({ files, events })}\n`);
    } else {
      for (const { file, events: ofFile, bytes } of files) process.stdout.write(`  ledger/${file}  ${ofFile}  ${(bytes / 1e6).toFixed(1)} MB\n`);
      process.stdout.write(`${events} 件の記録をファイルに移しました。\n${events} events were moved into ${files.length} files.\n`);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof CannotArchive)) throw error;
    process.stderr.write(
      `記録に問題があるため移しませんでした。./kuraban ledger verify で確かめてください。\nNothing was moved: ${error.message}${error.eventNo === null ? "" : ` (event ${error.eventNo})`}. Run ./kuraban ledger verify.\n`,
    );
    return 3;
  } finally {
    await open.close();
  }
}
