import { secretMemory, wipe } from "./secret-memory.ts";

const ways = 4;
const words = 8;
const nothing = -1;

/** A bounded cache of 32-byte keys by an integer tag below 2^53. A key that makes room is overwritten in place. */
export interface KeyCache {
  /** Copies a key into `into` (8 words); false when it is not at hand. */
  read(tag: number, into: Uint32Array): boolean;
  keep(tag: number, key: Uint32Array): void;
  forget(tag: number): void;
  close(): void;
}

/** Sets of four with the least recently used one giving way. `slots` is a power of two, at least 4; 48 bytes each. */
export function keyCache(slots: number): KeyCache {
  const memory = secretMemory(slots * words * 4);
  const keys = new Uint32Array(memory.buffer, memory.byteOffset, slots * words);
  const tags = new Float64Array(slots).fill(nothing);
  const used = new Uint32Array(slots);
  const shift = 32 - Math.log2(slots / ways);
  let clock = 0;

  const firstOf = (tag: number): number => {
    const mixed = Math.imul((tag >>> 0) ^ Math.imul(Math.floor(tag / 2 ** 32) + 1, 0x9e3779b1), 0x85ebca6b);
    return shift === 32 ? 0 : (mixed >>> shift) * ways;
  };
  const find = (tag: number): number => {
    const first = firstOf(tag);
    for (let slot = first; slot < first + ways; slot++) if (tags[slot] === tag) return slot;
    return nothing;
  };

  return {
    read(tag, into) {
      const slot = find(tag);
      if (slot === nothing) return false;
      clock = (clock + 1) >>> 0;
      used[slot] = clock;
      const from = slot * words;
      for (let word = 0; word < words; word++) into[word] = keys[from + word] ?? 0;
      return true;
    },
    keep(tag, key) {
      let slot = find(tag);
      if (slot === nothing) {
        const first = firstOf(tag);
        slot = first;
        for (let each = first; each < first + ways; each++) {
          if (tags[each] === nothing) {
            slot = each;
            break;
          }
          // Ages are differences, so that the clock may wrap.
          if ((clock - (used[each] ?? 0)) >>> 0 > (clock - (used[slot] ?? 0)) >>> 0) slot = each;
        }
      }
      clock = (clock + 1) >>> 0;
      used[slot] = clock;
      tags[slot] = tag;
      const to = slot * words;
      for (let word = 0; word < words; word++) keys[to + word] = key[word] ?? 0;
    },
    forget(tag) {
      const slot = find(tag);
      if (slot === nothing) return;
      tags[slot] = nothing;
      keys.fill(0, slot * words, slot * words + words);
    },
    close() {
      tags.fill(nothing);
      wipe(memory);
    },
  };
}
