import { randomUUID } from "node:crypto";
import { loadPolicy } from "#server/core/access/policy.ts";
import { actAs, queryOver, SealedRecord, tokensAfterMove, type Context, type Storehouse } from "#server/core/door/index.ts";
import { BlobRejected, KeyErased } from "#server/core/vault/index.ts";
import type { Job } from "#server/platform/jobs/index.ts";
import { noteField, raisePolicyVersion } from "./change-fields.ts";
import { lockHashedRows, type HashedKind } from "./list-hashed-rows.ts";
import { fieldFor, walkFieldRows } from "./walk-field-rows.ts";

/** The name of the job that puts the values of a field into the blind index or takes them out, and its key for one field. */
export const reindexTask = "field.reindex";
export const reindexKey = (fieldNo: number): string => `${reindexTask} ${fieldNo}`;

/**
 * Makes the tokens of every row anew in small transactions, by the policy in which the field is being built or cleared, and
 * settles the field's state at the end. Rows stay as they are.
 */
export function reindexField(storehouse: Storehouse, job: Job): Promise<void> {
  return walkFieldRows(storehouse, job, {
    where: () => "state = 'active'",
    do: (kind, numbers) => reindexRows(storehouse, kind, numbers),
    event: "field.indexed",
    settle,
  });
}

async function reindexRows(storehouse: Storehouse, kind: HashedKind, numbers: readonly number[]): Promise<void> {
  await actAs(storehouse, "system", `${kind}.reindexed`, randomUUID(), async (context) => {
    const rows = await lockHashedRows(queryOver(context.db), kind, numbers, true);
    const done: number[] = [];
    const tokens: string[] = [];
    for (const row of rows) {
      try {
        tokens.push(`{${tokensAfterMove(context, new SealedRecord({ ...row, kind }), row).join(",")}}`);
        done.push(row.no);
      } catch (error) {
        // A row that was changed around the product, or whose key is gone: the sweep names it.
        if (!(error instanceof BlobRejected || error instanceof KeyErased)) {
          throw error;
        }
      }
    }
    await context.db.query(
      `update ${kind}_search s set tokens = n.tokens::integer[] from unnest($1::integer[], $2::text[]) as n (no, tokens) where s.${kind}_no = n.no`,
      [done, tokens],
    );
    context.journal.fact("examined", done.length);
    if (done.length < rows.length) {
      context.journal.fact("unopened", rows.length - done.length);
    }
  });
}

/** The field is searched, or its number free, from here on. */
async function settle(context: Context, fieldNo: number): Promise<void> {
  await context.db.query(
    `update fields set token_no = case indexing when 'clearing' then null else token_no end,
            indexing = case indexing when 'building' then 'ready' when 'clearing' then 'none' else indexing end
      where field_no = $1`,
    [fieldNo],
  );
  const version = await raisePolicyVersion(context);
  noteField(context, fieldFor(await loadPolicy(context.db), fieldNo), version);
}
