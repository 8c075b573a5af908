import { chunkBits, chunkOf, chunkSize } from "./ranges.ts";

/** A set of event numbers, a bit each, by chunk. Grows by `add` alone; what is made of others shares nothing with them. */
export interface EventSet {
  add(eventNo: number): void;
  /** Adds events of a chunk, as {@link EventSet.words} gives them; the words are the set's from now on. */
  addWords(chunkNo: number, words: Uint32Array): void;
  has(eventNo: number): boolean;
  readonly size: number;
  /** Chunks with at least one event, ascending. */
  chunkNos(): number[];
  /** The 128 words of a chunk: bit n of word w is event 32 w + n. Not to be changed. */
  words(chunkNo: number): Uint32Array | undefined;
  /** Ascending. */
  numbers(): Generator<number>;
}

export const wordsInChunk = chunkSize / 32;

export function createEventSet(from: ReadonlyMap<number, Uint32Array> = new Map()): EventSet {
  const chunks = new Map(from);
  return {
    add(eventNo) {
      const chunkNo = chunkOf(eventNo);
      let words = chunks.get(chunkNo);
      if (words === undefined) chunks.set(chunkNo, (words = new Uint32Array(wordsInChunk)));
      const offset = eventNo % chunkSize;
      words[offset >> 5]! |= 1 << (offset & 31);
    },
    addWords(chunkNo, words) {
      const known = chunks.get(chunkNo);
      if (known !== undefined) for (let at = 0; at < wordsInChunk; at++) words[at]! |= known[at]!;
      chunks.set(chunkNo, words);
    },
    has(eventNo) {
      const offset = eventNo % chunkSize;
      return ((chunks.get(chunkOf(eventNo))?.[offset >> 5] ?? 0) & (1 << (offset & 31))) !== 0;
    },
    get size() {
      let size = 0;
      for (const words of chunks.values()) for (let at = 0; at < wordsInChunk; at++) size += bitsIn(words[at]!);
      return size;
    },
    chunkNos: () =>
      [...chunks]
        .filter(([, words]) => words.some((word) => word !== 0))
        .map(([chunkNo]) => chunkNo)
        .sort((a, b) => a - b),
    words: (chunkNo) => chunks.get(chunkNo),
    *numbers() {
      for (const chunkNo of this.chunkNos()) {
        const words = chunks.get(chunkNo)!;
        for (let offset = 0; offset < chunkSize; offset++) {
          if ((words[offset >> 5]! & (1 << (offset & 31))) !== 0) yield chunkNo * (1 << chunkBits) + offset;
        }
      }
    },
  };
}

function bitsIn(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return (((bits + (bits >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}

/** Events of any of the sets. */
export function uniteEvents(...sets: readonly EventSet[]): EventSet {
  return combine(sets, (a, b) => a | b);
}

/** Events of all of the sets. */
export function intersectEvents(...sets: readonly EventSet[]): EventSet {
  return combine(sets, (a, b) => a & b);
}

/** Events of the first set and not of the second. */
export function subtractEvents(from: EventSet, taken: EventSet): EventSet {
  return combine([from, taken], (a, b) => a & ~b);
}

/** Events of the set up to a number, itself included. */
export function limitEvents(set: EventSet, lastEventNo: number): EventSet {
  const chunks = new Map<number, Uint32Array>();
  for (const chunkNo of set.chunkNos()) {
    if (chunkNo > chunkOf(lastEventNo)) continue;
    const words = Uint32Array.from(set.words(chunkNo)!);
    if (chunkNo === chunkOf(lastEventNo)) {
      for (let offset = (lastEventNo % chunkSize) + 1; offset < chunkSize; offset++) words[offset >> 5]! &= ~(1 << (offset & 31));
    }
    chunks.set(chunkNo, words);
  }
  return createEventSet(chunks);
}

const none = new Uint32Array(wordsInChunk);

function combine(sets: readonly EventSet[], of: (a: number, b: number) => number): EventSet {
  const chunks = new Map<number, Uint32Array>();
  const [first, ...others] = sets;
  for (const chunkNo of new Set(sets.flatMap((set) => set.chunkNos()))) {
    const words = Uint32Array.from(first!.words(chunkNo) ?? none);
    for (const other of others) {
      const theirs = other.words(chunkNo) ?? none;
      for (let at = 0; at < wordsInChunk; at++) words[at] = of(words[at]!, theirs[at]!);
    }
    chunks.set(chunkNo, words);
  }
  return createEventSet(chunks);
}
