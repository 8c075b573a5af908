import type { Query } from "../query.ts";
import { dropFreshLooks } from "./drop-fresh-looks.ts";
import { mergeLooks } from "./merge-looks.ts";
import { blockSize, chunkBits, windowBits } from "./ranges.ts";
import { insertTerms, openTerms, readWindowFacts, type WindowFacts } from "./window-facts.ts";

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
  /** Looks of the window behind it are complete to the end of this range of level 1. */
  freshThrough: number;
}

export const noLooks = (): LookMemory => ({ through: -1, freshThrough: -1 });

export function createLookPacker(memory: LookMemory = noLooks()): LookPacker {
  const known = new Map<number, WindowFacts>();
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
      const below = first + windowsAtOnce;
      for (const windowNo of known.keys()) if (windowNo < first) known.delete(windowNo);
      for (const windowNo of await findWindows(query, first, below)) {
        if (known.has(windowNo)) continue;
        // Opened anew: looks of windows that were not complete may have numbered some in between.
        const terms = await openTerms(query);
        known.set(windowNo, await readWindowFacts(query, windowNo, terms));
        await insertTerms(query, terms);
      }
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
export async function findLastWindow(query: Query): Promise<number> {
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

async function advance(query: Query, { kindNo, blockNo, firstWindow }: PendingBlock, below: number, known: ReadonlyMap<number, WindowFacts>): Promise<void> {
  const { rows } = await query.query(
    `select range_no, packed from ledger_exposure_postings
     where level = 2 and kind = $1 and span_no = $2 and range_no >= $3 and range_no < $4 order by range_no`,
    [kindNo, blockNo, firstWindow, below],
  );
  const postings = rows.map((row) => ({ rangeNo: Number(row["range_no"]), packed: row["packed"] as Buffer }));
  const merged = mergeLooks({ kindNo, level: 2, spanNo: blockNo, rows: postings }, await readBefore(query, kindNo, blockNo), known);
  await query.query(
    `insert into ledger_exposure_looks (kind, record_no, packed) select $1, record_no, packed from unnest($2::int8[], $3::bytea[]) as l (record_no, packed)
     on conflict (kind, record_no) do update set packed = excluded.packed`,
    [kindNo, `{${merged.map(([recordNo]) => recordNo).join()}}`, merged.map(([, packed]) => packed)],
  );
  await query.query(
    `insert into ledger_exposure_look_blocks (kind, block_no, window_no) values ($1, $2, $3)
     on conflict (kind, block_no) do update set window_no = excluded.window_no`,
    [kindNo, blockNo, postings[postings.length - 1]!.rangeNo],
  );
  await dropFreshLooks(query, kindNo, blockNo);
}

async function readBefore(query: Query, kindNo: number, blockNo: number): Promise<Map<number, Buffer>> {
  const { rows } = await query.query("select record_no, packed from ledger_exposure_looks where kind = $1 and record_no >= $2 and record_no < $3", [
    kindNo,
    blockNo * blockSize,
    (blockNo + 1) * blockSize,
  ]);
  return new Map(rows.map((row) => [Number(row["record_no"]), row["packed"] as Buffer]));
}
