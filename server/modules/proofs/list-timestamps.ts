import type { Context, Draft, Input } from "#server/core/door/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import type * as contract from "#shared/proofs.ts";

interface Row {
  readonly timestamp_no: number;
  readonly epoch_no: number;
  readonly tree_size: number;
  readonly at: Date;
  readonly policy: string;
  readonly serial: string;
  readonly token: Buffer;
  readonly note: string | null;
}

/** A page of time stamps, newest first. `note` is empty where the checkpoint is not there any more: the stamp then accuses. */
export async function listTimestamps(
  context: Context,
  { query }: Input<typeof contract.listTimestamps>,
): Promise<Draft<ReplyOf<typeof contract.listTimestamps>>> {
  const rows = await context.db.query<Row>(
    `select t.timestamp_no, t.epoch_no, t.tree_size, t.at, t.policy, t.serial, t.token, c.note
       from ledger_timestamps t left join ledger_checkpoints c using (epoch_no, tree_size)
      where t.timestamp_no < $1 order by t.timestamp_no desc limit $2`,
    [query.before ?? 2_147_483_647, query.limit],
  );
  return {
    timestamps: rows.map((row) => ({
      timestampNo: row.timestamp_no,
      epoch: row.epoch_no,
      treeSize: Number(row.tree_size),
      at: row.at.toISOString(),
      policy: row.policy,
      serial: row.serial,
      token: row.token.toString("base64"),
      note: row.note ?? "",
    })),
  };
}
