import { randomUUID } from "node:crypto";
import { actAs, type Storehouse } from "#server/core/door/index.ts";
import { bookFacts, provedType, proveFurther, type NewBook } from "#server/core/ledger/index.ts";

export const proveTask = "incidents.prove-ledger";

/** Proves what came since the last time; the number of chunks of 4,096 events. One node at a time does it. */
export async function proveLedger(storehouse: Storehouse, signal?: AbortSignal, onProgress?: (upTo: number, of: number) => void): Promise<number> {
  const { chunks, findings } = await proveFurther({
    source: storehouse.pool,
    publicKeys: storehouse.door.checkpointKeys,
    now: () => storehouse.clock(),
    signal,
    onProgress,
    keep: (book) => keepBook(storehouse, book),
  });
  if (findings.length > 0) {
    await actAs(storehouse, "system", "ledger.packing-not-proved", randomUUID(), async ({ journal }) => {
      journal.fact("findings", findings.length);
      journal.fact("found", [...new Set(findings.map(({ what }) => what))].slice(0, 20));
      journal.fact("alarm", true);
    });
  }
  return chunks;
}

async function keepBook(storehouse: Storehouse, { chunkCount, hashes, bodies }: NewBook): Promise<void> {
  await actAs(storehouse, "system", provedType, randomUUID(), async ({ db, journal }) => {
    for (const { sha256, level, rangeNo, body } of bodies) {
      await db.query("insert into ledger_proved_ranges (sha256, level, range_no, body) values ($1, $2, $3, $4) on conflict do nothing", [
        sha256,
        level,
        rangeNo,
        body,
      ]);
    }
    const facts = bookFacts(chunkCount, hashes);
    await db.query("insert into ledger_proved_books (hash, ranges) values ($1, $2) on conflict do nothing", [
      Buffer.from(String(facts["hash"]), "base64url"),
      Buffer.concat([...hashes]),
    ]);
    for (const [key, value] of Object.entries(facts)) journal.fact(key, value);
  });
}
