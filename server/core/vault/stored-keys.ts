import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { openBytes, sealBytes } from "./aead.ts";
import { BlobRejected } from "./blob.ts";
import type { KeyEncryptionKey } from "./key-encryption-key.ts";
import { parseKeyTree, type KeyTree } from "./key-tree.ts";
import { wipe } from "./secret-memory.ts";

/** Everything the vault keeps, in the clear. */
export interface StoredKeys {
  /** Key trees by generation (1–65,535). */
  readonly generations: ReadonlyMap<number, KeyTree>;
  readonly generation: number;
  /** 32 bytes, the root of sealed secrets. */
  readonly secretsRoot: Buffer;
  /** Search keys (32 bytes) by version (0–3). */
  readonly searchKeys: ReadonlyMap<number, Buffer>;
  readonly searchKeyVersion: number;
}

const keysFormat = 1;
const magic = Buffer.from("kuraban keys\n\u0001", "latin1");
const rootLength = 32;

/*
 * Keys in the clear, format 1: format (1), current generation (2), secrets root (32), current search key version (1),
 * number of search keys (1), each version (1) and key (32), number of generations (2), each number (2), length (4), tree.
 */

/** Lays the keys out in one buffer, which the caller wipes. */
export function writeKeys(keys: StoredKeys): Buffer {
  const trees = [...keys.generations].map(([generation, tree]) => ({ generation, bytes: tree.serialise() }));
  const searchKeys = [...keys.searchKeys];
  const size = 37 + searchKeys.length * (1 + rootLength) + 2 + trees.reduce((sum, { bytes }) => sum + 6 + bytes.length, 0);
  const out = Buffer.alloc(size);
  out[0] = keysFormat;
  out.writeUInt16BE(keys.generation, 1);
  keys.secretsRoot.copy(out, 3);
  out[35] = keys.searchKeyVersion;
  out[36] = searchKeys.length;
  let at = 37;
  for (const [version, key] of searchKeys) {
    out[at] = version;
    key.copy(out, at + 1);
    at += 1 + rootLength;
  }
  at = out.writeUInt16BE(trees.length, at);
  for (const { generation, bytes } of trees) {
    at = out.writeUInt16BE(generation, at);
    at = out.writeUInt32BE(bytes.length, at);
    at += bytes.copy(out, at);
    wipe(bytes);
  }
  return out;
}

/** The inverse of {@link writeKeys}; the bytes are copied. Throws when they are no keys. */
export function readKeys(bytes: Buffer): StoredKeys {
  if (bytes[0] !== keysFormat) throw new Error("keys of an unknown format");
  const own = (from: number): Buffer => Buffer.from(Uint8Array.prototype.slice.call(bytes, from, from + rootLength));
  const generation = bytes.readUInt16BE(1);
  const searchKeys = new Map<number, Buffer>();
  let at = 37;
  for (let left = bytes[36] ?? 0; left > 0; left--) {
    searchKeys.set(bytes.readUInt8(at), own(at + 1));
    at += 1 + rootLength;
  }
  const generations = new Map<number, KeyTree>();
  let left = bytes.readUInt16BE(at);
  for (at += 2; left > 0; left--) {
    const length = bytes.readUInt32BE(at + 2);
    generations.set(bytes.readUInt16BE(at), parseKeyTree(bytes.subarray(at + 6, at + 6 + length)));
    at += 6 + length;
  }
  const searchKeyVersion = bytes[35] ?? 0;
  if (at !== bytes.length || !generations.has(generation) || !searchKeys.has(searchKeyVersion)) throw new Error("damaged keys");
  return { generations, generation, secretsRoot: own(3), searchKeys, searchKeyVersion };
}

/*
 * The file: magic (14), revision (8), length (1) and id of the key-encrypting key, length (2) and wrapped file key, then
 * the keys under the file key (fresh with every write), with all that stands before as additional data.
 */

/** Seals keys in the clear under the key-encrypting key. */
export async function sealKeyFile(given: { keys: Buffer; revision: number; kek: KeyEncryptionKey; fillRandom: (into: Buffer) => void }): Promise<Buffer> {
  const head = Buffer.alloc(magic.length + 8);
  magic.copy(head);
  head.writeBigUInt64BE(BigInt(given.revision), magic.length);
  const fileKey = Buffer.alloc(rootLength);
  given.fillRandom(fileKey);
  try {
    const wrapped = await given.kek.wrap(fileKey, head);
    const id = Buffer.from(given.kek.id, "utf8");
    const lengths = Buffer.alloc(3);
    lengths[0] = id.length;
    lengths.writeUInt16BE(wrapped.length, 1);
    const additional = Buffer.concat([head, lengths.subarray(0, 1), id, lengths.subarray(1), wrapped]);
    return Buffer.concat([additional, sealBytes(fileKey, given.keys, additional, given.fillRandom)]);
  } finally {
    wipe(fileKey);
  }
}

/** The revision that a key file states, without opening it. */
export function revisionOf(file: Buffer): number {
  if (file.length < magic.length + 8 || !file.subarray(0, magic.length).equals(magic)) throw damaged();
  return Number(file.readBigUInt64BE(magic.length));
}

/** Opens a key file. Throws CannotStart when it is damaged or sealed under another key-encrypting key. */
export async function openKeyFile(file: Buffer, kek: KeyEncryptionKey): Promise<{ keys: StoredKeys; revision: number }> {
  const revision = revisionOf(file);
  const head = file.subarray(0, magic.length + 8);
  const idEnd = head.length + 1 + (file[head.length] ?? 0);
  const wrappedAt = idEnd + 2;
  if (wrappedAt > file.length) throw damaged();
  const id = file.toString("utf8", head.length + 1, idEnd);
  const bodyAt = wrappedAt + file.readUInt16BE(idEnd);
  try {
    const fileKey = await kek.unwrap(file.subarray(wrappedAt, bodyAt), head);
    const plaintext = openBytes(fileKey, file.subarray(bodyAt), file.subarray(0, bodyAt));
    wipe(fileKey);
    const keys = readKeys(plaintext);
    wipe(plaintext);
    return { keys, revision };
  } catch (problem) {
    if (!(problem instanceof BlobRejected)) throw problem;
    if (id === kek.id) throw damaged();
    throw new CannotStart({
      ja: `鍵は別の鍵(${id})で封じられています。今の鍵は ${kek.id} です。`,
      en: `The keys are sealed under another key (${id}); the one at hand is ${kek.id}.`,
    });
  }
}

function damaged(): CannotStart {
  return new CannotStart({
    ja: "鍵のファイルが壊れています。鍵のバックアップから戻してください。",
    en: "The key file is damaged. Restore it from a key backup.",
  });
}
