import { queryOver, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import * as ledger from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import type * as contract from "#shared/proofs.ts";
import { demandNewest } from "./show-log.ts";

/** @throws Problem invalid-input without a place; not-found for one that no checkpoint covers yet */
export async function proveInclusion(
  context: Context,
  { query: asked }: Input<typeof contract.proveInclusion>,
): Promise<Draft<ReplyOf<typeof contract.proveInclusion>>> {
  const query = queryOver(context.db);
  const newest = await demandNewest(query);
  const treeSize = asked.treeSize ?? newest.treeSize;
  const sequence = asked.sequence ?? (asked.eventNo === undefined ? undefined : (await ledger.sequenceOf(query, [asked.eventNo])).get(asked.eventNo));
  if (asked.sequence === undefined && asked.eventNo === undefined) throw new Problem("invalid-input", { fields: ["sequence:missing"] });
  if (sequence === undefined || sequence >= treeSize || treeSize > newest.treeSize) throw new Problem("not-found");
  const hashes = await ledger.proveInclusionIn(query, sequence, treeSize);
  const [leafHash] = await ledger.readHashes(query, 0, sequence, sequence + 1);
  return {
    sequence,
    leafHash: (leafHash as Buffer).toString("base64"),
    treeSize,
    rootHash: (await ledger.rootOfTree(query, treeSize)).toString("base64"),
    hashes: hashes.map((hash) => hash.toString("base64")),
    checkpoint: await noteAt(query, treeSize),
  };
}

/** @throws Problem invalid-input when `from` is the larger; not-found beyond the newest checkpoint */
export async function proveConsistency(
  context: Context,
  { query: asked }: Input<typeof contract.proveConsistency>,
): Promise<Draft<ReplyOf<typeof contract.proveConsistency>>> {
  const query = queryOver(context.db);
  const newest = await demandNewest(query);
  const to = asked.to ?? newest.treeSize;
  if (asked.from > to) throw new Problem("invalid-input", { fields: ["from:too_big"] });
  if (to > newest.treeSize) throw new Problem("not-found");
  const hashes = await ledger.proveConsistencyIn(query, asked.from, to);
  return { from: asked.from, to, hashes: hashes.map((hash) => hash.toString("base64")), checkpoint: await noteAt(query, to) };
}

async function noteAt(query: ledger.Query, treeSize: number): Promise<string | null> {
  const checkpoint = await ledger.findCheckpointFrom(query, treeSize);
  return checkpoint?.treeSize === treeSize ? ledger.noteOf(checkpoint) : null;
}
