import type { Query } from "../query.ts";
import { bucketOf, packBuckets, readBucket } from "./fresh-looks.ts";
import { mergeLooks } from "./merge-looks.ts";
import { findLastWindow, noLooks, type LookMemory, type LookPacker } from "./pack-looks.ts";
import { blockSize, childrenOfRange, spanBits } from "./ranges.ts";
import { insertTerms, openTerms, readWindowFacts, type WindowFacts } from "./window-facts.ts";

const level = 1;
/** Ranges of a window that are added together: all rows of the window's looks are written anew each time, five times in all. */
const rangesAtOnce = 3;
/** Spans in one transaction: 65,536 records, of each of which a few looks are added to a few. */
const spansAtOnce = 4;

/**
 * Makes looks out of the complete ranges of the window that is not complete yet, some spans a step. To be asked when the looks of all
 * windows before it are made; for one run, as {@link LookPacker} is.
 */
export function createFreshLookPacker(memory: LookMemory = noLooks()): LookPacker {
  let known: { readonly from: number; readonly through: number; readonly facts: ReadonlyMap<number, WindowFacts> } | undefined;
  return {
    async step(query) {
      const { windowNo, through } = await findRanges(query);
      if (through <= memory.freshThrough) return false;
      const firstOfWindow = windowNo * childrenOfRange;
      const { spans, made } = await findPending(query, firstOfWindow, through);
      if (spans.length === 0) {
        memory.freshThrough = through;
        return false;
      }
      // From where terms were numbered last, so that they are numbered in the order of the ledger whenever this is done.
      const from = Math.min(made + 1, ...spans.map(({ firstRange }) => firstRange));
      if (known === undefined || known.from > from || known.through !== through) {
        const part = { from: (from - firstOfWindow) * childrenOfRange, below: (through + 1 - firstOfWindow) * childrenOfRange };
        const terms = await openTerms(query);
        known = { from, through, facts: new Map([[windowNo, await readWindowFacts(query, windowNo, terms, part)]]) };
        await insertTerms(query, terms);
      }
      for (const span of spans) await advance(query, span, through, known.facts);
      return true;
    },
  };
}

/** The window that is not complete, and the last of its complete ranges up to which looks are made by now. */
async function findRanges(query: Query): Promise<{ windowNo: number; through: number }> {
  const { rows } = await query.query("select coalesce(max(chunk_no), -1) as chunk_no from ledger_exposure_chunks");
  const windowNo = (await findLastWindow(query)) + 1;
  const first = windowNo * childrenOfRange;
  const complete = Math.floor((Number(rows[0]?.["chunk_no"]) + 1) / childrenOfRange) - first;
  return { windowNo, through: first + Math.floor(complete / rangesAtOnce) * rangesAtOnce - 1 };
}

interface PendingSpan {
  readonly kindNo: number;
  readonly spanNo: number;
  /** The first of the window's ranges that its looks lack. */
  readonly firstRange: number;
}

/** `made`: the last range of the window of which any looks are made; of none the one before the window. */
async function findPending(query: Query, firstOfWindow: number, through: number): Promise<{ spans: PendingSpan[]; made: number }> {
  const { rows } = await query.query(
    `select p.kind, p.span_no, min(p.range_no) as first_range, (select max(range_no) from ledger_exposure_fresh_spans) as made
     from ledger_exposure_postings p left join ledger_exposure_fresh_spans f on f.kind = p.kind and f.span_no = p.span_no
     where p.level = ${level} and p.range_no > greatest(coalesce(f.range_no, -1), $1::int8 - 1) and p.range_no <= $2
     group by 1, 2 order by 3, 1, 2 limit ${spansAtOnce}`,
    [firstOfWindow, through],
  );
  return {
    spans: rows.map((row) => ({ kindNo: row["kind"] as number, spanNo: Number(row["span_no"]), firstRange: Number(row["first_range"]) })),
    made: Math.max(firstOfWindow - 1, Number(rows[0]?.["made"] ?? -1)),
  };
}

async function advance(query: Query, { kindNo, spanNo, firstRange }: PendingSpan, through: number, facts: ReadonlyMap<number, WindowFacts>): Promise<void> {
  const { rows } = await query.query(
    `select range_no, packed from ledger_exposure_postings
     where level = ${level} and kind = $1 and span_no = $2 and range_no between $3 and $4 order by range_no`,
    [kindNo, spanNo, firstRange, through],
  );
  const postings = rows.map((row) => ({ rangeNo: Number(row["range_no"]), packed: row["packed"] as Buffer }));
  const standing = await readStanding(query, kindNo, spanNo);
  for (const [recordNo, packed] of mergeLooks({ kindNo, level, spanNo, rows: postings }, standing, facts)) standing.set(recordNo, packed);
  const buckets = packBuckets([...standing].sort(([a], [b]) => a - b));
  await query.query(
    `insert into ledger_exposure_fresh_looks (kind, bucket_no, packed) select $1, bucket_no, packed from unnest($2::int8[], $3::bytea[]) as l (bucket_no, packed)
     on conflict (kind, bucket_no) do update set packed = excluded.packed`,
    [kindNo, `{${buckets.map(([bucketNo]) => bucketNo).join()}}`, buckets.map(([, packed]) => packed)],
  );
  await query.query(
    `insert into ledger_exposure_fresh_spans (kind, span_no, range_no) values ($1, $2, $3)
     on conflict (kind, span_no) do update set range_no = excluded.range_no`,
    [kindNo, spanNo, postings[postings.length - 1]!.rangeNo],
  );
}

async function readStanding(query: Query, kindNo: number, spanNo: number): Promise<Map<number, Buffer>> {
  const records = blockSize << spanBits[level];
  const { rows } = await query.query("select bucket_no, packed from ledger_exposure_fresh_looks where kind = $1 and bucket_no >= $2 and bucket_no < $3", [
    kindNo,
    bucketOf(spanNo * records),
    bucketOf((spanNo + 1) * records),
  ]);
  return new Map(rows.flatMap((row) => readBucket(Number(row["bucket_no"]), row["packed"] as Buffer)));
}
