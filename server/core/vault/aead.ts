import sodium from "sodium-native";
import { BlobRejected } from "./blob.ts";

const nonceLength = 12;
const tagLength = 16;

/** ChaCha20-Poly1305 (RFC 8439) with a random nonce: nonce (12), ciphertext, tag (16). The key has 32 bytes. */
export function sealBytes(key: Buffer, plaintext: Buffer, additional: Buffer, fillRandom: (into: Buffer) => void): Buffer {
  const sealed = Buffer.allocUnsafe(nonceLength + plaintext.length + tagLength);
  const nonce = sealed.subarray(0, nonceLength);
  fillRandom(nonce);
  sodium.crypto_aead_chacha20poly1305_ietf_encrypt(sealed.subarray(nonceLength), plaintext, additional, null, nonce, key);
  return sealed;
}

/** The inverse of {@link sealBytes}, into a buffer of its own. Throws BlobRejected. */
export function openBytes(key: Buffer, sealed: Buffer, additional: Buffer): Buffer {
  if (sealed.length < nonceLength + tagLength) throw new BlobRejected();
  const plaintext = Buffer.allocUnsafeSlow(sealed.length - nonceLength - tagLength);
  try {
    sodium.crypto_aead_chacha20poly1305_ietf_decrypt(plaintext, null, sealed.subarray(nonceLength), additional, sealed.subarray(0, nonceLength), key);
  } catch {
    throw new BlobRejected();
  }
  return plaintext;
}
