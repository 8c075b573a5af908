import { queryOver, type Context, type Draft } from "#server/core/door/index.ts";
import { countUnsequenced, findCheckpoint } from "#server/core/ledger/index.ts";
import { listWitnesses } from "#server/modules/proofs/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type { showCheckpoint as endpoint } from "#shared/ledger.ts";

/** The last signed checkpoint, and what the last verification came to. */
export async function showCheckpoint(context: Context): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const query = queryOver(context.db);
  const checkpoint = await findCheckpoint(query);
  const [last] = await context.db.query<{ at: Date; ok: boolean }>("select at, ok from ledger_verifications order by verification_no desc limit 1");
  const [stamped] = await context.db.query<{ at: Date | null }>("select max(at) as at from ledger_timestamps");
  const witnesses = await listWitnesses(query);
  return {
    checkpoint:
      checkpoint === undefined
        ? null
        : {
            epoch: checkpoint.epochNo,
            origin: checkpoint.origin,
            treeSize: checkpoint.treeSize,
            rootHash: checkpoint.rootHash.toString("base64"),
            at: checkpoint.at.toISOString(),
            note: checkpoint.note,
          },
    lastVerifiedAt: last?.at.toISOString() ?? null,
    lastVerifiedOk: last?.ok ?? null,
    unsequenced: await countUnsequenced(query),
    witnesses: witnesses.map((witness) => ({ ...witness, lastAt: witness.lastAt?.toISOString() ?? null })),
    lastStampedAt: stamped?.at?.toISOString() ?? null,
  };
}
