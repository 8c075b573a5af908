import { randomUUID } from "node:crypto";
import { actAs } from "#server/core/door/index.ts";
import { awaitsSetUp, createSetUpLink } from "#server/modules/accounts/index.ts";
import type { Asked } from "./asked.ts";
import { openStorehouse, poolDb } from "./open-storehouse.ts";
import { listen, untilStopped } from "./run-server.ts";
import { startWork } from "./start-work.ts";

/** `./kuraban start`: opens the storehouse, prints the set-up link of a new one, and serves until it is stopped. */
export async function run(asked: Asked): Promise<number> {
  const open = await openStorehouse({ place: asked.place, onTrouble: report });
  try {
    const stopWork = startWork(open);
    const { app, url, authority } = await listen(open, asked);
    const token = (await awaitsSetUp(poolDb(open.pools.app)))
      ? await actAs(open.storehouse, "console", "set-up-link.created", randomUUID(), createSetUpLink)
      : null;
    if (asked.json) {
      process.stdout.write(`${JSON.stringify({ url, setUp: token === null ? null : `${url}/#/setup/${token}` })}\n`);
    } else {
      process.stdout.write(`蔵番を開きました / Kuraban is open:  ${url}\n`);
      if (authority !== undefined) {
        process.stdout.write(`この会社の認証局です。各パソコンに入れてください / The local authority, to be installed on each computer:\n${authority}\n`);
      }
      if (token !== null) {
        process.stdout.write(`最初の設定(一度だけ、24時間有効)/ First set-up (once, within 24 hours):\n  ${url}/#/setup/${token}\n`);
      }
    }
    await untilStopped();
    await app.close();
    await stopWork();
    return 0;
  } finally {
    await open.close();
  }
}

function report(what: string): void {
  process.stderr.write(`${what}\n`);
}
