import { queryOver, type Context, type Draft, type Input, type RenderedFile } from "#server/core/door/index.ts";
import * as ledger from "#server/core/ledger/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { Problem } from "#shared/problems.ts";
import type * as contract from "#shared/proofs.ts";

/** A cosigned checkpoint is served before a newer one as long as it is no older than this. */
const freshMs = 60_000;

/** The newest checkpoint that a witness cosigned; the newest of all where none did within a minute of it. */
export async function showLogCheckpoint(context: Context): Promise<Draft<ReplyOf<typeof contract.showLogCheckpoint>>> {
  const query = queryOver(context.db);
  const newest = await demandNewest(query);
  const cosigned = await ledger.findNewestCosigned(query);
  const isFresh = cosigned !== undefined && newest.at.getTime() - cosigned.at.getTime() <= freshMs;
  return { note: ledger.noteOf(isFresh ? cosigned : newest) };
}

export async function renderNote({ note }: { note: string }): Promise<RenderedFile> {
  return { bytes: Buffer.from(note, "utf8"), type: "text/plain; charset=utf-8", name: "checkpoint" };
}

export async function showLogTile(context: Context, { params }: Input<typeof contract.showLogTile>): Promise<Draft<ReplyOf<typeof contract.showLogTile>>> {
  const name = ledger.parseTilePath(params["*"]);
  const level = /^(0|[1-9]\d?)$/.test(params.level) ? Number(params.level) : 64;
  if (name === undefined || level > 8) throw new Problem("not-found");
  const query = queryOver(context.db);
  const tile = await ledger.readTile(query, level, name, (await demandNewest(query)).treeSize);
  if (tile === undefined) throw new Problem("not-found");
  return { tile: tile.toString("base64") };
}

export async function renderTile({ tile }: { tile: string }): Promise<RenderedFile> {
  return { bytes: Buffer.from(tile, "base64"), type: "application/octet-stream", name: "tile" };
}

export async function showLogEntries(
  context: Context,
  { params }: Input<typeof contract.showLogEntries>,
): Promise<Draft<ReplyOf<typeof contract.showLogEntries>>> {
  const name = ledger.parseTilePath(params["*"]);
  if (name === undefined) throw new Problem("not-found");
  const query = queryOver(context.db);
  const bundle = await ledger.readEntryBundle(query, name, (await demandNewest(query)).treeSize);
  if (bundle === undefined) throw new Problem("not-found");
  context.journal.fact("from", name.place * 256);
  context.journal.fact("count", name.width);
  return { bundle: bundle.toString("base64") };
}

export async function renderEntries({ bundle }: { bundle: string }): Promise<RenderedFile> {
  return { bytes: Buffer.from(bundle, "base64"), type: "application/octet-stream", name: "entries" };
}

export async function listEpochs(context: Context): Promise<Draft<ReplyOf<typeof contract.listEpochs>>> {
  const epochs = await ledger.listEpochs(queryOver(context.db));
  return {
    epochs: epochs.map(({ epochNo, origin, startedAt, reason, publicKey, document, signature, previous }) => ({
      epoch: epochNo,
      origin,
      startedAt: startedAt.toISOString(),
      reason,
      verifierKey: ledger.formatVerifierKey(origin, publicKey),
      document,
      signature: signature.toString("base64"),
      previous: previous && { epoch: previous.epochNo, treeSize: previous.treeSize, rootHash: previous.rootHash.toString("base64") },
    })),
  };
}

/** @throws Problem not-found before the first checkpoint */
export async function demandNewest(query: ledger.Query): Promise<ledger.ServedCheckpoint> {
  const newest = await ledger.findNewest(query);
  if (newest === undefined) throw new Problem("not-found");
  return newest;
}
