import { unitedAtOnce, type FieldSets } from "./field-sets.ts";
import { blockBits, blockSize, chunkBits, windowSize } from "./ranges.ts";

/**
 * What is known of the 1,024 records of a block, four numbers each: in how many events, the first and the last of them (counted
 * from the first event of the set; the first one backwards from {@link latest}) and the field set of all. Side by side, so that a
 * record is one line of the processor's cache; all of nobody is 0.
 */
export type BlockTally = Int32Array;
export const inTally = { count: 0, first: 1, last: 2, set: 3 } as const;
export const createBlockTally = (): BlockTally => new Int32Array(blockSize * 4);
/** Events of a set are less than this apart. */
export const latest = 0x7fffffff;

/** Counts an event of a record. Events come in any order. */
export function noteEvent(tally: BlockTally, inBlock: number, event: number, set: number, { unite }: Pick<FieldSets, "unite">): void {
  const place = inBlock << 2;
  tally[place]! += 1;
  if (latest - event > tally[place + 1]!) tally[place + 1] = latest - event;
  if (event > tally[place + 2]!) tally[place + 2] = event;
  tally[place + 3] = unite(tally[place + 3]!, set);
}

/** A window of events as {@link tallyStream} wants it. */
export interface TallyWindow {
  /** The events asked for, a bit each. */
  readonly bits: Uint32Array;
  /** By event: one more than the number of the field set that most of its records have; 0 when that counts for nobody. */
  readonly usual: Uint16Array;
  /** By chunk, {@link setsInChunk} places each: the same of the chunk's field sets, from the second place on. */
  readonly sets: Uint16Array;
  /** By chunk: the same of all its field sets. */
  readonly setsOf: Uint16Array[];
}

/** Of a chunk that knows more field sets the others stand in `setsOf` alone. */
export const setsInChunk = 256;

export const createTallyWindow = (): TallyWindow => ({
  bits: new Uint32Array(windowSize / 32),
  usual: new Uint16Array(windowSize),
  sets: new Uint16Array((windowSize >> chunkBits) * setsInChunk),
  setsOf: [],
});

const lastWord = windowSize / 32 - 1;

/** Hits of one stream, until they are counted: events, and record × 256 + one more than the number of a set of its own, if that is below 255. */
let hitEvents = new Int32Array(1 << 13);
let hitCodes = new Int32Array(1 << 13);

/**
 * Reads a stream of postings (postings.ts), `packed` from `from` to `to`, and counts those whose event is asked for. `first`: the
 * event of the window with which its range begins; `base` makes of an event of the window one of the tally. The tally is made when
 * it is needed; undefined when nothing counted.
 *
 * A hundred million postings go through here, and nothing in them can be foretold, neither how long one is nor whether it is
 * asked for: so four bytes are read at once, every posting is written down as a hit, and the next one over it when it is none. With
 * a branch for each of these it takes six times as long.
 */
export function tallyStream(
  packed: Uint8Array,
  from: number,
  to: number,
  first: number,
  base: number,
  window: TallyWindow,
  tallyOf: () => BlockTally,
  fieldSets: Pick<FieldSets, "unite" | "united">,
): void {
  // No posting is shorter than two bytes, but for those of one event in the first 64 events of a range.
  if (hitEvents.length < to - from) {
    hitEvents = new Int32Array((to - from) * 2);
    hitCodes = new Int32Array((to - from) * 2);
  }
  const { bits } = window;
  const [events, codes] = [hitEvents, hitCodes];
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  const end = Math.min(to, packed.byteLength - 8);
  let hits = 0;
  let unusual = 0;
  let event = first;
  let at = from;
  while (at < end) {
    const word = view.getInt32(at, true);
    const second = (word >>> 7) & 1;
    const third = (word >>> 15) & second;
    const fourth = (word >>> 23) & third;
    at += 1 + second + third + fourth + (word & 1);
    const code = (word & 0x7f) | ((word >>> 1) & 0x3f80 & -second) | ((word >>> 2) & 0x1fc000 & -third) | ((word >>> 3) & 0xfe00000 & -fourth);
    event += code >>> (blockBits + 1);
    const own = packed[at - 1]! & -(word & 1);
    // More than four bytes, or more sets than a byte numbers.
    unusual |= ((word >>> 31) & fourth) | ((own + 1) & 0x180);
    events[hits] = event;
    codes[hits] = ((code & (blockSize * 2 - 2)) << 7) | (own + (word & 1));
    hits += (bits[(event >>> 5) & lastWord]! >>> (event & 31)) & 1;
  }
  if (unusual !== 0) {
    hits = 0;
    event = first;
    at = from;
  }
  while (at < to) {
    let code = 0;
    for (let shift = 0, byte = 0x80; byte >= 0x80; shift += 7) code |= ((byte = packed[at++]!) & 0x7f) << shift;
    event += code >>> (blockBits + 1);
    let own = 0;
    if ((code & 1) !== 0) for (let shift = 0, byte = 0x80; byte >= 0x80; shift += 7) own |= ((byte = packed[at++]!) & 0x7f) << shift;
    if (((bits[event >>> 5]! >>> (event & 31)) & 1) === 0) continue;
    if (own < 0x7f) {
      events[hits] = event;
      codes[hits++] = ((code & (blockSize * 2 - 2)) << 7) | (own + (code & 1));
    } else {
      const set = window.setsOf[event >>> chunkBits]![own]!;
      if (set !== 0) noteEvent(tallyOf(), (code >>> 1) & (blockSize - 1), base + event, set - 1, fieldSets);
    }
  }
  if (hits > 0) noteHits(hits, base, window, tallyOf, fieldSets);
}

/** As {@link noteEvent} for each hit, and as {@link tallyStream} without a branch that cannot be foretold. */
function noteHits(
  hits: number,
  base: number,
  { usual, sets }: TallyWindow,
  tallyOf: () => BlockTally,
  { unite, united }: Pick<FieldSets, "unite" | "united">,
): void {
  const [events, codes] = [hitEvents, hitCodes];
  let tally: BlockTally | undefined;
  for (let hit = 0; hit < hits; hit++) {
    const event = events[hit]!;
    const code = codes[hit]!;
    const own = code & 0xff;
    const isOwn = -own >> 31;
    const counted = (usual[event]! & ~isOwn) | (sets[((event >>> chunkBits) << 8) | own]! & isOwn);
    if (counted === 0) continue;
    tally ??= tallyOf();
    const place = (code >>> 8) << 2;
    const moment = base + event;
    tally[place]! += 1;
    const first = latest - moment;
    const laterThan = first - tally[place + 1]!;
    tally[place + 1] = first - (laterThan & (laterThan >> 31));
    const earlierThan = moment - tally[place + 2]!;
    tally[place + 2] = moment - (earlierThan & (earlierThan >> 31));
    const set = counted - 1;
    const known = tally[place + 3]!;
    const joined = (known | set) < unitedAtOnce ? united[known * unitedAtOnce + set]! : -1;
    tally[place + 3] = joined < 0 ? unite(known, set) : joined;
  }
}
