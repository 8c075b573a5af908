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
  /**
   * Pushes the token of each gram of `size` characters in a text without surrogates, as `token` gives it; grams that
   * `isMute` says nothing of all are left out. What is mute must depend on the field and the gram alone.
   */
  pushGrams(into: number[], fieldNo: number, text: string, size: number, bits: number, isMute: (gram: string) => boolean): void;
  /** Zeroes the keys. Any later use throws. */
  close(): void;
}

const fieldNumbers = 64;
const keyLength = 32;
const wholeHash = 0x3f_ffff;
/** Grams repeat without end, whole values seldom. Two halves of this size, the older one dropped when the younger is full. */
const cachedGrams = 32_768;
const cachedValues = 4_096;
/** Grams by their characters as a number: one place each, no string, no hash to compute. 256 KiB a field. */
const placeBits = 15;
interface GramCache {
  readonly grams: Int32Array;
  /** 0: mute. */
  readonly tokens: Int32Array;
}
/** Two characters of 16 bits, or up to four of 7 bits, as a number other than 0; 0 when they do not fit. */
function packGram(text: string, at: number, size: number): number {
  if (size === 2) return (text.charCodeAt(at) << 16) | text.charCodeAt(at + 1);
  if (size > 4) return 0;
  let packed = 0;
  for (let each = at; each < at + size; each++) {
    const code = text.charCodeAt(each);
    if (code > 0x7f) return 0;
    packed = (packed << 7) | code;
  }
  return packed;
}

/** A search key of a version from its root (32 bytes, which stays the caller's). */
export function openSearchKey(version: number, root: Buffer): SearchKey {
  const keys: (Buffer | undefined)[] = [];
  const young: (Map<string, number> | undefined)[] = [];
  const old: (Map<string, number> | undefined)[] = [];
  const packed: (GramCache | undefined)[] = [];
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

  const tokenOf = (fieldNo: number, mode: TokenMode, text: string): number => {
    const key = keyOf(fieldNo);
    const place = text.length * 3 <= input.length - 1 ? input : Buffer.alloc(1 + text.length * 3);
    place[0] = mode;
    const length = place.write(text, 1, "utf8");
    sodium.crypto_generichash(out, place.subarray(0, 1 + length), key);
    return (fieldNo << 26) | (version << 24) | (mode << 22) | (out.readUInt32LE(0) & wholeHash);
  };

  return {
    version,
    pushGrams(into, fieldNo, text, size, bits, isMute) {
      if (!isOpen) throw new Error("the search key is closed");
      const cache = (packed[fieldNo] ??= { grams: new Int32Array(1 << placeBits), tokens: new Int32Array(1 << placeBits) });
      const cut = ~wholeHash | ((1 << bits) - 1);
      for (let at = 0; at + size <= text.length; at++) {
        const gram = packGram(text, at, size);
        const place = Math.imul(gram, 0x9e3779b1) >>> (32 - placeBits);
        let token: number;
        if (gram !== 0 && cache.grams[place] === gram) token = cache.tokens[place] as number;
        else {
          const written = text.slice(at, at + size);
          token = isMute(written) ? 0 : tokenOf(fieldNo, gramMode, written);
          if (gram !== 0) {
            cache.grams[place] = gram;
            cache.tokens[place] = token;
          }
        }
        if (token !== 0) into.push(token & cut);
      }
    },
    token(fieldNo, mode, text, bits) {
      const slot = fieldNo * 4 + mode;
      let cache = young[slot];
      const cut = ~wholeHash | ((1 << bits) - 1);
      const known = cache?.get(text);
      if (known !== undefined) return known & cut;
      if (!isOpen) throw new Error("the search key is closed");
      const token = old[slot]?.get(text) ?? tokenOf(fieldNo, mode, text);
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
      packed.length = 0;
      for (const key of keys) if (key !== undefined) wipe(key);
      keys.length = 0;
      wipe(input, out);
    },
  };
}
