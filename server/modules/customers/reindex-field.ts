import { randomUUID } from "node:crypto";
import { loadPolicy, type Field, type Policy } from "#server/core/access/policy.ts";
import { actAs, beginTransaction, queryOver, SealedRecord, tokensAfterMove, type Storehouse } from "#server/core/door/index.ts";
import { BlobRejected, KeyErased } from "#server/core/vault/index.ts";
import type { Job } from "#server/platform/jobs/index.ts";
import { noteField, raisePolicyVersion } from "./change-fields.ts";
import { lockHashedRows, tableOf, type HashedKind } from "./list-hashed-rows.ts";
import { outliveOlderTransactions } from "./reseal-field.ts";

/** The name of the job that puts the values of a field into the blind index or takes them out, and its key for one field. */
export const reindexTask = "field.reindex";
export const reindexKey = (fieldNo: number): string => `${reindexTask} ${fieldNo}`;

const rowsAtOnce = 200;

/**
 * Makes the tokens of every row anew in small transactions, by the policy in which the field is being built or cleared, and
 * settles the field's state at the end. Rows stay as they are. Bears being ended and begun again anywhere.
 */
export async function reindexField(storehouse: Storehouse, job: Job): Promise<void> {
  const fieldNo = job.payload["fieldNo"] as number;
  await outliveOlderTransactions(storehouse, job.signal);
  let after = job.payload["after"] as number;
  for (;;) {
    job.signal.throwIfAborted();
    const last = await reindexNext(storehouse, fieldNo, after);
    if (last === null) {
      break;
    }
    after = last;
    if (!(await job.remember(storehouse.pool, { fieldNo, after }))) {
      return;
    }
  }
  await settle(storehouse, job, fieldNo, after);
}

/** The last number of the next rows; null when there is none. */
async function reindexNext(storehouse: Storehouse, fieldNo: number, after: number): Promise<number | null> {
  const { kind, numbers } = await findRows(storehouse, fieldNo, after);
  if (numbers.length === 0) {
    return null;
  }
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
  return numbers.at(-1) as number;
}

async function findRows(storehouse: Storehouse, fieldNo: number, after: number): Promise<{ kind: HashedKind; numbers: number[] }> {
  const transaction = await beginTransaction(storehouse, { as: "system" }, storehouse.clock());
  try {
    const kind = fieldFor(transaction.policy, fieldNo).kind as HashedKind;
    const rows = await transaction.db.query<{ no: number }>(
      `select ${kind}_no as no from ${tableOf[kind]} where ${kind}_no > $1 and state = 'active' order by ${kind}_no limit $2`,
      [after, rowsAtOnce],
    );
    return { kind, numbers: rows.map((row) => row.no) };
  } finally {
    await transaction.rollback();
  }
}

/** The field is searched, or its number free, from here on; unless it was changed again meanwhile: then the next run settles it. */
function settle(storehouse: Storehouse, job: Job, fieldNo: number, after: number): Promise<void> {
  return actAs(storehouse, "system", "field.indexed", randomUUID(), async (context) => {
    await context.db.query("select one from organisation for update");
    if (!(await job.remember(context.db, { fieldNo, after }))) {
      context.journal.fact("superseded", true);
      return;
    }
    await context.db.query(
      `update fields set token_no = case indexing when 'clearing' then null else token_no end,
              indexing = case indexing when 'building' then 'ready' when 'clearing' then 'none' else indexing end
        where field_no = $1`,
      [fieldNo],
    );
    const version = await raisePolicyVersion(context);
    noteField(context, fieldFor(await loadPolicy(context.db), fieldNo), version);
  });
}

function fieldFor(policy: Policy, fieldNo: number): Field {
  const field = policy.fields.find((each) => each.no === fieldNo);
  if (field === undefined) {
    throw new Error("a field to be indexed does not exist");
  }
  return field;
}
