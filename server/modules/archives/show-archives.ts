import { stat } from "node:fs/promises";
import { join } from "node:path";
import { queryOver, type Context, type Draft, type Input } from "#server/core/door/index.ts";
import { listArchives } from "#server/core/ledger/index.ts";
import type { changeArchivePolicy as changeEndpoint, showArchives as endpoint } from "#shared/archives.ts";
import type { ReplyOf } from "#shared/endpoint.ts";

/** The files of old months, newest first, whether this node has them in their length, and the policy. */
export async function showArchives(context: Context): Promise<Draft<ReplyOf<typeof endpoint>>> {
  const { db } = context;
  const [policy] = await db.query<{ after_months: 6 | 12 | 25 | null }>("select after_months from archive_policy");
  const archives = await listArchives(queryOver(db));
  return {
    afterMonths: policy?.after_months ?? null,
    archives: await Promise.all(
      archives.toReversed().map(async ({ archiveNo, file, bytes, eventCount, firstAt, lastAt, sha256, isCleared, folder }) => ({
        archiveNo,
        file: `ledger/${file}`,
        bytes,
        events: eventCount,
        firstAt: firstAt.toISOString(),
        lastAt: lastAt.toISOString(),
        sha256: sha256.toString("hex"),
        isCleared,
        isHere: folder !== null && (await stat(join(folder, file)).catch(() => undefined))?.size === bytes,
      })),
    ),
  };
}

export async function changeArchivePolicy(context: Context, input: Input<typeof changeEndpoint>): Promise<Draft<ReplyOf<typeof changeEndpoint>>> {
  const { afterMonths } = input.body;
  await context.db.query("update archive_policy set after_months = $1", [afterMonths]);
  context.journal.fact("afterMonths", afterMonths);
  return { kind: "saved" };
}
