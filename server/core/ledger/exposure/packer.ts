import type pg from "pg";
import { openArchivedEvents } from "../archive/index.ts";
import type { Query } from "../query.ts";
import { readNamed, type Chunk } from "./chunk.ts";
import { marksOf } from "./marks.ts";
import { createFreshLookPacker } from "./pack-fresh-looks.ts";
import { createLookPacker, noLooks, type LookMemory } from "./pack-looks.ts";
import { createChunkPacker, type EventRow } from "./pack-events.ts";
import { joinRanges, type ChildRow } from "./postings.ts";
import { childrenOfRange, chunkSize, firstEventOf, type Level } from "./ranges.ts";

export interface PackerOptions {
  /** Connections of kuraban_ledger. */
  readonly pool: Pick<pg.Pool, "connect">;
  /** Told of failures it recovers from by itself, by a word and without any value. */
  readonly onTrouble?: (what: string) => void;
}

export interface Packer {
  /** Packs all that is settled; the number of chunks packed. Stops between two steps when told. */
  packNow(signal?: AbortSignal): Promise<number>;
  stop(): Promise<void>;
}

/** Any number would do that nobody else takes: "exposure" in ASCII. */
const packerLock = 0x6578706f73757265n;
const pauseMs = 5_000;

/**
 * Starts packing in the background: looks every five seconds whether another 4,096 events are settled, and packs them. Of all
 * nodes one does it at a time. What is not packed yet is read from the events themselves, so nothing waits for it.
 */
export function startPacker(options: PackerOptions): Packer {
  const stopping = new AbortController();
  const memory = noLooks();
  let timer: NodeJS.Timeout | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = (act: () => Promise<number>): Promise<number> => {
    const result = turn.then(act);
    turn = result.catch(() => undefined);
    return result;
  };
  const tick = async (): Promise<void> => {
    try {
      await inTurn(() => packSettled(options.pool, stopping.signal, memory));
    } catch (error) {
      options.onTrouble?.(error instanceof Error ? error.message : "unknown trouble");
    }
    if (!stopping.signal.aborted) timer = setTimeout(() => void tick(), pauseMs);
  };
  timer = setTimeout(() => void tick(), pauseMs);
  return {
    packNow: (signal) => inTurn(() => packSettled(options.pool, signal === undefined ? stopping.signal : AbortSignal.any([signal, stopping.signal]), memory)),
    async stop() {
      stopping.abort();
      clearTimeout(timer);
      await turn;
    },
  };
}

/** Packs step by step, each in a transaction of its own: chunks before everything else; the number of steps. Another node at work ends it. */
export async function packSettled(pool: Pick<pg.Pool, "connect">, signal?: AbortSignal, memory?: LookMemory): Promise<number> {
  let packed = 0;
  const looks = createLookPacker(memory);
  const freshLooks = createFreshLookPacker(memory);
  while (signal?.aborted !== true) {
    const client = await pool.connect();
    let failure: Error | undefined;
    try {
      await client.query("begin");
      const { rows } = await client.query<{ leads: boolean }>(`select pg_try_advisory_xact_lock(${packerLock}) as leads`);
      const isPacked =
        rows[0]?.leads === true &&
        ((await packNextChunk(client)) || (await markChunks(client)) || (await looks.step(client)) || (await freshLooks.step(client)));
      await client.query("commit");
      if (!isPacked) return packed;
      packed += 1;
    } catch (error) {
      failure = error as Error;
      throw error;
    } finally {
      client.release(failure);
    }
  }
  return packed;
}

/** Within a transaction: the next chunk, and the ranges that end with it. False when it is not settled. */
export async function packNextChunk(query: Query): Promise<boolean> {
  const { rows } = await query.query(
    `select coalesce((select max(chunk_no) + 1 from ledger_exposure_chunks), 0) as chunk_no,
       coalesce((select settled_event_no from ledger_rounds order by round_no desc limit 1), 0) as settled`,
  );
  const chunkNo = Number(rows[0]?.["chunk_no"]);
  if (Number(rows[0]?.["settled"]) < (chunkNo + 1) * chunkSize - 1) return false;
  await insertChunk(query, chunkNo);
  let rangeNo = chunkNo;
  for (const level of [0, 1] as const) {
    if (rangeNo % childrenOfRange !== childrenOfRange - 1) break;
    rangeNo = Math.floor(rangeNo / childrenOfRange);
    await joinIntoRange(query, rangeNo, level);
  }
  return true;
}

const chunksMarkedAtOnce = 32;

/** Marks chunks that were packed before there were marks. False when there is none. */
async function markChunks(query: Query): Promise<boolean> {
  const { rows } = await query.query(
    `select chunk_no, actors, acts from ledger_exposure_chunks where marks is null order by chunk_no limit ${chunksMarkedAtOnce}`,
  );
  for (const row of rows) {
    const { actors, acts } = row as unknown as Chunk;
    const marks = marksOf(readNamed({ actors, acts }));
    await query.query("update ledger_exposure_chunks set marks = $2::int4[] where chunk_no = $1", [row["chunk_no"], `{${marks.join()}}`]);
  }
  return rows.length > 0;
}

const eventsAtOnce = 512;

async function insertChunk(query: Query, chunkNo: number): Promise<void> {
  const first = firstEventOf(chunkNo, 0);
  const packer = createChunkPacker();
  // Packing anew goes through the old months as well; their files hold all numbers up to their last one.
  const archived = await openArchivedEvents(query);
  for await (const events of archived.scan({ low: first, high: first + chunkSize - 1 }, "oldest")) {
    packer.add(events.map(({ event_no: eventNo, header, entries, writes }) => ({ eventNo, header, entries, writes })));
  }
  const standing = Math.max(first, (archived.archives.at(-1)?.highest ?? 0) + 1);
  for (let from = standing; from < first + chunkSize; from += eventsAtOnce) {
    packer.add(await readEvents(query, from, Math.min(from + eventsAtOnce, first + chunkSize)));
  }
  const { chunk, marks, eventCount, times, postings } = packer.take();
  await query.query(
    `insert into ledger_exposure_chunks (chunk_no, event_count, first_at, last_at, actors, acts, times, shapes, marks)
     values ($1, $2, $3::timestamptz, $4::timestamptz, $5, $6, $7, $8, $9::int4[])`,
    [chunkNo, eventCount, times && new Date(times[0]), times && new Date(times[1]), chunk.actors, chunk.acts, chunk.times, chunk.shapes, `{${marks.join()}}`],
  );
  await insertPostings(
    query,
    postings.map((row) => ({ ...row, level: 0, rangeNo: chunkNo })),
  );
}

/** Events from a number to below another one, ascending. */
async function readEvents(query: Query, from: number, below: number): Promise<EventRow[]> {
  const { rows } = await query.query("select event_no, header, entries, writes from ledger_events where event_no >= $1 and event_no < $2 order by event_no", [
    from,
    below,
  ]);
  return rows.map((row) => ({ ...(row as unknown as EventRow), eventNo: Number(row["event_no"]) }));
}

interface PostingRow {
  readonly kindNo: number;
  readonly level: Level;
  readonly spanNo: number;
  readonly rangeNo: number;
  readonly packed: Buffer;
}

const rowsAtOnce = 64;

async function insertPostings(query: Query, rows: readonly PostingRow[]): Promise<void> {
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const part = rows.slice(from, from + rowsAtOnce);
    await query.query(
      `insert into ledger_exposure_postings (kind, level, span_no, range_no, packed) values ${part.map((_, at) => `($${at * 5 + 1}, $${at * 5 + 2}, $${at * 5 + 3}, $${at * 5 + 4}, $${at * 5 + 5})`).join()}`,
      part.flatMap((row) => [row.kindNo, row.level, row.spanNo, row.rangeNo, row.packed]),
    );
  }
}

/** Joins the 16 ranges of `level` below a range of the next level, span by span, and takes them away. */
async function joinIntoRange(query: Query, rangeNo: number, level: 0 | 1): Promise<void> {
  const first = rangeNo * childrenOfRange;
  const bounds = [level, first, first + childrenOfRange - 1];
  const { rows: spans } = await query.query(
    "select distinct kind, span_no from ledger_exposure_postings where level = $1 and range_no between $2 and $3 order by kind, span_no",
    bounds,
  );
  // A span of a level covers whole spans of the next one, so that one after the other can be joined by itself.
  for (const span of spans) {
    const spanNo = Number(span["span_no"]);
    const { rows } = await query.query(
      "select range_no, packed from ledger_exposure_postings where level = $1 and range_no between $2 and $3 and kind = $4 and span_no = $5 order by range_no",
      [...bounds, span["kind"], spanNo],
    );
    const children: ChildRow[] = rows.map((row) => ({ place: Number(row["range_no"]) - first, spanNo, packed: row["packed"] as Buffer }));
    await insertPostings(
      query,
      joinRanges(children, level).map(([joinedSpan, packed]) => ({
        kindNo: span["kind"] as number,
        level: (level + 1) as Level,
        spanNo: joinedSpan,
        rangeNo,
        packed,
      })),
    );
  }
  await query.query("delete from ledger_exposure_postings where level = $1 and range_no between $2 and $3", bounds);
}

/**
 * Throws away what was packed and packs it anew, all in one transaction; whoever asks meanwhile waits. `client`: of the owner.
 * The number of chunks.
 */
export async function rebuildExposure(client: Query, onProgress?: (chunks: number) => void): Promise<number> {
  await client.query("begin");
  try {
    await client.query(`select pg_advisory_xact_lock(${packerLock})`);
    await client.query(
      `truncate ledger_exposure_chunks, ledger_exposure_postings, ledger_exposure_looks, ledger_exposure_look_blocks, ledger_exposure_fresh_looks,
         ledger_exposure_fresh_spans, ledger_exposure_terms`,
    );
    let chunks = 0;
    while (await packNextChunk(client)) {
      chunks += 1;
      onProgress?.(chunks);
    }
    const looks = createLookPacker();
    while (await looks.step(client));
    const freshLooks = createFreshLookPacker();
    while (await freshLooks.step(client));
    await client.query("commit");
    return chunks;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}
