import { emptyRoot, hashBytes, rootOfHashes } from "../merkle.ts";
import type { Query } from "../query.ts";
import { tileWidth } from "./tile-path.ts";

/** Complete tiles that are hashed and stored at once: 65,536 hashes in memory, 2 MiB. */
const tilesAtOnce = 256;

/**
 * Stores the roots of all complete tiles of a tree of `size` leaves that are not stored yet. Cheap when little is missing;
 * two at a time store the same.
 */
export async function fillTiles(query: Query, size: number): Promise<void> {
  const wanted: number[] = [];
  for (let count = Math.floor(size / tileWidth); count > 0; count = Math.floor(count / tileWidth)) wanted.push(count);
  if (wanted.length === 0) return;
  const { rows } = await query.query(
    `select coalesce((select max(place) + 1 from ledger_tile_hashes where level = wanted), 0) as stored
       from generate_series(1, $1::int4) wanted order by wanted`,
    [wanted.length],
  );
  for (const [below, count] of wanted.entries()) {
    for (let from = Number(rows[below]?.["stored"]); from < count; from += tilesAtOnce) {
      const to = Math.min(count, from + tilesAtOnce);
      const hashes = await readHashes(query, below, from * tileWidth, to * tileWidth);
      const roots = Array.from({ length: to - from }, (_, at) => rootOfHashes(hashes.slice(at * tileWidth, (at + 1) * tileWidth)));
      await query.query(
        `insert into ledger_tile_hashes (level, place, hash)
         select $1::int2, $2::int8 + at - 1, hash from unnest($3::bytea[]) with ordinality given (hash, at) on conflict do nothing`,
        [below + 1, from, roots],
      );
    }
  }
}

/** Hashes of one level from (inclusive) to (exclusive). */
interface Span {
  readonly level: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Hashes of the tree from (inclusive) to (exclusive) within a level: leaf hashes at 0, above that the roots of complete tiles
 * of the level below, which must have been filled.
 * @throws Error when the tree does not reach that far
 */
export async function readHashes(query: Query, level: number, from: number, to: number): Promise<Buffer[]> {
  const [hashes] = await readSpans(query, [{ level, from, to }]);
  return hashes as Buffer[];
}

/** Of each span its hashes, in two statements however many there are. @throws Error when the tree does not reach that far */
async function readSpans(query: Query, spans: readonly Span[]): Promise<Buffer[][]> {
  const found: Buffer[][] = spans.map(() => []);
  const listOf = (numbers: readonly number[]): string => `{${numbers.join()}}`;
  for (const isLeaves of [true, false]) {
    const chosen = [...spans.entries()].filter(([, span]) => (span.level === 0) === isLeaves && span.from < span.to);
    if (chosen.length === 0) continue;
    const values = [chosen.map(([at]) => at), chosen.map(([, span]) => span.level), chosen.map(([, span]) => span.from), chosen.map(([, span]) => span.to)];
    const { rows } = await query.query(isLeaves ? readLeaves : readTileRoots, values.map(listOf));
    for (const row of rows) {
      const part = row["part"] as Buffer;
      for (let at = 0; at < part.length; at += hashBytes) (found[row["at"] as number] as Buffer[]).push(part.subarray(at, at + hashBytes));
    }
  }
  if (spans.some((span, at) => found[at]?.length !== span.to - span.from)) throw new Error("the tree does not reach that far");
  return found;
}

const wantedSpans = "unnest($1::int4[], $2::int2[], $3::int8[], $4::int8[]) wanted (at, level, first, last)";

const readLeaves = `
  select wanted.at, substring(r.leaf_hashes from (greatest(wanted.first - r.first_sequence, 0) * 32 + 1)::int4
    for ((least(wanted.last - r.first_sequence, r.event_count) - greatest(wanted.first - r.first_sequence, 0)) * 32)::int4) as part
  from ${wantedSpans}
  cross join lateral (
    select first_sequence, event_count, leaf_hashes from ledger_rounds
     where first_sequence >= (select max(first_sequence) from ledger_rounds where first_sequence <= wanted.first)
       and first_sequence < wanted.last and first_sequence + event_count > wanted.first
     offset 0
  ) r
  order by wanted.at, r.first_sequence`;

const readTileRoots = `
  select wanted.at, h.hash as part from ${wantedSpans}
  cross join lateral (select place, hash from ledger_tile_hashes where level = wanted.level and place >= wanted.first and place < wanted.last offset 0) h
  order by wanted.at, h.place`;

/**
 * Roots over ranges of leaves as proofs have them: each begins at a multiple of the smallest power of two that is not below
 * its width. Reads at most 255 hashes of each level for each.
 */
export async function rootsOfRanges(query: Query, ranges: readonly (readonly [number, number])[]): Promise<Buffer[]> {
  const pieces = ranges.map(([from, to]) => piecesOf(from, to));
  const hashes = await readSpans(query, pieces.flat());
  let at = 0;
  return pieces.map((spans) => {
    const parts = spans.map(() => hashes[at++] as Buffer[]);
    // From the right edge on: what is left over is the last, incomplete member of the level above.
    return parts.reduceRight<Buffer | undefined>((rest, part) => rootOfHashes(rest === undefined ? part : [...part, rest]), undefined) ?? emptyRoot;
  });
}

/** The complete subtrees of the highest level that fits, then those of the next lower one, down to leaves. */
function piecesOf(from: number, to: number): Span[] {
  const pieces: Span[] = [];
  let left = from;
  while (left < to) {
    let level = 0;
    while (tileWidth ** (level + 1) <= to - left) level += 1;
    const step = tileWidth ** level;
    const end = Math.floor(to / step);
    pieces.push({ level, from: left / step, to: end });
    left = end * step;
  }
  return pieces;
}

/** Root of the tree of `size` leaves, from what is stored. */
export async function rootOfTree(query: Query, size: number): Promise<Buffer> {
  await fillTiles(query, size);
  const [root] = await rootsOfRanges(query, [[0, size]]);
  return root as Buffer;
}
