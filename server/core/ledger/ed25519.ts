import { primitives } from "./primitives.ts";

export interface SigningKey {
  readonly publicKey: Buffer;
  sign(message: Uint8Array): Buffer;
}

/** The Ed25519 key (RFC 8032) of a seed of 32 bytes. */
export function signingKey(seed: Buffer): SigningKey {
  if (seed.length !== 32) throw new Error(`an Ed25519 seed has 32 bytes, not ${seed.length}`);
  const publicKey = Buffer.alloc(32);
  const secretKey = Buffer.alloc(64);
  primitives.crypto_sign_seed_keypair(publicKey, secretKey, seed);
  return {
    publicKey,
    sign(message) {
      const signature = Buffer.alloc(64);
      primitives.crypto_sign_detached(signature, message, secretKey);
      return signature;
    },
  };
}

/** Whether an Ed25519 signature holds; false for a key or signature of the wrong length. */
export function holdsSignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  return publicKey.length === 32 && signature.length === 64 && primitives.crypto_sign_verify_detached(signature, message, publicKey);
}
