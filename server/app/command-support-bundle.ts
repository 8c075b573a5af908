import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { actAs } from "#server/core/door/index.ts";
import { gatherReport, renderBundle } from "#server/modules/support/index.ts";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { findRunningServer } from "#server/platform/database/find-running-server.ts";
import type { Asked } from "./asked.ts";
import { openStorehouse } from "./open-storehouse.ts";
import { version } from "./version.ts";

/** `./kuraban support-bundle --out FILE`: a .tar.gz without any personal value. Works beside a running server. */
export async function run(asked: Asked): Promise<number> {
  const out = asked.option("out");
  if (out === undefined) {
    throw new CannotStart({ ja: "使い方: ./kuraban support-bundle --out ファイル.tar.gz", en: "Usage: ./kuraban support-bundle --out FILE.tar.gz" });
  }
  const running = asked.place.databaseUrl === undefined ? findRunningServer(asked.place) : undefined;
  const open = await openStorehouse({
    place: running === undefined ? asked.place : { ...asked.place, databaseUrl: running },
    onTrouble: (what) => process.stderr.write(`${what}\n`),
    appConnections: 2,
  });
  try {
    const report = await actAs(open.storehouse, "console", "support.bundle-made", randomUUID(), (context) => gatherReport(context, { version }));
    const { bytes } = await renderBundle(report);
    try {
      writeFileSync(out, bytes, { mode: 0o600 });
    } catch {
      throw new CannotStart({ ja: "--out の場所に書けません。別の場所を指定してください。", en: "Nothing can be written there. Give another place by --out." });
    }
    process.stdout.write(
      asked.json
        ? `${JSON.stringify({ bytes: bytes.length, refusals: report.refusals.length })}\n`
        : `調査用ファイルを書きました。個人情報は入っていません。/ The support file is written; it holds no personal value.  (${bytes.length} bytes)\n`,
    );
    return 0;
  } finally {
    await open.close();
  }
}
