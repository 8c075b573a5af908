import sodium from "sodium-native";
import { BlobRejected, blobOverhead, blobFormat, blobSuite, headerLength, newAdditional, nonceLength, nonceStart, writeAdditional } from "./blob.ts";
import type { Subject } from "./subject.ts";
import type { Vault } from "./vault.ts";
import { inside, keyOf } from "./vault-state.ts";

/*
 * The opening half of the vault: only core/door may import this file (tests/architecture.test.ts holds it to that).
 */

/** What the caller knows of the place it found a blob in. Each stated fact must agree with the blob. */
export interface Expected {
  readonly fieldClass?: number;
  readonly version?: number;
}

const additional = newAdditional();
const nonce = Buffer.alloc(nonceLength);
const scratch = Buffer.allocUnsafeSlow(64 * 1024);

/**
 * Opens a blob into a fresh buffer. State the class of the column it was read from, so that a blob moved to another
 * column of its row is rejected. Throws BlobRejected (changed or misplaced) or KeyErased.
 */
export function openBlob(vault: Vault, subject: Subject, blob: Buffer, expected?: Expected): Buffer {
  const plaintext = Buffer.allocUnsafe(Math.max(0, blob.length - blobOverhead));
  openInto(plaintext, vault, subject, blob, expected);
  return plaintext;
}

/** As {@link openBlob}, for text: the plaintext's bytes are overwritten before it returns. */
export function openBlobText(vault: Vault, subject: Subject, blob: Buffer, expected?: Expected): string {
  const length = Math.max(0, blob.length - blobOverhead);
  const plaintext = length <= scratch.length ? scratch.subarray(0, length) : Buffer.allocUnsafeSlow(length);
  openInto(plaintext, vault, subject, blob, expected);
  const text = plaintext.toString("utf8");
  plaintext.fill(0);
  return text;
}

function openInto(plaintext: Buffer, vault: Vault, subject: Subject, blob: Buffer, expected: Expected | undefined): void {
  if (blob.length < blobOverhead || blob[0] !== blobFormat || blob[1] !== blobSuite) throw new BlobRejected();
  if (expected !== undefined) {
    if (expected.fieldClass !== undefined && blob[4] !== expected.fieldClass) throw new BlobRejected();
    if (expected.version !== undefined && blob.readUInt32BE(5) !== expected.version) throw new BlobRejected();
  }
  const key = keyOf(vault[inside], blob.readUInt16BE(2), subject);
  writeAdditional(additional, blob, subject);
  blob.copy(nonce, 0, nonceStart, headerLength);
  try {
    sodium.crypto_aead_chacha20poly1305_ietf_decrypt(plaintext, null, blob.subarray(headerLength), additional, nonce, key);
  } catch {
    throw new BlobRejected();
  }
}
