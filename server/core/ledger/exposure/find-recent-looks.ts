import type { Query } from "../query.ts";
import { blockOf, windowSize } from "./ranges.ts";
import { readLooks, type RecentLook } from "./recent-looks.ts";

/** What stands described of some records. */
export interface FoundLooks {
  /** Every event with a smaller number and none below `from` that speaks of them is among the looks. */
  readonly below: number;
  readonly from: number;
  /** Newest first. */
  readonly looks: readonly { readonly recordNo: number; readonly look: RecentLook }[];
}

export async function findRecentLooks(query: Query, kindNo: number, nos: ReadonlySet<number>): Promise<FoundLooks> {
  const blocks = new Set([...nos].map(blockOf));
  const { rows } = await query.query(
    `select null::int8 as record_no, null::bytea as packed, window_no from ledger_exposure_look_blocks where kind = $1 and block_no = any($3::int8[])
     union all select record_no, packed, null from ledger_exposure_looks where kind = $1 and record_no = any($2::int8[])`,
    [kindNo, `{${[...nos].join()}}`, `{${[...blocks].join()}}`],
  );
  const windows = rows.filter((row) => row["window_no"] !== null).map((row) => Number(row["window_no"]));
  // A block that nothing was made of yet keeps the others back: their looks would be found twice.
  const below = windows.length < blocks.size ? 0 : (Math.min(...windows) + 1) * windowSize;
  let from = 0;
  const found: { recordNo: number; look: RecentLook }[] = [];
  for (const row of rows) {
    if (row["packed"] === null) continue;
    const { looks, hasOlder } = readLooks(row["packed"] as Buffer);
    if (hasOlder) from = Math.max(from, looks[looks.length - 1]!.eventNo);
    for (const look of looks) found.push({ recordNo: Number(row["record_no"]), look });
  }
  from = Math.min(from, below);
  return {
    below,
    from,
    looks: found.filter(({ look }) => look.eventNo >= from && look.eventNo < below).sort((a, b) => b.look.eventNo - a.look.eventNo || a.recordNo - b.recordNo),
  };
}
