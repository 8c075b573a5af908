import type { StoredBatch } from "./archive/stored-event.ts";
import { batchMessage, parseUuid } from "./batch.ts";
import { holdsSignature } from "./ed25519.ts";
import { openEpoch, openNodeKey, type Epoch } from "./epoch.ts";
import type { Query } from "./query.ts";

/** Notes what does not hold. */
export type Find = (what: string, sequence?: number | null, eventNo?: number | null) => void;

/** Epochs as they were signed by keys that are trusted. */
export async function verifyEpochs(query: Query, publicKeys: readonly Buffer[], find: Find): Promise<Map<number, Epoch>> {
  const epochs = new Map<number, Epoch>();
  const { rows } = await query.query("select epoch_no, origin, document, signature from ledger_epochs order by epoch_no");
  for (const row of rows) {
    const epochNo = row["epoch_no"] as number;
    const epoch = openEpochSafely(row["document"] as string, row["signature"] as Buffer);
    if (epoch === undefined || epoch.epochNo !== epochNo || epoch.origin !== row["origin"]) find(`epoch ${epochNo} is not as it was signed`);
    else if (!publicKeys.some((key) => key.equals(epoch.publicKey))) find(`the key of epoch ${epochNo} is not trusted`);
    else epochs.set(epochNo, epoch);
  }
  if (rows.length === 0) find("there is no epoch");
  return epochs;
}

function openEpochSafely(document: string, signature: Buffer): Epoch | undefined {
  try {
    return openEpoch(document, signature);
  } catch {
    return undefined;
  }
}

/** Keys of nodes that those epochs vouch for. */
export async function verifyNodeKeys(query: Query, epochs: ReadonlyMap<number, Epoch>, find: Find): Promise<Map<string, Buffer[]>> {
  const keys = new Map<string, Buffer[]>();
  const { rows } = await query.query("select epoch_no, node_id, public_key, document, signature from ledger_node_keys");
  for (const row of rows) {
    const epoch = epochs.get(row["epoch_no"] as number);
    if (epoch === undefined) continue;
    let node: ReturnType<typeof openNodeKey>;
    try {
      node = openNodeKey(row["document"] as string, row["signature"] as Buffer, epoch);
    } catch {
      node = undefined;
    }
    if (node === undefined || node.nodeId !== row["node_id"] || !node.publicKey.equals(row["public_key"] as Buffer))
      find("the key of a node is not vouched for");
    else keys.set(node.nodeId, [...(keys.get(node.nodeId) ?? []), node.publicKey]);
  }
  return keys;
}

/** Whether a key of the node that a batch names signed it. */
export function isBatchSigned(batch: StoredBatch, nodeKeys: ReadonlyMap<string, readonly Buffer[]>): boolean {
  const message = batchMessage({
    batchNo: parseUuid(batch.batch_no),
    previous: batch.previous === null ? null : parseUuid(batch.previous),
    nodeId: batch.node_id,
    at: batch.at,
    leafHashes: batch.leaf_hashes,
  });
  return (nodeKeys.get(batch.node_id) ?? []).some((key) => holdsSignature(key, message, batch.signature));
}
