import { blockBits, blockSize, chunkBits, windowSize } from "./ranges.ts";

/**
 * What is known of the 1,024 records of a block, four numbers each: in how many events, the first and the last of them (counted
 * from the first event of the set) and the field set of all. Side by side, so that a record is one line of the processor's cache.
 */
export type BlockTally = Uint32Array;
export const inTally = { count: 0, first: 1, last: 2, set: 3 } as const;
export const createBlockTally = (): BlockTally => new Uint32Array(blockSize * 4);

/** Counts an event of a record. Events come in any order. */
export function noteEvent(tally: BlockTally, inBlock: number, event: number, set: number, unite: (a: number, b: number) => number): void {
  const place = inBlock << 2;
  if (tally[place]!++ === 0) {
    tally[place + 1] = event;
    tally[place + 2] = event;
    tally[place + 3] = set;
    return;
  }
  if (event < tally[place + 1]!) tally[place + 1] = event;
  if (event > tally[place + 2]!) tally[place + 2] = event;
  const known = tally[place + 3]!;
  if (known !== set) tally[place + 3] = unite(known, set);
}

/** A window of events as {@link tallyStream} wants it. */
export interface TallyWindow {
  /** The events asked for, a bit each. */
  readonly bits: Uint32Array;
  /** By event: one more than the number of the field set that most of its records have; 0 when that counts for nobody. */
  readonly usual: Uint16Array;
  /** By chunk: the same of the chunk's field sets. */
  readonly sets: readonly (Uint16Array | undefined)[];
}

export const createTallyWindow = (): TallyWindow & { sets: (Uint16Array | undefined)[] } => ({
  bits: new Uint32Array(windowSize / 32),
  usual: new Uint16Array(windowSize),
  sets: [],
});

/**
 * Reads a stream of postings (postings.ts), `packed` from `from` to `to`, and counts those whose event is asked for. `first`: the
 * event of the window with which its range begins; `base` makes of an event of the window one of the tally. The tally is made when
 * it is needed; undefined when nothing counted. A hundred million postings go through here: it reads as it does for that reason.
 */
export function tallyStream(
  packed: Uint8Array,
  from: number,
  to: number,
  first: number,
  base: number,
  { bits, usual, sets }: TallyWindow,
  tallyOf: () => BlockTally,
  unite: (a: number, b: number) => number,
): void {
  let tally: BlockTally | undefined;
  let event = first;
  let at = from;
  while (at < to) {
    let byte = packed[at++]!;
    let code = byte & 0x7f;
    if (byte >= 0x80) {
      byte = packed[at++]!;
      code |= (byte & 0x7f) << 7;
      for (let shift = 14; byte >= 0x80; shift += 7) {
        byte = packed[at++]!;
        code |= (byte & 0x7f) << shift;
      }
    }
    event += code >>> (blockBits + 1);
    let own = -1;
    if ((code & 1) !== 0) {
      byte = packed[at++]!;
      own = byte & 0x7f;
      for (let shift = 7; byte >= 0x80; shift += 7) {
        byte = packed[at++]!;
        own |= (byte & 0x7f) << shift;
      }
    }
    if ((bits[event >>> 5]! & (1 << (event & 31))) === 0) continue;
    const set = own < 0 ? usual[event]! : sets[event >>> chunkBits]![own]!;
    if (set !== 0) noteEvent((tally ??= tallyOf()), (code >>> 1) & (blockSize - 1), base + event, set - 1, unite);
  }
}
