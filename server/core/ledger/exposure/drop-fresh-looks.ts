import type { Query } from "../query.ts";
import { bucketsInBlock } from "./fresh-looks.ts";
import { spanOf } from "./ranges.ts";

/** Takes away what a block's looks tell of from now on. */
export async function dropFreshLooks(query: Query, kindNo: number, blockNo: number): Promise<void> {
  await query.query("delete from ledger_exposure_fresh_looks where kind = $1 and bucket_no >= $2 and bucket_no < $3", [
    kindNo,
    blockNo * bucketsInBlock,
    (blockNo + 1) * bucketsInBlock,
  ]);
  await query.query("delete from ledger_exposure_fresh_spans where kind = $1 and span_no = $2", [kindNo, spanOf(blockNo, 1)]);
}
