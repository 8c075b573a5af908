import { rebuildExposure } from "#server/core/ledger/index.ts";
import { connectOwner } from "#server/platform/database/connect.ts";
import type { Asked } from "./asked.ts";
import { openStorehouse } from "./open-storehouse.ts";

/** `./kuraban ledger rebuild-exposure`: packs who saw whom anew out of the events. Whoever asks meanwhile waits. */
export async function run(asked: Asked): Promise<number> {
  const open = await openStorehouse({ place: asked.place, onTrouble: (what) => process.stderr.write(`${what}\n`) });
  try {
    await open.sequencer.sequenceNow();
    const owner = await connectOwner(open.ownerUrl, open.storehouse.door.ledgerFiles?.folder);
    try {
      const chunks = await rebuildExposure(owner);
      process.stdout.write(
        asked.json ? `${JSON.stringify({ chunks })}\n` : `閲覧記録の索引を作り直しました: ${chunks} 区画。\nWho saw whom was packed anew: ${chunks} chunks.\n`,
      );
    } finally {
      await owner.end();
    }
    return 0;
  } finally {
    await open.close();
  }
}
