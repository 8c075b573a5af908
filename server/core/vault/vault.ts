import sodium from "sodium-native";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { openBytes, sealBytes } from "./aead.ts";
import { blobFormat, blobOverhead, blobSuite, headerLength, KeyErased, newAdditional, nonceLength, nonceStart, writeAdditional } from "./blob.ts";
import type { KeyEncryptionKey } from "./key-encryption-key.ts";
import { newKeyTree, type KeyTree } from "./key-tree.ts";
import type { KeysFolder } from "./keys-folder.ts";
import { secretMemory, systemRandom, wipe } from "./secret-memory.ts";
import { openKeyFile, readKeys, revisionOf, sealKeyFile, writeKeys, type StoredKeys } from "./stored-keys.ts";
import { subjectPath, type Subject } from "./subject.ts";
import { openSearchKey, type SearchKey } from "./search-key.ts";
import type { SearchKeys } from "./tokens.ts";
import { inside, keyOf, type VaultState } from "./vault-state.ts";

/** What was unwrapped when the vault was opened: facts for a ledger event. */
export interface KeyFacts {
  readonly keyEncryptionKey: string;
  readonly unwrapped: readonly string[];
  readonly generation: number;
  readonly generations: number;
  readonly searchKeyVersion: number;
  /** Counts every rewriting of the stored keys, erasures among them. */
  readonly revision: number;
}

/** The sealing half of an open vault. Opening blobs is in opening.ts, which only core/door may import. */
export interface Vault {
  /**
   * Seals a plaintext (text as UTF-8) for a subject, a field class (0–255) and a row version (0 to 2^32-1) under the
   * current key generation. Throws KeyErased for an erased subject.
   */
  seal(subject: Subject, fieldClass: number, version: number, plaintext: Buffer | string): Buffer;
  /** Destroys a subject's keys of all generations; resolves when the keys without them are durable on disk. Repeatable. */
  eraseKey(subject: Subject): Promise<void>;
  /** As `eraseKey` for many, with one write. */
  eraseKeys(subjects: Iterable<Subject>): Promise<void>;
  isErased(subject: Subject): boolean;
  /** Starts a key generation for all new seals; blobs of earlier ones still open. Resolves with its number. */
  newGeneration(): Promise<number>;
  /** Seals a secret of the installation (a TOTP secret, a signing key) under its name, in a domain apart from subjects. */
  sealSecret(name: string, bytes: Buffer): Buffer;
  /** Throws BlobRejected when changed or sealed under another name. */
  openSecret(name: string, sealed: Buffer): Buffer;
  /** The keys of the blind index: the current version and those still in use. */
  searchKeys(): SearchKeys;
  /** Starts a search key version (0–3, a free one) for all new tokens; resolves with it. */
  newSearchKey(): Promise<number>;
  /** Destroys a search key version that no token carries any more. The current one is refused. */
  dropSearchKey(version: number): Promise<void>;
  /** Wraps all keys anew under another key-encrypting key and uses it from then on. */
  rewrap(kek: KeyEncryptionKey): Promise<void>;
  keyFacts(): KeyFacts;
  /** All keys in the clear, for the key backup: hand them only to `sealKeyBackup`, then wipe them. */
  exportKeys(): Buffer;
  /** Zeroes every key in memory. Any later use throws. */
  close(): void;
  readonly [inside]: VaultState;
}

const fileName = "trees.sealed";
const keyLength = 32;
const searchVersions = 4;
const largestVersion = 2 ** 32 - 1;

/**
 * Opens the vault of a keys folder. With `create`, a folder without keys gets new ones; without it, that is refused, so
 * that lost keys are never silently replaced. Throws CannotStart with a sentence for the person at the terminal.
 */
export async function openVault(given: {
  keysFolder: KeysFolder;
  kek: KeyEncryptionKey;
  create?: boolean;
  fillRandom?: (into: Buffer) => void;
}): Promise<Vault> {
  const { keysFolder, fillRandom = systemRandom } = given;
  let kek = given.kek;
  const stored = keysFolder.read(fileName);
  if (stored === undefined && given.create !== true) throw noKeys();
  const opened = stored === undefined ? { keys: freshKeys(fillRandom), revision: 0 } : await openKeyFile(stored, kek);
  let revision = opened.revision;

  const generations = new Map(opened.keys.generations);
  const state: VaultState = { generations, generation: opened.keys.generation, isOpen: true };
  const secretsRoot = inSecretMemory(opened.keys.secretsRoot);
  const searchRoots = new Map([...opened.keys.searchKeys].map(([version, key]) => [version, inSecretMemory(key)]));
  let searchKeyVersion = opened.keys.searchKeyVersion;
  let searchKeys = new Map([...searchRoots].map(([version, key]) => [version, openSearchKey(version, key)]));

  const contents = (): StoredKeys => ({
    generations,
    generation: state.generation,
    secretsRoot,
    searchKeys: searchRoots,
    searchKeyVersion,
  });

  /** Writes all keys. What another process wrote since would be lost, erasures too, so that is refused. */
  const write = async (keys: StoredKeys, under: KeyEncryptionKey): Promise<void> => {
    const onDisk = keysFolder.read(fileName);
    if ((onDisk === undefined ? 0 : revisionOf(onDisk)) !== revision) {
      throw new Error("the stored keys were changed by another process; restart this one");
    }
    const plaintext = writeKeys(keys);
    try {
      await keysFolder.write(fileName, await sealKeyFile({ keys: plaintext, revision: revision + 1, kek: under, fillRandom }));
    } catch (problem) {
      // It may have failed after the new file took the old one's place.
      const now = keysFolder.read(fileName);
      if (now !== undefined && revisionOf(now) === revision + 1) revision += 1;
      throw problem;
    } finally {
      wipe(plaintext);
    }
    revision += 1;
  };

  let turn: Promise<unknown> = Promise.resolve();
  /** Changes of the stored keys happen one after the other. */
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const result = turn.then(() => {
      assertOpen();
      return act();
    });
    turn = result.catch(() => undefined);
    return result;
  };
  const assertOpen = (): void => {
    if (!state.isOpen) throw new Error("the vault is closed");
  };

  let erasures = 0;
  let storedErasures = 0;
  /** Erasures that wait for the same turn share one write. */
  const storeErasures = (): Promise<void> => {
    const wanted = erasures;
    return inTurn(async () => {
      if (storedErasures >= wanted) return;
      const upTo = erasures;
      await write(contents(), kek);
      storedErasures = upTo;
    });
  };

  const eraseKeys = async (subjects: Iterable<Subject>): Promise<void> => {
    assertOpen();
    for (const subject of subjects) {
      const path = subjectPath(subject);
      for (const tree of generations.values()) if (tree.puncture(path)) erasures += 1;
    }
    // Also when all were erased before: an earlier write may have failed.
    await storeErasures();
  };

  if (stored === undefined) await write(contents(), kek);

  const additional = newAdditional();
  const nonce = Buffer.alloc(nonceLength);
  // Nonces are no secret; asking for many at a time is an eighth of the cost.
  const nonces = Buffer.alloc(nonceLength * 128);
  let noncesAt = nonces.length;
  const takeNonce = (): void => {
    if (noncesAt === nonces.length) {
      fillRandom(nonces);
      noncesAt = 0;
    }
    nonces.copy(nonce, 0, noncesAt, noncesAt + nonceLength);
    noncesAt += nonceLength;
  };
  const secretKey = secretMemory(keyLength);
  const deriveSecretKey = (name: string): Buffer => {
    assertOpen();
    sodium.crypto_auth(secretKey, Buffer.from(`kuraban|secret|${name}`, "utf8"), secretsRoot);
    return secretKey;
  };
  const isErased = (subject: Subject): boolean => {
    assertOpen();
    const path = subjectPath(subject);
    for (const tree of generations.values()) if (tree.isPunctured(path)) return true;
    return false;
  };

  return {
    [inside]: state,
    seal(subject, fieldClass, version, plaintext) {
      if (!Number.isInteger(fieldClass) || fieldClass < 0 || fieldClass > 255) throw new Error("a field class lies outside 0 to 255");
      if (!Number.isInteger(version) || version < 0 || version > largestVersion) throw new Error("a version lies outside 0 to 2^32 - 1");
      // A generation younger than an erasure still has the key; it is refused all the same.
      if (generations.size > 1 && isErased(subject)) throw new KeyErased();
      const key = keyOf(state, state.generation, subject);
      const message = typeof plaintext === "string" ? Buffer.from(plaintext, "utf8") : plaintext;
      const blob = Buffer.allocUnsafe(blobOverhead + message.length);
      blob[0] = blobFormat;
      blob[1] = blobSuite;
      blob.writeUInt16BE(state.generation, 2);
      blob[4] = fieldClass;
      blob.writeUInt32BE(version, 5);
      takeNonce();
      nonce.copy(blob, nonceStart);
      writeAdditional(additional, blob, subject);
      sodium.crypto_aead_chacha20poly1305_ietf_encrypt(blob.subarray(headerLength), message, additional, null, nonce, key);
      if (typeof plaintext === "string") message.fill(0);
      return blob;
    },
    eraseKey: (subject) => eraseKeys([subject]),
    eraseKeys,
    isErased,
    newGeneration: () =>
      inTurn(async () => {
        const next = Math.max(...generations.keys()) + 1;
        if (next > 0xffff) throw new Error("there are no key generations left");
        const tree = freshTree(fillRandom);
        // Durable before the first blob is sealed under it.
        await write({ ...contents(), generations: new Map([...generations, [next, tree]]), generation: next }, kek);
        generations.set(next, tree);
        state.generation = next;
        return next;
      }),
    sealSecret: (name, bytes) => sealBytes(deriveSecretKey(name), bytes, secretAdditional(name), fillRandom),
    openSecret: (name, sealed) => openBytes(deriveSecretKey(name), sealed, secretAdditional(name)),
    searchKeys() {
      assertOpen();
      const current = searchKeys.get(searchKeyVersion);
      if (current === undefined) throw new Error("the current search key is missing");
      return { current, all: [current, ...[...searchKeys.values()].filter((key) => key !== current)] };
    },
    newSearchKey: () =>
      inTurn(async () => {
        const next = [...Array(searchVersions).keys()]
          .map((step) => (searchKeyVersion + 1 + step) % searchVersions)
          .find((version) => !searchRoots.has(version));
        if (next === undefined) throw new Error("all search key versions are in use; drop one first");
        const root = inSecretMemory(randomKey(fillRandom));
        await write({ ...contents(), searchKeys: new Map([...searchRoots, [next, root]]), searchKeyVersion: next }, kek);
        searchRoots.set(next, root);
        searchKeys = new Map<number, SearchKey>([...searchKeys, [next, openSearchKey(next, root)]]);
        searchKeyVersion = next;
        return next;
      }),
    dropSearchKey: (version) =>
      inTurn(async () => {
        if (version === searchKeyVersion) throw new Error("the current search key cannot be dropped");
        const root = searchRoots.get(version);
        if (root === undefined) return;
        const rest = new Map([...searchRoots].filter(([each]) => each !== version));
        await write({ ...contents(), searchKeys: rest }, kek);
        searchRoots.delete(version);
        searchKeys.get(version)?.close();
        searchKeys.delete(version);
        wipe(root);
      }),
    rewrap: (next) =>
      inTurn(async () => {
        await write(contents(), next);
        kek = next;
      }),
    keyFacts: () => ({
      keyEncryptionKey: kek.id,
      unwrapped: [fileName],
      generation: state.generation,
      generations: generations.size,
      searchKeyVersion,
      revision,
    }),
    exportKeys() {
      assertOpen();
      return writeKeys(contents());
    },
    close() {
      state.isOpen = false;
      for (const tree of generations.values()) tree.close();
      for (const key of searchKeys.values()) key.close();
      wipe(secretsRoot, secretKey, nonce, ...searchRoots.values());
    },
  };
}

/** Puts keys from a key backup into a keys folder without keys. Refuses to overwrite any; wipes `keys`. */
export async function importKeys(given: { keysFolder: KeysFolder; kek: KeyEncryptionKey; keys: Buffer; fillRandom?: (into: Buffer) => void }): Promise<void> {
  const { keysFolder, kek, keys, fillRandom = systemRandom } = given;
  if (keysFolder.read(fileName) !== undefined) {
    throw new CannotStart({
      ja: "鍵のフォルダーにはすでに鍵があります。空のフォルダーに戻してください。",
      en: "The keys folder already holds keys. Restore into an empty one.",
    });
  }
  try {
    const parsed = readKeys(keys);
    for (const tree of parsed.generations.values()) tree.close();
    wipe(parsed.secretsRoot, ...parsed.searchKeys.values());
    await keysFolder.write(fileName, await sealKeyFile({ keys, revision: 1, kek, fillRandom }));
  } finally {
    wipe(keys);
  }
}

function freshKeys(fillRandom: (into: Buffer) => void): StoredKeys {
  return {
    generations: new Map([[1, freshTree(fillRandom)]]),
    generation: 1,
    secretsRoot: randomKey(fillRandom),
    searchKeys: new Map([[0, randomKey(fillRandom)]]),
    searchKeyVersion: 0,
  };
}

function freshTree(fillRandom: (into: Buffer) => void): KeyTree {
  const root = randomKey(fillRandom);
  const tree = newKeyTree(root);
  wipe(root);
  return tree;
}

function randomKey(fillRandom: (into: Buffer) => void): Buffer {
  const key = Buffer.alloc(keyLength);
  fillRandom(key);
  return key;
}

/** Moves a key into guarded memory. */
function inSecretMemory(key: Buffer): Buffer {
  const memory = secretMemory(key.length);
  key.copy(memory);
  wipe(key);
  return memory;
}

function secretAdditional(name: string): Buffer {
  return Buffer.from(`kuraban|secret|1|${name}`, "utf8");
}

function noKeys(): CannotStart {
  return new CannotStart({
    ja: "鍵のフォルダーに鍵がありません。鍵がなければデータは開けません。バックアップから戻すには restore を使ってください。",
    en: "The keys folder holds no keys. Without them the data cannot be opened. To bring them back from a backup, use restore.",
  });
}
