import sodium from "sodium-native";
import { secretMemory, wipe } from "./secret-memory.ts";

/*
 * A token is an int4, from its high bits: field number (6), search key version (2), mode (2), hash (22, of which a field
 * type fills fewer, so that several grams share a token). The hash is BLAKE2b-128 (RFC 7693) of mode and text, under a
 * key of its own for each field: equal names in two fields do not show.
 */
export const gramMode = 0;
export const anchoredMode = 1;
export const exactMode = 2;
export const lastFourMode = 3;
export type TokenMode = 0 | 1 | 2 | 3;

/** A version of the search key, with its cache of tokens. Made by the vault. */
export interface SearchKey {
  /** 0 to 3; stands in every token. */
  readonly version: number;
  /** The token of a folded text in a field (1–63), its hash cut to `bits` (at most 22). */
  token(fieldNo: number, mode: TokenMode, text: string, bits: number): number;
  /** Zeroes the keys. Any later use throws. */
  close(): void;
}

const fieldNumbers = 64;
const keyLength = 32;
const wholeHash = 0x3f_ffff;
/** Grams repeat without end, whole values seldom. Two halves of this size, the older one dropped when the younger is full. */
const cachedGrams = 32_768;
const cachedValues = 4_096;

/** A search key of a version from its root (32 bytes, which stays the caller's). */
export function openSearchKey(version: number, root: Buffer): SearchKey {
  const keys: (Buffer | undefined)[] = [];
  const young: (Map<string, number> | undefined)[] = [];
  const old: (Map<string, number> | undefined)[] = [];
  const out = Buffer.alloc(16);
  const input = Buffer.alloc(1 + 4096);
  let isOpen = true;

  const keyOf = (fieldNo: number): Buffer => {
    if (!isOpen) throw new Error("the search key is closed");
    let key = keys[fieldNo];
    if (key === undefined) {
      if (!Number.isInteger(fieldNo) || fieldNo < 1 || fieldNo >= fieldNumbers) throw new Error("a field number lies outside 1 to 63");
      key = secretMemory(keyLength);
      sodium.crypto_generichash(key, Buffer.from(`kuraban|search|${fieldNo}`), root);
      keys[fieldNo] = key;
    }
    return key;
  };

  return {
    version,
    token(fieldNo, mode, text, bits) {
      const slot = fieldNo * 4 + mode;
      let cache = young[slot];
      const cut = ~wholeHash | ((1 << bits) - 1);
      const known = cache?.get(text);
      if (known !== undefined) return known & cut;
      const key = keyOf(fieldNo);
      let token = old[slot]?.get(text);
      if (token === undefined) {
        const place = text.length * 3 <= input.length - 1 ? input : Buffer.alloc(1 + text.length * 3);
        place[0] = mode;
        const length = place.write(text, 1, "utf8");
        sodium.crypto_generichash(out, place.subarray(0, 1 + length), key);
        token = (fieldNo << 26) | (version << 24) | (mode << 22) | (out.readUInt32LE(0) & wholeHash);
      }
      if (cache === undefined || cache.size >= (mode === gramMode || mode === anchoredMode ? cachedGrams : cachedValues)) {
        old[slot] = cache;
        cache = new Map();
        young[slot] = cache;
      }
      cache.set(text, token);
      return token & cut;
    },
    close() {
      isOpen = false;
      young.length = 0;
      old.length = 0;
      for (const key of keys) if (key !== undefined) wipe(key);
      keys.length = 0;
      wipe(input, out);
    },
  };
}
