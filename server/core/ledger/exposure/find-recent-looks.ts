import type { Query } from "../query.ts";
import { bucketOf, readBucket } from "./fresh-looks.ts";
import { blockOf, firstEventOf, spanOf, windowBits, levelBits, windowSize } from "./ranges.ts";
import { readLooks, type RecentLook, type RecentLooks } from "./recent-looks.ts";

/** What stands described of some records. */
export interface FoundLooks {
  /** Every event with a smaller number and none below `from` that speaks of them is among the looks. */
  readonly below: number;
  readonly from: number;
  /** Newest first. */
  readonly looks: readonly { readonly recordNo: number; readonly look: RecentLook }[];
}

/** Those out of the window that is not complete yet, where there are any; then those of the windows before it. */
export async function findRecentLooks(query: Query, kindNo: number, nos: ReadonlySet<number>): Promise<FoundLooks[]> {
  const numbers = [...nos];
  const [blocks, buckets, spans] = [new Set(numbers.map(blockOf)), new Set(numbers.map(bucketOf)), new Set(numbers.map((no) => spanOf(blockOf(no), 1)))];
  const { rows } = await query.query(
    `select 'block' as what, block_no as no, window_no as through, null::bytea as packed from ledger_exposure_look_blocks where kind = $1 and block_no = any($3::int8[])
     union all select 'looks', record_no, null, packed from ledger_exposure_looks where kind = $1 and record_no = any($2::int8[])
     union all select 'span', span_no, range_no, null from ledger_exposure_fresh_spans where kind = $1 and span_no = any($5::int8[])
     union all select 'bucket', bucket_no, null, packed from ledger_exposure_fresh_looks where kind = $1 and bucket_no = any($4::int8[])`,
    [kindNo, ...[numbers, blocks, buckets, spans].map((list) => `{${[...list].join()}}`)],
  );
  const of = (what: string): { no: number; through: number; packed: Buffer }[] =>
    rows.flatMap((row) => (row["what"] === what ? [{ no: Number(row["no"]), through: Number(row["through"]), packed: row["packed"] as Buffer }] : []));
  // A block that nothing was made of yet keeps the others back: their looks would be found twice. So does a span.
  const windows = of("block").map(({ through }) => through);
  const below = windows.length < blocks.size ? 0 : (Math.min(...windows) + 1) * windowSize;
  const looks = of("looks").map(({ no, packed }): [number, RecentLooks] => [no, readLooks(packed)]);
  const ranges = of("span").map(({ through }) => through);
  const freshBelow = ranges.length < spans.size ? 0 : firstEventOf(Math.min(...ranges) + 1, 1);
  const freshFrom = Math.max(-1, ...ranges.map((rangeNo) => (rangeNo >> (windowBits - levelBits[1])) * windowSize));
  const old = bound(looks, 0, below);
  if (freshFrom < below || freshFrom >= freshBelow) return [old];
  const records = of("bucket").flatMap(({ no, packed }) =>
    readBucket(no, packed).flatMap(([recordNo, each]): [number, RecentLooks][] => (nos.has(recordNo) ? [[recordNo, readLooks(each)]] : [])),
  );
  const fresh = bound(records, freshFrom, freshBelow);
  return fresh.from === old.below ? [{ below: fresh.below, from: old.from, looks: [...fresh.looks, ...old.looks] }] : [fresh, old];
}

/** Those with a number below `below`, and of which no older ones of one record are missing. */
function bound(records: readonly (readonly [recordNo: number, looks: RecentLooks])[], first: number, below: number): FoundLooks {
  let from = first;
  for (const [, { looks, hasOlder }] of records) if (hasOlder) from = Math.max(from, looks[looks.length - 1]!.eventNo);
  from = Math.min(from, below);
  return {
    below,
    from,
    looks: records
      .flatMap(([recordNo, { looks }]) => looks.flatMap((look) => (look.eventNo >= from && look.eventNo < below ? [{ recordNo, look }] : [])))
      .sort((a, b) => b.look.eventNo - a.look.eventNo || a.recordNo - b.recordNo),
  };
}
