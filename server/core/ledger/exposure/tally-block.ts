import type { FieldSets } from "./field-sets.ts";
import { blockBits, blockSize, chunkBits, windowSize } from "./ranges.ts";

/**
 * What is known of the 1,024 records of a block, four numbers each: in how many events, the first and the last of them (counted
 * from the first event of the set; the first one backwards from {@link latest}) and the field sets of all, a bit for each number below
 * {@link setsAsBits}. Side by side, so that a record is one line of the processor's cache; all of nobody is 0.
 */
export interface BlockTally {
  readonly numbers: Int32Array;
  /** By place of the record: the union of its field sets of higher numbers. */
  readonly others: Map<number, number>;
}
export const inTally = { count: 0, first: 1, last: 2, sets: 3 } as const;
export const createBlockTally = (): BlockTally => ({ numbers: new Int32Array(blockSize * 4), others: new Map() });
/** Events of a set are less than this apart. */
export const latest = 0x7fffffff;
const setsAsBits = 32;

/** Counts an event of a record. Events come in any order. */
export function noteEvent({ numbers, others }: BlockTally, inBlock: number, event: number, set: number, { unite }: Pick<FieldSets, "unite">): void {
  const place = inBlock << 2;
  numbers[place]! += 1;
  if (latest - event > numbers[place + 1]!) numbers[place + 1] = latest - event;
  if (event > numbers[place + 2]!) numbers[place + 2] = event;
  if (set < setsAsBits) numbers[place + 3]! |= 1 << set;
  else others.set(place, unite(others.get(place) ?? 0, set));
}

/** The union of a record's field sets, by the place where it begins. */
export function setOfRecord({ numbers, others }: BlockTally, place: number, united: Map<number, number>, { unite }: Pick<FieldSets, "unite">): number {
  const bits = numbers[place + inTally.sets]!;
  let set = united.get(bits);
  if (set === undefined) {
    set = 0;
    for (let number = 0; number < setsAsBits; number++) if (((bits >>> number) & 1) === 1) set = unite(set, number);
    united.set(bits, set);
  }
  const other = others.size === 0 ? undefined : others.get(place);
  return other === undefined ? set : unite(set, other);
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
  /** Made of the others when the first postings come. */
  marked: MarkedEvents | undefined;
}

/**
 * Two bits an event: 0, it is not asked for; 1 and 2, it is, and the usual field set of its records is one of the two that occur most; 3, it is, and
 * its field set has to be looked up. What is looked up for each posting is a quarter of a megabyte, so it is never far away, and a tenth of what it
 * takes to look up the field set of each hit.
 */
export interface MarkedEvents {
  readonly marks: Uint32Array;
  /** By mark, as in {@link TallyWindow.usual}. */
  readonly often: Int32Array;
}

/** Of a chunk that knows more field sets the others stand in `setsOf` alone. */
const setBits = 8;
export const setsInChunk = 1 << setBits;

export const createTallyWindow = (): TallyWindow => ({
  bits: new Uint32Array(windowSize / 32),
  usual: new Uint16Array(windowSize),
  sets: new Uint16Array((windowSize >> chunkBits) * setsInChunk),
  setsOf: [],
  marked: undefined,
});

/** A window in which nothing is asked for yet, in the memory of one that is over. */
export function clearTallyWindow(window: TallyWindow): void {
  window.bits.fill(0);
  window.usual.fill(0);
  window.sets.fill(0);
  window.setsOf.length = 0;
  window.marked = undefined;
}

export function markEvents({ bits, usual }: Pick<TallyWindow, "bits" | "usual">): MarkedEvents {
  const counts = new Uint32Array(1 << 16);
  for (let at = 0; at < bits.length; at++) {
    for (let word = bits[at]!; word !== 0; word &= word - 1) counts[usual[at * 32 + 31 - Math.clz32(word & -word)]!]!++;
  }
  let [most, next] = [0, 0];
  for (let set = 1; set < counts.length; set++) {
    if (counts[set]! > counts[most]!) [most, next] = [set, most];
    else if (next === most || counts[set]! > counts[next]!) next = set;
  }
  const marks = new Uint32Array(windowSize / 16);
  for (let at = 0; at < bits.length; at++) {
    for (let word = bits[at]!; word !== 0; word &= word - 1) {
      const event = at * 32 + 31 - Math.clz32(word & -word);
      const set = usual[event]!;
      marks[event >>> 4]! |= (set === most ? 1 : set === next ? 2 : 3) << ((event & 15) << 1);
    }
  }
  return { marks, often: Int32Array.of(0, most, next, 0) };
}

const lastMarks = windowSize / 16 - 1;

/** Hits of one stream, until they are counted: events, and record × 1,024 + mark × 256 + one more than the number of a set of its own, if that is below 255. */
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
  fieldSets: Pick<FieldSets, "unite">,
): void {
  // No posting is shorter than two bytes, but for those of one event in the first 64 events of a range.
  if (hitEvents.length < to - from) {
    hitEvents = new Int32Array((to - from) * 2);
    hitCodes = new Int32Array((to - from) * 2);
  }
  const { marks, often } = (window.marked ??= markEvents(window));
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
    const mark = (marks[(event >>> 4) & lastMarks]! >>> ((event & 15) << 1)) & 3;
    events[hits] = event;
    codes[hits] = ((code & (blockSize * 2 - 2)) << 9) | (mark << 8) | (own + (word & 1));
    hits += (mark | (mark >>> 1)) & 1;
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
    const mark = (marks[event >>> 4]! >>> ((event & 15) << 1)) & 3;
    if (mark === 0) continue;
    if (own < 0x7f) {
      events[hits] = event;
      codes[hits++] = ((code & (blockSize * 2 - 2)) << 9) | (mark << 8) | (own + (code & 1));
    } else {
      const set = window.setsOf[event >>> chunkBits]![own]!;
      if (set !== 0) noteEvent(tallyOf(), (code >>> 1) & (blockSize - 1), base + event, set - 1, fieldSets);
    }
  }
  if (hits > 0) noteHits(hits, base, window, often, tallyOf, fieldSets);
}

/** As {@link noteEvent} for each hit, and as {@link tallyStream} without a branch that cannot be foretold. */
function noteHits(
  hits: number,
  base: number,
  { usual, sets }: TallyWindow,
  often: Int32Array,
  tallyOf: () => BlockTally,
  { unite }: Pick<FieldSets, "unite">,
): void {
  const [events, codes] = [hitEvents, hitCodes];
  let tally: BlockTally | undefined;
  let numbers: Int32Array = none;
  for (let hit = 0; hit < hits; hit++) {
    const event = events[hit]!;
    const code = codes[hit]!;
    const own = code & 0xff;
    const mark = (code >>> 8) & 3;
    const isOwn = -own >> 31;
    const counted = mark === 3 && own === 0 ? usual[event]! : (often[mark]! & ~isOwn) | (sets[((event >>> chunkBits) << setBits) | own]! & isOwn);
    if (counted === 0) continue;
    if (tally === undefined) ({ numbers } = tally = tallyOf());
    const place = (code >>> 10) << 2;
    const moment = base + event;
    numbers[place]! += 1;
    const first = latest - moment;
    const laterThan = first - numbers[place + 1]!;
    numbers[place + 1] = first - (laterThan & (laterThan >> 31));
    const earlierThan = moment - numbers[place + 2]!;
    numbers[place + 2] = moment - (earlierThan & (earlierThan >> 31));
    const set = counted - 1;
    if (set < setsAsBits) numbers[place + 3]! |= 1 << set;
    else tally.others.set(place, unite(tally.others.get(place) ?? 0, set));
  }
}

const none = new Int32Array(0);
