import { createEventSet, wordsInChunk, type EventSet } from "./event-set.ts";

/** A set of events as it travels between threads: chunks and their words, one after the other. */
export interface PackedSet {
  readonly chunkNos: Float64Array;
  readonly words: Uint32Array;
}

/** The events of some chunks of a set; of all unless told. */
export function packSet(events: EventSet, chunkNos: readonly number[] = events.chunkNos()): PackedSet {
  const words = new Uint32Array(chunkNos.length * wordsInChunk);
  chunkNos.forEach((chunkNo, at) => words.set(events.words(chunkNo)!, at * wordsInChunk));
  return { chunkNos: Float64Array.from(chunkNos), words };
}

export const unpackSets = (...sets: readonly PackedSet[]): EventSet =>
  createEventSet(
    new Map(
      sets.flatMap(({ chunkNos, words }) =>
        Array.from(chunkNos, (chunkNo, at) => [chunkNo, words.subarray(at * wordsInChunk, (at + 1) * wordsInChunk)] as const),
      ),
    ),
  );
