/** The part of sodium-native that the vault uses; the package ships no types. Functions throw when an argument has the wrong length. */
declare module "sodium-native" {
  interface Sodium {
    sodium_malloc(size: number): Buffer;
    sodium_memzero(memory: ArrayBufferView): void;
    randombytes_buf(into: ArrayBufferView): void;
    crypto_auth(out: Buffer, input: Buffer, key: Buffer): void;
    crypto_generichash(out: Buffer, input: Buffer, key?: Buffer): void;
    crypto_aead_chacha20poly1305_ietf_encrypt(out: Buffer, message: Buffer, additional: Buffer, nsec: null, nonce: Buffer, key: Buffer): number;
    crypto_aead_chacha20poly1305_ietf_decrypt(out: Buffer, nsec: null, sealed: Buffer, additional: Buffer, nonce: Buffer, key: Buffer): number;
  }
  const sodium: Sodium;
  export default sodium;
}
