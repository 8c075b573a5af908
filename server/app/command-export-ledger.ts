import { randomUUID } from "node:crypto";
import { createWriteStream, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { actAs } from "#server/core/door/index.ts";
import { listVerifierKeys, questionsOf, readVerifier, streamExport } from "#server/modules/records/index.ts";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import type { Asked } from "./asked.ts";
import { openStorehouse } from "./open-storehouse.ts";
import { showProgress } from "./show-progress.ts";

/** `./kuraban ledger export FILE`: the ledger with its proofs, and the one-file verifier beside it. */
export async function run(asked: Asked): Promise<number> {
  const path = asked.words[1];
  if (path === undefined) {
    throw new CannotStart({ ja: "使い方: ./kuraban ledger export FILE", en: "Usage: ./kuraban ledger export FILE" });
  }
  const [from, to] = [momentOf(asked, "from"), momentOf(asked, "to")];
  const hasEntries = !asked.withoutEntries;
  const open = await openStorehouse({ place: asked.place, onTrouble: (what) => process.stderr.write(`${what}\n`) });
  try {
    const { storehouse } = open;
    await actAs(storehouse, "console", "ledger.exported", randomUUID(), async ({ journal }) => {
      journal.fact("withEntries", hasEntries);
      if (from !== undefined) journal.fact("from", from.toISOString());
      if (to !== undefined) journal.fact("to", to.toISOString());
    });
    await open.sequencer.sequenceNow();
    let events = 0;
    const progress = showProgress(asked.json);
    const source = streamExport({
      query: questionsOf(storehouse),
      from,
      to,
      hasEntries,
      now: storehouse.clock(),
      isPacked: path.endsWith(".gz"),
      onProgress(count) {
        events = count;
        progress.report({ table: "ledger", rows: count, bytes: 0 });
      },
    });
    await pipeline(source, createWriteStream(path, { mode: 0o600 }));
    progress.end();
    const { bytes, sha256 } = readVerifier();
    const verifier = join(dirname(path), "kuraban-verify.mjs");
    writeFileSync(verifier, bytes);
    const keys = await listVerifierKeys(questionsOf(storehouse), storehouse.door.checkpointKeys);
    if (asked.json) {
      process.stdout.write(`${JSON.stringify({ file: path, events, verifier, verifierSha256: sha256, keys })}\n`);
    } else {
      const command = `node kuraban-verify.mjs ${basename(path)} ${keys.map((key) => `--key '${key}'`).join(" ")}`;
      process.stdout.write(
        `${events} 件の記録を ${path} に書き出しました。検証プログラム: ${verifier}\n${events} events were written to ${path}; the verifier: ${verifier}\n` +
          `SHA-256 ${sha256}\n\n鍵とこの値は、ファイルとは別の道で渡してください。/ Hand over the keys and this value by another way than the file.\n${command}\n`,
      );
    }
    return 0;
  } finally {
    await open.close();
  }
}

function momentOf(asked: Asked, name: "from" | "to"): Date | undefined {
  const text = asked.option(name);
  if (text === undefined) return undefined;
  // A day is a day in Japan.
  const moment = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00+09:00` : text);
  if (Number.isNaN(moment.getTime())) {
    throw new CannotStart({ ja: `--${name} は 2026-11-21 の形で指定してください。`, en: `--${name} must look like 2026-11-21.` });
  }
  return moment;
}
