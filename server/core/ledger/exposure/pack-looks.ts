import type { Query } from "../query.ts";
import { usualSet, eachBlock, eachPosting } from "./postings.ts";
import { blockSize, chunkBits, chunkSize, windowBits, windowSize } from "./ranges.ts";
import { looksKept, packLooks, readLooks, type RecentLook, type RecentLooks } from "./recent-looks.ts";
import { openTerms, readWindowFacts, type Terms, type WindowFacts } from "./window-facts.ts";

/** Blocks in one transaction: half a second at a million records. */
const blocksAtOnce = 16;
/** Windows whose facts are kept at once; more than one only where looks were never made before. */
const windowsAtOnce = 4;

/** Makes the newest looks out of complete windows, some blocks a step. For one run: what it read is gone with it. */
export interface LookPacker {
  /** Within a transaction. False when there is nothing to do; after an error the run is over. */
  step(query: Query): Promise<boolean>;
}

/** What a process knows between two runs. */
export interface LookMemory {
  /** Looks are complete to the end of this window. */
  through: number;
}

export function createLookPacker(memory: LookMemory = { through: -1 }): LookPacker {
  const known = new Map<number, WindowFacts>();
  let terms: Terms | undefined;
  return {
    async step(query) {
      const last = await findLastWindow(query);
      if (last <= memory.through) return false;
      const blocks = await findPending(query);
      const first = blocks[0]?.firstWindow;
      if (first === undefined) {
        memory.through = last;
        return false;
      }
      terms ??= await openTerms(query);
      const below = first + windowsAtOnce;
      for (const windowNo of known.keys()) if (windowNo < first) known.delete(windowNo);
      for (const windowNo of await findWindows(query, first, below)) {
        if (!known.has(windowNo)) known.set(windowNo, await readWindowFacts(query, windowNo, terms));
      }
      await insertTerms(query, terms.takeNew());
      for (const block of blocks) if (block.firstWindow < below) await advance(query, block, below, known);
      return true;
    },
  };
}

interface PendingBlock {
  readonly kindNo: number;
  readonly blockNo: number;
  /** The first of its windows that its looks lack. */
  readonly firstWindow: number;
}

/** The last window that will not change any more; -1 before the first. */
async function findLastWindow(query: Query): Promise<number> {
  const { rows } = await query.query("select coalesce(max(chunk_no), -1) as chunk_no from ledger_exposure_chunks");
  return Math.floor((Number(rows[0]?.["chunk_no"]) + 1) / (1 << (windowBits - chunkBits))) - 1;
}

async function findPending(query: Query): Promise<PendingBlock[]> {
  const { rows } = await query.query(
    `select p.kind, p.span_no, min(p.range_no) as first_window
     from ledger_exposure_postings p left join ledger_exposure_look_blocks b on b.kind = p.kind and b.block_no = p.span_no
     where p.level = 2 and p.range_no > coalesce(b.window_no, -1) group by 1, 2 order by 3, 1, 2 limit ${blocksAtOnce}`,
  );
  return rows.map((row) => ({ kindNo: row["kind"] as number, blockNo: Number(row["span_no"]), firstWindow: Number(row["first_window"]) }));
}

/** Windows that speak of any record. */
async function findWindows(query: Query, from: number, below: number): Promise<number[]> {
  const { rows } = await query.query("select distinct range_no from ledger_exposure_postings where level = 2 and range_no >= $1 and range_no < $2 order by 1", [
    from,
    below,
  ]);
  return rows.map((row) => Number(row["range_no"]));
}

async function insertTerms(query: Query, terms: readonly { termNo: number; term: string }[]): Promise<void> {
  for (const { termNo, term } of terms) await query.query("insert into ledger_exposure_terms (term_no, term) values ($1, $2)", [termNo, term]);
}

async function advance(query: Query, { kindNo, blockNo, firstWindow }: PendingBlock, below: number, known: ReadonlyMap<number, WindowFacts>): Promise<void> {
  const { rows } = await query.query(
    `select range_no, packed from ledger_exposure_postings
     where level = 2 and kind = $1 and span_no = $2 and range_no >= $3 and range_no < $4 order by range_no`,
    [kindNo, blockNo, firstWindow, below],
  );
  const records = new Map<number, { eventNos: number[]; sets: number[] }>();
  for (const row of rows) {
    const first = Number(row["range_no"]) * windowSize;
    const packed = row["packed"] as Buffer;
    eachBlock(packed, 2, blockNo, (_, from, to) => {
      eachPosting(packed, from, to, (offset, inBlock, set) => {
        let record = records.get(inBlock);
        if (record === undefined) records.set(inBlock, (record = { eventNos: [], sets: [] }));
        record.eventNos.push(first + offset);
        record.sets.push(set);
      });
    });
  }
  const before = await readBefore(query, kindNo, blockNo);
  const numbers: number[] = [];
  const packed: Buffer[] = [];
  for (const [inBlock, { eventNos, sets }] of [...records].sort(([a], [b]) => a - b)) {
    const recordNo = blockNo * blockSize + inBlock;
    const older = before.get(recordNo);
    const looks: RecentLook[] = [];
    for (let at = eventNos.length - 1; at >= 0 && looks.length < looksKept; at--) looks.push(describe(kindNo, eventNos[at]!, sets[at]!, known));
    const hasOlder = older?.hasOlder === true || eventNos.length + (older?.looks.length ?? 0) > looksKept;
    looks.push(...(older?.looks.slice(0, looksKept - looks.length) ?? []));
    numbers.push(recordNo);
    packed.push(packLooks({ looks, hasOlder }));
  }
  await query.query(
    `insert into ledger_exposure_looks (kind, record_no, packed) select $1, record_no, packed from unnest($2::int8[], $3::bytea[]) as l (record_no, packed)
     on conflict (kind, record_no) do update set packed = excluded.packed`,
    [kindNo, `{${numbers.join()}}`, packed],
  );
  await query.query(
    `insert into ledger_exposure_look_blocks (kind, block_no, window_no) values ($1, $2, $3)
     on conflict (kind, block_no) do update set window_no = excluded.window_no`,
    [kindNo, blockNo, Number(rows[rows.length - 1]!["range_no"])],
  );
}

async function readBefore(query: Query, kindNo: number, blockNo: number): Promise<Map<number, RecentLooks>> {
  const { rows } = await query.query("select record_no, packed from ledger_exposure_looks where kind = $1 and record_no >= $2 and record_no < $3", [
    kindNo,
    blockNo * blockSize,
    (blockNo + 1) * blockSize,
  ]);
  return new Map(rows.map((row) => [Number(row["record_no"]), readLooks(row["packed"] as Buffer)]));
}

function describe(kindNo: number, eventNo: number, set: number, known: ReadonlyMap<number, WindowFacts>): RecentLook {
  const { times, who, acts, lists, usual, sets } = known.get(Math.floor(eventNo / windowSize))!;
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
