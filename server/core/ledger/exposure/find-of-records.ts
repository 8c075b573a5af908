import { kindNoOf } from "../entries.ts";
import type { Query } from "../query.ts";
import { findRecentLooks } from "./find-recent-looks.ts";
import { mentions } from "./mentions.ts";
import { groupsOf, type PackedKind } from "./pack-events.ts";
import { eachBlock, eachPosting } from "./postings.ts";
import { blockOf, blockSize, firstEventOf, levelBits, spanOf, windowOf, windowSize, type Level } from "./ranges.ts";
import type { RecentLook } from "./recent-looks.ts";
import { findPackedUpTo, readTailRecords } from "./tail.ts";

/** An event that speaks of one of the records sought. */
export interface RecordHit {
  readonly eventNo: number;
  readonly recordNo: number;
  /**
   * The posting's set: -1 for the usual one or a number of the chunk; or, of an event that is not packed yet, its codes; or what
   * stands described of it.
   */
  readonly set: number | readonly number[] | RecentLook;
}

/** Windows read at once, newest first: four million events. */
const windowsAtOnce = 4;

/**
 * Events that released, touched or wrote one of some records of a kind, newest first: `onHits` is given the hits of millions
 * of events at a time, newest first, until it answers false or the ledger ends. Complete to the last committed event.
 */
export async function findOfRecords(
  query: Query,
  sought: { readonly kind: PackedKind; readonly nos: readonly number[]; readonly before?: number | undefined },
  onHits: (hits: readonly RecordHit[]) => Promise<boolean> | boolean,
): Promise<void> {
  const before = sought.before ?? Infinity;
  const nos = new Set(sought.nos);
  const kindNo = kindNoOf(sought.kind);
  const upTo = await findPackedUpTo(query);
  if (before > upTo + 1) {
    const hits: RecordHit[] = [];
    await readTailRecords(query, upTo, (row) => {
      if (row.eventNo >= before || !mentions(row, kindNo, nos)) return;
      for (const group of groupsOf(row)) {
        if (group.kindNo !== kindNo) continue;
        for (const recordNo of group.numbers) if (nos.has(recordNo)) hits.push({ eventNo: row.eventNo, recordNo, set: group.codes });
      }
    });
    if (!(await onHits(newestFirst(hits)))) return;
  }
  let last = Math.min(upTo, before - 1);
  if (last < 0) return;
  for (const { below, from, looks } of await findRecentLooks(query, kindNo, nos)) {
    if (!(await walkWindows(query, { kindNo, nos, last, from: below }, onHits))) return;
    const hits = looks.filter(({ look }) => look.eventNo <= last).map(({ recordNo, look }) => ({ eventNo: look.eventNo, recordNo, set: look }));
    if (hits.length > 0 && !(await onHits(hits))) return;
    last = Math.min(last, from - 1);
  }
  await walkWindows(query, { kindNo, nos, last, from: 0 }, onHits);
}

/** What is packed from the last event down to the first one, newest windows first; false when it was told to stop. */
async function walkWindows(
  query: Query,
  { kindNo, nos, last, from }: { kindNo: number; nos: ReadonlySet<number>; last: number; from: number },
  onHits: (hits: readonly RecordHit[]) => Promise<boolean> | boolean,
): Promise<boolean> {
  const lowest = windowOf(from);
  for (let below = windowOf(last) + 1; below > lowest && last >= from; below -= windowsAtOnce) {
    const bounds = { from: Math.max(from, (below - windowsAtOnce) * windowSize), last: Math.min(last, below * windowSize - 1) };
    const hits = await findBetween(query, kindNo, nos, bounds);
    if (!(await onHits(newestFirst(hits.filter(({ eventNo }) => eventNo <= last && eventNo >= from))))) return false;
  }
  return true;
}

const newestFirst = (hits: RecordHit[]): RecordHit[] => hits.sort((a, b) => b.eventNo - a.eventNo || a.recordNo - b.recordNo);

const levels: readonly Level[] = [0, 1, 2];

/** Of all ranges that hold an event between two; also what they say of others. */
async function findBetween(
  query: Query,
  kindNo: number,
  nos: ReadonlySet<number>,
  { from, last }: { readonly from: number; readonly last: number },
): Promise<RecordHit[]> {
  const spans = levels.map((level) => [...new Set([...nos].map((no) => spanOf(blockOf(no), level)))]);
  const { rows } = await query.query(
    levels
      .map(
        (level) =>
          `select level, range_no, span_no, packed from ledger_exposure_postings
           where kind = $1 and level = ${level} and span_no = any($${level + 4}::int8[])
             and range_no between $2::int8 >> ${levelBits[level]} and $3::int8 >> ${levelBits[level]}`,
      )
      .join(" union all "),
    [kindNo, from, last, ...spans.map((list) => `{${list.join()}}`)],
  );
  const wanted = new Set([...nos].map(blockOf));
  const hits: RecordHit[] = [];
  for (const row of rows) {
    const level = row["level"] as Level;
    const first = firstEventOf(Number(row["range_no"]), level);
    const packed = row["packed"] as Buffer;
    eachBlock(packed, level, Number(row["span_no"]), (blockNo, start, end) => {
      if (!wanted.has(blockNo)) return;
      eachPosting(packed, start, end, (offset, inBlock, set) => {
        const recordNo = blockNo * blockSize + inBlock;
        if (nos.has(recordNo)) hits.push({ eventNo: first + offset, recordNo, set });
      });
    });
  }
  return hits;
}
