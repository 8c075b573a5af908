import type { Query } from "../query.ts";

export interface ServedCheckpoint {
  readonly epochNo: number;
  readonly origin: string;
  readonly treeSize: number;
  readonly rootHash: Buffer;
  readonly at: Date;
  /** The signed note as the ledger signed it. */
  readonly note: string;
  /** Lines of witnesses, in the order of their names. */
  readonly cosignatures: readonly string[];
}

const columns = `c.epoch_no, e.origin, c.tree_size, c.root_hash, c.at, c.note,
  array(select k.line from ledger_cosignatures k where k.epoch_no = c.epoch_no and k.tree_size = c.tree_size order by k.name) as cosignatures`;
const source = "from ledger_checkpoints c join ledger_epochs e using (epoch_no)";

/** The newest checkpoint; undefined before the first. */
export async function findNewest(query: Query): Promise<ServedCheckpoint | undefined> {
  const { rows } = await query.query(`select ${columns} ${source} order by c.epoch_no desc, c.tree_size desc limit 1`);
  return rows[0] && shape(rows[0]);
}

/** The newest checkpoint of the current epoch that a witness cosigned; undefined when none did. */
export async function findNewestCosigned(query: Query): Promise<ServedCheckpoint | undefined> {
  const { rows } = await query.query(
    `select ${columns} ${source} where (c.epoch_no, c.tree_size) = (
       select k.epoch_no, k.tree_size from ledger_cosignatures k where k.epoch_no = (select max(epoch_no) from ledger_epochs)
       order by k.epoch_no desc, k.tree_size desc limit 1)`,
  );
  return rows[0] && shape(rows[0]);
}

/** The first checkpoint of the newest epoch whose tree has at least so many leaves. */
export async function findCheckpointFrom(query: Query, treeSize: number): Promise<ServedCheckpoint | undefined> {
  const { rows } = await query.query(
    `select ${columns} ${source} where c.epoch_no = (select max(epoch_no) from ledger_epochs) and c.tree_size >= $1 order by c.tree_size limit 1`,
    [treeSize],
  );
  return rows[0] && shape(rows[0]);
}

/** The note with what witnesses added to it, as C2SP tlog-checkpoint has it. */
export function noteOf(checkpoint: Pick<ServedCheckpoint, "note" | "cosignatures">): string {
  return checkpoint.note + checkpoint.cosignatures.map((line) => `${line}\n`).join("");
}

function shape(row: Record<string, unknown>): ServedCheckpoint {
  return {
    epochNo: row["epoch_no"] as number,
    origin: row["origin"] as string,
    treeSize: Number(row["tree_size"]),
    rootHash: row["root_hash"] as Buffer,
    at: row["at"] as Date,
    note: row["note"] as string,
    cosignatures: row["cosignatures"] as string[],
  };
}
