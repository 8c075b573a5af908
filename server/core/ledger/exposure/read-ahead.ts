import { askApart, type Copier, type Source } from "./copy-rows.ts";
import { threadsAtOnce } from "./in-threads.ts";

/**
 * Has what a question reads next brought into memory while it works on what came before: `pieces` are what it reads one after the other, as selects
 * that look at each byte of it ({@link everyByteOf}); `act` tells to which one it has come.
 *
 * PostgreSQL fetches values that are stored apart one page after the other, each time that it is asked for the next one. So a disk would have nothing
 * to do while postings are counted, and nobody would count while it reads.
 */
export type ReadAhead = <T>(pieces: readonly string[], act: (reach: (piece: number) => void) => Promise<T>) => Promise<T>;

export const readNothingAhead: ReadAhead = (_pieces, act) => act(() => undefined);

/** Readers of one question, in all its threads: a disk gives more to several than to one. */
const readersOfQuestion = 8;
/** So many rows of a piece tell whether the rest lies in memory. */
const rowsLookedAt = 64;

/**
 * Over connections of its own, at most `atOnce`, and as many pieces ahead. What they read is thrown away: they need to see no certain moment, and what
 * goes wrong with them changes no answer.
 */
export function readAheadOver(source: Source, atOnce = readersOfQuestion / threadsAtOnce()): ReadAhead {
  return async (pieces, act) => {
    let at = 0;
    let next = 1;
    let isOver = false;
    let moved = Promise.withResolvers<void>();
    const move = (): void => {
      moved.resolve();
      moved = Promise.withResolvers();
    };
    const readers: Promise<void>[] = [];
    const addReader = (): void => {
      readers.push(askApart(source, read).catch(() => undefined));
    };
    const read = async (copier: Copier): Promise<void> => {
      for (;;) {
        while (!isOver && next > at + atOnce) await moved.promise;
        next = Math.max(next, at + 1);
        if (isOver || next >= pieces.length) return;
        const piece = pieces[next++]!;
        // What nobody has to wait for is not gone through twice, and is no work for others.
        if (await liesInMemory(copier, `${piece} limit ${rowsLookedAt}`)) continue;
        while (readers.length < Math.min(atOnce, pieces.length - 1)) addReader();
        await copier.query(`${explain} ${piece}`);
      }
    };
    if (pieces.length > 1) addReader();
    try {
      return await act((piece) => {
        at = Math.max(at, piece);
        move();
      });
    } finally {
      isOver = true;
      move();
      await Promise.all(readers);
    }
  };
}

/** An expression that looks at each byte of a bytea. */
export const everyByteOf = (column: string): string => `bit_count(${column})`;

/** Reads what a select reads, and gives nothing of it. */
const explain = "explain (analyze, buffers, timing off, costs off, format json)";
const blockBytes = 8_192;
/** What comes as fast as this comes from the system's memory, or from a disk for which nobody has to wait. */
const quickBytesAMs = 400_000;

/** Reads what a select reads; whether nobody would have waited for it: hardly anything was outside PostgreSQL's own memory, or it came quickly. */
async function liesInMemory(copier: Copier, select: string): Promise<boolean> {
  const { rows } = await copier.query(`${explain} ${select}`);
  const [{ Plan: plan, "Execution Time": ms }] = rows[0]!["QUERY PLAN"] as [
    { readonly Plan: Readonly<Record<string, number>>; readonly "Execution Time": number },
  ];
  const [met, read] = [plan["Shared Hit Blocks"]!, plan["Shared Read Blocks"]!];
  return read * 8 < met + read || read * blockBytes > ms * quickBytesAMs;
}
