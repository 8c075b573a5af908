import { createRequire } from "node:module";

/**
 * The primitives of the ledger, from libsodium: SHA-256 (FIPS 180-4) into a given place, Ed25519 (RFC 8032), ChaCha20
 * (RFC 8439). A call costs a third of `node:crypto`'s, which decides how fast a page of fifty records is hashed.
 */
interface Primitives {
  crypto_hash_sha256(out: Uint8Array, input: Uint8Array): void;
  crypto_stream_chacha20_ietf(out: Uint8Array, nonce: Uint8Array, key: Uint8Array): void;
  crypto_sign_seed_keypair(publicKey: Uint8Array, secretKey: Uint8Array, seed: Uint8Array): void;
  crypto_sign_detached(signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array): void;
  crypto_sign_verify_detached(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean;
}

export const primitives = createRequire(import.meta.url)("sodium-native") as Primitives;

/** SHA-256 of the input, 32 bytes. */
export function sha256(input: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(32);
  primitives.crypto_hash_sha256(out, input);
  return out;
}
