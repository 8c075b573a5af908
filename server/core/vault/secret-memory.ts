import sodium from "sodium-native";

/**
 * Zero-filled memory for keys: outside the JavaScript heap, locked where the system allows it, and left out of core
 * dumps (libsodium's guarded heap).
 */
export function secretMemory(bytes: number): Buffer {
  const memory = sodium.sodium_malloc(bytes);
  memory.fill(0);
  return memory;
}

/** Overwrites memory so that the compiler cannot leave it out. */
export function wipe(...memories: readonly ArrayBufferView[]): void {
  for (const memory of memories) sodium.sodium_memzero(memory);
}

/** The system's randomness: the default wherever randomness can be passed in. */
export function systemRandom(into: Buffer): void {
  sodium.randombytes_buf(into);
}
