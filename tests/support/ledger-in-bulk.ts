import { randomBytes } from "node:crypto";
import type pg from "pg";
import { numberBatches } from "#server/core/ledger/batch.ts";
import { signingKey } from "#server/core/ledger/ed25519.ts";
import type { EncodedEvent } from "#server/core/ledger/encode.ts";
import { batchValues, insertBatchText } from "#server/core/ledger/insert-batch.ts";

/** Records many events in batches of 512, by the statement of the appender, without waiting for each: a year in minutes. */
export async function appendInBulk(client: pg.ClientBase, events: Iterable<EncodedEvent>, node: { readonly id: string; readonly seed: Buffer }): Promise<void> {
  const key = signingKey(node.seed);
  const nextBatchNo = numberBatches(new Date(), randomBytes(4));
  let previous: Buffer | null = null;
  let batch: EncodedEvent[] = [];
  let sent: Promise<unknown> | undefined;
  const send = async (): Promise<void> => {
    if (batch.length === 0) return;
    const batchNo = nextBatchNo();
    const values = batchValues({ batchNo, previous, nodeId: node.id, at: batch[batch.length - 1]!.at, events: batch }, key);
    batch = [];
    previous = batchNo;
    // The next batch is encoded while the database works at this one.
    const before = sent;
    sent = client.query({ name: "insert-batch", text: insertBatchText, values });
    sent.catch(() => undefined);
    await before;
  };
  for (const event of events) {
    batch.push(event);
    if (batch.length === 512) await send();
  }
  await send();
  await sent;
}
