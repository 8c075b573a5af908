import { hashBytes } from "./merkle.ts";

/**
 * A batch: the events that a node made durable together, signed by its Ed25519 key. Signed are the bytes
 * "kuraban ledger batch v1\n" ‖ batch number (16) ‖ number of the batch before (16, zero when none) ‖ time in
 * milliseconds (uint64 BE) ‖ length of the node's id (uint16 BE) ‖ node's id (UTF-8) ‖ leaf hashes (32 each).
 *
 * Numbers are UUIDs of version 8: 48 bits of the time at which the run began, 26 random bits, then 48 bits that count
 * from 1 within the run. "Before" is the last batch of the run that was durable when this one was sent, so an acknowledged
 * batch that vanishes before it stands in the tree is missed by its successor. A batch written inside a business
 * transaction is a run of its own and names none.
 */
const heading = Buffer.from("kuraban ledger batch v1\n", "latin1");

export interface Batch {
  readonly batchNo: Buffer;
  readonly previous: Buffer | null;
  readonly nodeId: string;
  readonly at: Date;
  readonly leafHashes: Buffer;
}

export function batchMessage(batch: Batch): Buffer {
  const nodeId = Buffer.from(batch.nodeId, "utf8");
  const message = Buffer.alloc(heading.length + 16 + 16 + 8 + 2 + nodeId.length + batch.leafHashes.length);
  let at = heading.copy(message);
  at += batch.batchNo.copy(message, at);
  if (batch.previous !== null) batch.previous.copy(message, at);
  at += 16;
  at = message.writeBigUInt64BE(BigInt(batch.at.getTime()), at);
  at = message.writeUInt16BE(nodeId.length, at);
  at += nodeId.copy(message, at);
  batch.leafHashes.copy(message, at);
  return message;
}

/** Numbers the batches of one run: each call gives the next. `random`: 4 random bytes. */
export function numberBatches(startedAt: Date, random: Buffer): () => Buffer {
  const run = Buffer.alloc(10);
  run.writeUIntBE(startedAt.getTime(), 0, 6);
  random.copy(run, 6, 0, 4);
  run[6] = 0x80 | (run[6]! & 0x0f);
  run[8] = 0x80 | (run[8]! & 0x3f);
  let count = 0;
  return () => {
    const batchNo = Buffer.alloc(16);
    run.copy(batchNo);
    batchNo.writeUIntBE(++count, 10, 6);
    return batchNo;
  };
}

export function formatUuid(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function parseUuid(text: string): Buffer {
  return Buffer.from(text.replaceAll("-", ""), "hex");
}

export function leafHashAt(leafHashes: Buffer, index: number): Buffer {
  return leafHashes.subarray(index * hashBytes, (index + 1) * hashBytes);
}
