import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { verifyStorehouse } from "#server/modules/records/index.ts";
import type { Asked } from "./asked.ts";
import { openStorehouse } from "./open-storehouse.ts";

/** `./kuraban ledger verify`: exit code 0 when everything holds, 3 when something was found. */
export async function run(asked: Asked): Promise<number> {
  if (asked.words[0] === "rebuild-exposure") return (await import("./command-rebuild-exposure.ts")).run(asked);
  if (asked.words[0] === "archive") return (await import("./command-archive-ledger.ts")).run(asked);
  if (asked.words[0] === "export") return (await import("./command-export-ledger.ts")).run(asked);
  if (asked.words[0] !== "verify") {
    throw new CannotStart({
      ja: "使い方: ./kuraban ledger verify | export FILE | archive --before DAY",
      en: "Usage: ./kuraban ledger verify | export FILE | archive --before DAY",
    });
  }
  const open = await openStorehouse({ place: asked.place, onTrouble: (what) => process.stderr.write(`${what}\n`) });
  try {
    await open.sequencer.sequenceNow();
    const result = await verifyStorehouse(open.storehouse, "console");
    if (asked.json) {
      process.stdout.write(`${JSON.stringify(result)}\n`);
    } else if (result.ok) {
      process.stdout.write(
        `記録簿は正しい: ${result.events} 件の記録、${result.rowsSwept} 件の顧客と会社を確かめました。\nThe ledger holds: ${result.events} events and ${result.rowsSwept} rows were checked.\n`,
      );
    } else {
      process.stdout.write(`問題が ${result.findings.length} 件見つかりました。/ ${result.findings.length} findings:\n`);
      for (const finding of result.findings) {
        process.stdout.write(`  ${finding.sequence ?? "-"}  ${finding.what}${finding.subject === null ? "" : `  ${finding.subject}`}\n`);
      }
    }
    return result.ok ? 0 : 3;
  } finally {
    await open.close();
  }
}
