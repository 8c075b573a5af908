import type { Subject } from "./subject.ts";
import { kindNumber } from "./subject.ts";

/*
 * A sealed blob, format 1, integers big-endian:
 *   0   1  format (1)
 *   1   1  suite (1: ChaCha20-Poly1305, RFC 8439, with a key per subject by HMAC-SHA-512/256)
 *   2   2  key generation
 *   4   1  field class
 *   5   4  version of the row it was sealed for
 *   9  12  nonce
 *  21   n  ciphertext, then 16 bytes of tag
 * The additional data repeats the header (except the nonce) behind the subject, which the blob itself does not name.
 */
export const blobFormat = 1;
export const blobSuite = 1;
export const headerLength = 21;
export const nonceStart = 9;
export const nonceLength = 12;
export const tagLength = 16;
/** Bytes that sealing adds to a plaintext. */
export const blobOverhead = headerLength + tagLength;

export interface BlobHeader {
  readonly format: number;
  readonly suite: number;
  readonly generation: number;
  /** Index into `fieldClasses` of shared/rights.ts; other uses may take any number up to 255. */
  readonly fieldClass: number;
  readonly version: number;
}

/** A blob that is not what it claims to be: changed, cut, moved to another row, class or version. Says nothing of its content. */
export class BlobRejected extends Error {
  constructor() {
    super("a sealed blob was rejected");
    this.name = "BlobRejected";
  }
}

/** The subject's key was destroyed; nothing sealed under it can be opened by anybody again. */
export class KeyErased extends Error {
  constructor() {
    super("the key of this subject was erased");
    this.name = "KeyErased";
  }
}

/**
 * Reads what a blob says of itself, without opening it: only a successful opening proves that it is true.
 * Throws {@link BlobRejected} when it is no blob of a known format.
 */
export function blobHeader(blob: Uint8Array): BlobHeader {
  if (blob.length < blobOverhead || blob[0] !== blobFormat || blob[1] !== blobSuite) throw new BlobRejected();
  const at = (index: number): number => blob[index] ?? 0;
  return {
    format: blobFormat,
    suite: blobSuite,
    generation: at(2) * 256 + at(3),
    fieldClass: at(4),
    version: at(5) * 2 ** 24 + at(6) * 2 ** 16 + at(7) * 256 + at(8),
  };
}

/** Bytes of the additional data: "kuraban", the header's nine bytes, the kind (1) and the subject's number (8). */
const additionalLength = 25;

/** Writes the additional data of a blob into `into`, the header's bytes taken from the blob itself. */
export function writeAdditional(into: Buffer, blob: Buffer, subject: Subject): void {
  blob.copy(into, 7, 0, nonceStart);
  into[16] = kindNumber(subject.kind);
  const high = Math.floor(subject.no / 2 ** 32);
  into.writeUInt32BE(high, 17);
  into.writeUInt32BE(subject.no - high * 2 ** 32, 21);
}

/** A buffer for the additional data, its constant part filled in. */
export function newAdditional(): Buffer {
  const bytes = Buffer.alloc(additionalLength);
  bytes.write("kuraban", "latin1");
  return bytes;
}
