import { canonicalJson } from "./canonical-json.ts";
import { holdsSignature, signingKey } from "./ed25519.ts";
import { parseFrontier, rootOfFrontier } from "./merkle.ts";
import type { Query } from "./query.ts";
import { isKeyName } from "./signed-note.ts";

/**
 * An epoch is one life of the tree. A new installation begins one; so do a restore (whose tree is shorter than the one that
 * witnesses saw, and would look like a fork under the same origin) and a change of the checkpoint key. The tree itself goes
 * on: places are never given anew, and the document says at which size and root the former epoch was left.
 *
 * Documents are canonical JSON (RFC 8785). Signed (Ed25519) are the bytes "kuraban ledger epoch v1\n" or
 * "kuraban ledger node key v1\n" followed by the document.
 */
const epochHeading = "kuraban ledger epoch v1\n";
const nodeHeading = "kuraban ledger node key v1\n";

/** Held by the leading sequencer; "kuraban ledger" as two 32-bit words. */
export const sequencerLock = "(1802854002, 1818584167)";

export interface Epoch {
  readonly epochNo: number;
  /** Name of the tree: a checkpoint's first line and the key name of its signature. One of its own for each epoch. */
  readonly origin: string;
  readonly startedAt: Date;
  /** "installed", "restored" … */
  readonly reason: string;
  /** Ed25519 public key (32 bytes) that signs the checkpoints of this epoch. */
  readonly publicKey: Buffer;
  /** The tree at which the former epoch was left. */
  readonly previous: { readonly epochNo: number; readonly treeSize: number; readonly rootHash: Buffer } | null;
}

export interface StartEpochOptions {
  /** As kuraban_ledger; a pool will do. */
  readonly query: Query;
  /** "installed", "restored", "key changed" … No personal value. */
  readonly reason: string;
  /** Schema-less URL or other name without spaces or plus signs; `/epoch-N` is added to it. */
  readonly name: string;
  /** Seed (32 bytes) of the Ed25519 key for the checkpoints. */
  readonly checkpointSeed: Buffer;
  readonly now: Date;
}

interface EpochDocument {
  readonly v: 1;
  readonly epoch: number;
  readonly origin: string;
  readonly startedAt: string;
  readonly reason: string;
  readonly publicKey: string;
  readonly previous?: { readonly epoch: number; readonly treeSize: number; readonly rootHash: string };
}

/** Begins an epoch. @throws Error while a sequencer runs on this database, or when another epoch was begun meanwhile */
export async function startEpoch(options: StartEpochOptions): Promise<Epoch> {
  const { query, reason, name, checkpointSeed, now } = options;
  if (!isKeyName(name)) throw new Error("the name of a ledger has no spaces and no plus signs");
  const key = signingKey(checkpointSeed);
  const current = await findCurrentEpoch(query);
  const { rows } = await query.query(
    `select coalesce(max(round_no), 0) as round_no, coalesce(max(first_sequence + event_count), 0) as tree_size,
       (array_agg(frontier order by round_no desc))[1] as frontier
     from (select round_no, first_sequence, event_count, frontier from ledger_rounds order by round_no desc limit 1) last`,
  );
  const last = rows[0] as { round_no: number; tree_size: number; frontier: Buffer | null };
  const treeSize = Number(last.tree_size);
  const rootHash = rootOfFrontier(parseFrontier(treeSize, last.frontier ?? Buffer.alloc(0)));
  const epochNo = (current?.epochNo ?? 0) + 1;
  const previous = current === undefined ? null : { epochNo: current.epochNo, treeSize, rootHash };
  const document = canonicalJson({
    v: 1,
    epoch: epochNo,
    origin: `${name}/epoch-${epochNo}`,
    startedAt: now.toISOString(),
    reason,
    publicKey: key.publicKey.toString("base64url"),
    ...(previous && { previous: { epoch: previous.epochNo, treeSize, rootHash: rootHash.toString("base64url") } }),
  });
  const { rows: begun } = await query.query(
    `insert into ledger_epochs (epoch_no, origin, started_at, reason, document, signature)
     select $1, $2, $3, $4, $5, $6
     where pg_try_advisory_xact_lock${sequencerLock} and not exists (select from ledger_rounds where round_no > $7)
     returning epoch_no`,
    [epochNo, `${name}/epoch-${epochNo}`, now, reason, document, key.sign(Buffer.from(epochHeading + document, "utf8")), last.round_no],
  );
  if (begun.length === 0) throw new Error("an epoch begins only while no sequencer runs");
  return { epochNo, origin: `${name}/epoch-${epochNo}`, startedAt: now, reason, publicKey: key.publicKey, previous };
}

/** The epoch of a stored document, or undefined when its signature does not hold. */
export function openEpoch(document: string, signature: Buffer): Epoch | undefined {
  const stated = JSON.parse(document) as EpochDocument;
  const publicKey = Buffer.from(stated.publicKey, "base64url");
  if (stated.v !== 1 || !holdsSignature(publicKey, Buffer.from(epochHeading + document, "utf8"), signature)) return undefined;
  const { previous } = stated;
  return {
    epochNo: stated.epoch,
    origin: stated.origin,
    startedAt: new Date(stated.startedAt),
    reason: stated.reason,
    publicKey,
    previous: previous ? { epochNo: previous.epoch, treeSize: previous.treeSize, rootHash: Buffer.from(previous.rootHash, "base64url") } : null,
  };
}

/** The newest epoch, or undefined in a new installation. @throws Error when its signature does not hold */
export async function findCurrentEpoch(query: Query): Promise<Epoch | undefined> {
  const { rows } = await query.query("select document, signature from ledger_epochs order by epoch_no desc limit 1");
  const row = rows[0] as { document: string; signature: Buffer } | undefined;
  if (row === undefined) return undefined;
  const epoch = openEpoch(row.document, row.signature);
  if (epoch === undefined) throw new Error("the document of the current epoch does not fit its signature");
  return epoch;
}

interface NodeDocument {
  readonly v: 1;
  readonly epoch: number;
  readonly nodeId: string;
  readonly publicKey: string;
  readonly at: string;
}

/** Vouches for a node's public key in the current epoch; does nothing when it is vouched for already. */
export async function registerNode(options: { query: Query; nodeId: string; nodeSeed: Buffer; checkpointSeed: Buffer; now: Date }): Promise<void> {
  const { query, nodeId, now } = options;
  const epoch = await findCurrentEpoch(query);
  if (epoch === undefined) throw new Error("a node is registered in an epoch: start one first");
  const checkpointKey = signingKey(options.checkpointSeed);
  if (!checkpointKey.publicKey.equals(epoch.publicKey)) throw new Error("the checkpoint key is not that of the current epoch");
  const { publicKey } = signingKey(options.nodeSeed);
  const document = canonicalJson({ v: 1, epoch: epoch.epochNo, nodeId, publicKey: publicKey.toString("base64url"), at: now.toISOString() });
  await query.query(
    `insert into ledger_node_keys (node_id, public_key, epoch_no, document, signature) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [nodeId, publicKey, epoch.epochNo, document, checkpointKey.sign(Buffer.from(nodeHeading + document, "utf8"))],
  );
}

/** The node and key of a stored document, or undefined when the epoch's key did not sign it. */
export function openNodeKey(document: string, signature: Buffer, epoch: Epoch): { nodeId: string; publicKey: Buffer } | undefined {
  const stated = JSON.parse(document) as NodeDocument;
  if (stated.v !== 1 || stated.epoch !== epoch.epochNo) return undefined;
  if (!holdsSignature(epoch.publicKey, Buffer.from(nodeHeading + document, "utf8"), signature)) return undefined;
  return { nodeId: stated.nodeId, publicKey: Buffer.from(stated.publicKey, "base64url") };
}
