import { eachBlock, eachPosting, usualSet } from "./postings.ts";
import { blockSize, chunkSize, firstEventOf, windowSize, type Level } from "./ranges.ts";
import { looksKept, packLooks, prependLooks, type RecentLook } from "./recent-looks.ts";
import type { WindowFacts } from "./window-facts.ts";

/** A row of postings. */
export interface PostingsRow {
  readonly rangeNo: number;
  readonly packed: Buffer;
}

/** New looks (out of rows of one span, ascending by range) before those that stand packed; of each record that has new ones, ascending. */
export function mergeLooks(
  given: { readonly kindNo: number; readonly level: Level; readonly spanNo: number; readonly rows: readonly PostingsRow[] },
  before: ReadonlyMap<number, Buffer>,
  facts: ReadonlyMap<number, WindowFacts>,
): [recordNo: number, packed: Buffer][] {
  const { kindNo, level, spanNo } = given;
  const records = new Map<number, { eventNos: number[]; sets: number[] }>();
  for (const { rangeNo, packed } of given.rows) {
    const first = firstEventOf(rangeNo, level);
    eachBlock(packed, level, spanNo, (blockNo, from, to) => {
      eachPosting(packed, from, to, (offset, inBlock, set) => {
        const recordNo = blockNo * blockSize + inBlock;
        let record = records.get(recordNo);
        if (record === undefined) records.set(recordNo, (record = { eventNos: [], sets: [] }));
        record.eventNos.push(first + offset);
        record.sets.push(set);
      });
    });
  }
  return [...records]
    .sort(([a], [b]) => a - b)
    .map(([recordNo, { eventNos, sets }]) => {
      const looks: RecentLook[] = [];
      for (let at = eventNos.length - 1; at >= 0 && looks.length < looksKept; at--) looks.push(describe(kindNo, eventNos[at]!, sets[at]!, facts));
      const newer = { looks, hasOlder: eventNos.length > looksKept };
      const older = before.get(recordNo);
      return [recordNo, older === undefined ? packLooks(newer) : prependLooks(newer, older)];
    });
}

function describe(kindNo: number, eventNo: number, set: number, facts: ReadonlyMap<number, WindowFacts>): RecentLook {
  const { times, who, acts, lists, usual, sets } = facts.get(Math.floor(eventNo / windowSize))!;
  const event = eventNo % windowSize;
  return {
    eventNo,
    at: times[event]!,
    who: who[event]!,
    act: acts[event]!,
    listNo: lists.get(event) ?? null,
    set: set === usualSet ? usual.get(kindNo)![event]! : sets[Math.floor(event / chunkSize)]![set]!,
  };
}
