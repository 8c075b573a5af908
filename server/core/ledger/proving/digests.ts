import { createHash, type Hash } from "node:crypto";

export const digest = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

/** Digest of marks: int4 each, big-endian. */
export function digestMarks(marks: readonly number[] | Int32Array): Buffer {
  const bytes = Buffer.allocUnsafe(marks.length * 4);
  for (let at = 0; at < marks.length; at++) bytes.writeInt32BE(marks[at]!, at * 4);
  return digest(bytes);
}

/** A row of postings into the digest of its kind and range (range-body.ts); rows ascending by span. */
export function addPostings(hash: Hash, spanNo: number, packed: Uint8Array): void {
  const head = Buffer.allocUnsafe(12);
  head.writeBigUInt64BE(BigInt(spanNo), 0);
  head.writeUInt32BE(packed.length, 8);
  hash.update(head);
  hash.update(packed);
}

/** An event into the digest of its type. */
export function addLeaf(hash: Hash, eventNo: number, leafHash: Uint8Array): void {
  const head = Buffer.allocUnsafe(8);
  head.writeBigUInt64BE(BigInt(eventNo), 0);
  hash.update(head);
  hash.update(leafHash);
}

export const startDigest = (): Hash => createHash("sha256");
