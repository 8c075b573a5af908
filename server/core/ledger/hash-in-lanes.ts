import { primitives } from "./primitives.ts";
import { blocksOf, hashFour, laneMemory, padMessage, reserveLaneMemory } from "./sha256-lanes.ts";

/**
 * Hashes messages as they come, four at once where four are of the same number of blocks. For each message: ask for its
 * place, write it into {@link laneMemory} there, then say where the hash shall stand; it stands there after
 * {@link hashRest} at the latest. One caller at a time: nothing here may be waited for.
 */
const mostBlocks = 8;
const placeBytes = mostBlocks * 64;
const placesAt = reserveLaneMemory(mostBlocks * 4 * placeBytes);
/** Messages of more blocks are hashed one by one. */
export const mostMessageBytes = 17 * 1024;
const longAt = reserveLaneMemory(mostMessageBytes);

/** Length of the message that each place held last: of one as long the padding stands there already. */
const lengths = new Int32Array(mostBlocks * 4).fill(-1);

/** By the number of blocks: where the hashes of the messages that wait shall stand. */
const waiting: readonly number[][] = Array.from({ length: mostBlocks + 1 }, () => []);
const firstPlaceOf = (blocks: number): number => placesAt + (blocks - 1) * 4 * placeBytes;

/** Where the next message is to be written; `bytes`: its length, at most {@link mostMessageBytes}. */
export function placeFor(bytes: number): number {
  const blocks = blocksOf(bytes);
  return blocks > mostBlocks ? longAt : firstPlaceOf(blocks) + waiting[blocks]!.length * placeBytes;
}

/** The message that was written to the place given last, `bytes` long, is hashed into the 32 bytes from `to`. */
export function hashPlaced(bytes: number, to: number): void {
  const blocks = blocksOf(bytes);
  if (blocks > mostBlocks) {
    primitives.crypto_hash_sha256(laneMemory.subarray(to, to + 32), laneMemory.subarray(longAt, longAt + bytes));
    return;
  }
  const places = waiting[blocks]!;
  const place = (blocks - 1) * 4 + places.length;
  if (lengths[place] !== bytes) {
    padMessage(placesAt + place * placeBytes, bytes);
    lengths[place] = bytes;
  }
  places.push(to);
  if (places.length === 4) hashWaiting(blocks, places);
}

/** Hashes what still waits. */
export function hashRest(): void {
  for (let blocks = 1; blocks <= mostBlocks; blocks++) if (waiting[blocks]!.length > 0) hashWaiting(blocks, waiting[blocks]!);
}

function hashWaiting(blocks: number, places: number[]): void {
  const from = firstPlaceOf(blocks);
  const last = places.length - 1;
  const second = Math.min(1, last);
  const third = Math.min(2, last);
  hashFour(
    blocks,
    from,
    from + second * placeBytes,
    from + third * placeBytes,
    from + last * placeBytes,
    places[0]!,
    places[second]!,
    places[third]!,
    places[last]!,
  );
  places.length = 0;
}
