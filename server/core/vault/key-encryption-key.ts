import { readFileSync, statSync } from "node:fs";
import { hashRaw } from "@node-rs/argon2";
import sodium from "sodium-native";
import { CannotStart } from "#server/platform/database/cannot-start.ts";
import { openBytes, sealBytes } from "./aead.ts";
import { BlobRejected } from "./blob.ts";
import { liesInside, type KeysFolder } from "./keys-folder.ts";
import { secretMemory, systemRandom, wipe } from "./secret-memory.ts";

/** The one key that everything hangs on, behind an interface that a key-management service can fill as well. */
export interface KeyEncryptionKey {
  /** Names the key in events, e.g. `file:1f09ab…`. Says nothing of the key. */
  readonly id: string;
  wrap(bytes: Buffer, additional: Buffer): Promise<Buffer>;
  /** Throws BlobRejected when the bytes were not wrapped under this key with this additional data. */
  unwrap(wrapped: Buffer, additional: Buffer): Promise<Buffer>;
}

type FillRandom = (into: Buffer) => void;

const keyFile = "kek";
const passphraseFile = "kek.passphrase";
const keyLength = 32;
/** argon2id (RFC 9106): 128 MiB, 4 passes. It runs once a start, so it may cost more than a sign-in. */
const passphraseCost = { memoryCost: 131_072, timeCost: 4, parallelism: 1 };

/**
 * The key-encrypting key of an installation: a mounted secret when `mountedFile` (KURABAN_KEK_FILE) is given, a
 * passphrase-sealed file when there is one (or with `create` and a passphrase), else the key file `kek` (with `create`: made).
 * Throws CannotStart with a sentence.
 */
export async function openKeyEncryptionKey(given: {
  keysFolder: KeysFolder;
  dataFolder: string;
  mountedFile?: string | undefined;
  passphrase?: string | undefined;
  create?: boolean;
  fillRandom?: FillRandom;
}): Promise<KeyEncryptionKey> {
  const { keysFolder, dataFolder, mountedFile, passphrase, create = false, fillRandom = systemRandom } = given;
  if (mountedFile !== undefined) return mountedKey(mountedFile, dataFolder, fillRandom);
  const sealed = keysFolder.read(passphraseFile);
  if (sealed !== undefined) return passphraseKey(sealed, passphrase, fillRandom);
  const plain = keysFolder.read(keyFile);
  if (plain !== undefined) return keyInMemory("file", plain, fillRandom);
  if (!create) {
    throw new CannotStart({
      ja: "鍵のフォルダーに鍵がありません。鍵がなければデータは開けません。",
      en: "The keys folder holds no key. Without it the data cannot be opened.",
    });
  }
  const fresh = Buffer.alloc(keyLength);
  fillRandom(fresh);
  if (passphrase === undefined) {
    await keysFolder.write(keyFile, fresh);
    return keyInMemory("file", fresh, fillRandom);
  }
  await keysFolder.write(passphraseFile, await sealUnderPassphrase(fresh, passphrase, fillRandom));
  return keyInMemory("passphrase", fresh, fillRandom);
}

/** A key held in guarded memory; `bytes` (32) are wiped. */
function keyInMemory(source: string, bytes: Buffer, fillRandom: FillRandom): KeyEncryptionKey {
  if (bytes.length !== keyLength) {
    throw new CannotStart({
      ja: "鍵のファイルが32バイトではありません。別のファイルか、壊れています。",
      en: "The key file does not hold 32 bytes. It is another file, or damaged.",
    });
  }
  const key = secretMemory(keyLength);
  bytes.copy(key);
  wipe(bytes);
  const fingerprint = Buffer.alloc(32);
  sodium.crypto_auth(fingerprint, Buffer.from("kuraban key-encrypting key"), key);
  return {
    id: `${source}:${fingerprint.toString("hex", 0, 8)}`,
    wrap: async (plaintext, additional) => sealBytes(key, plaintext, additional, fillRandom),
    unwrap: async (wrapped, additional) => openBytes(key, wrapped, additional),
  };
}

/** A secret mount holds 32 bytes raw, or as hex or base64 text. Its mode is the mount's business. */
function mountedKey(file: string, dataFolder: string, fillRandom: FillRandom): KeyEncryptionKey {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new CannotStart({
      ja: "KURABAN_KEK_FILE のファイルがありません。",
      en: "There is no file at KURABAN_KEK_FILE.",
    });
  }
  if (liesInside(file, dataFolder)) {
    throw new CannotStart({
      ja: "KURABAN_KEK_FILE がデータのフォルダーの中にあります。鍵は別の場所に置いてください。",
      en: "KURABAN_KEK_FILE lies inside the data folder. Keep the key somewhere else.",
    });
  }
  const content = readFileSync(file);
  if (content.length === keyLength) return keyInMemory("mount", content, fillRandom);
  const text = content.toString("latin1").trim();
  const decoded = /^[0-9a-fA-F]{64}$/.test(text)
    ? Buffer.from(text, "hex")
    : /^[A-Za-z0-9+/_-]{43}=?$/.test(text)
      ? Buffer.from(text, "base64")
      : Buffer.alloc(0);
  wipe(content);
  return keyInMemory("mount", decoded, fillRandom);
}

interface PassphraseFile {
  readonly format: 1;
  readonly memoryCost: number;
  readonly timeCost: number;
  readonly parallelism: number;
  readonly salt: string;
  readonly sealed: string;
}

async function sealUnderPassphrase(key: Buffer, passphrase: string, fillRandom: FillRandom): Promise<Buffer> {
  const salt = Buffer.alloc(16);
  fillRandom(salt);
  const cost = { ...passphraseCost, salt: salt.toString("base64") };
  const under = await stretch(passphrase, cost);
  const sealed = sealBytes(under, key, additionalOf(cost), fillRandom);
  wipe(under);
  const file: PassphraseFile = { format: 1, ...cost, sealed: sealed.toString("base64") };
  return Buffer.from(`${JSON.stringify(file)}\n`);
}

async function passphraseKey(content: Buffer, passphrase: string | undefined, fillRandom: FillRandom): Promise<KeyEncryptionKey> {
  if (passphrase === undefined) {
    throw new CannotStart({
      ja: "鍵は合言葉で封じられています。起動時に合言葉を入れてください。",
      en: "The key is sealed by a passphrase. Give it when starting.",
    });
  }
  const file = parsePassphraseFile(content);
  const under = await stretch(passphrase, file);
  try {
    return keyInMemory("passphrase", openBytes(under, Buffer.from(file.sealed, "base64"), additionalOf(file)), fillRandom);
  } catch (problem) {
    if (!(problem instanceof BlobRejected)) throw problem;
    throw new CannotStart({ ja: "合言葉が違うか、鍵のファイルが壊れています。", en: "The passphrase is wrong, or the key file is damaged." });
  } finally {
    wipe(under);
  }
}

function parsePassphraseFile(content: Buffer): PassphraseFile {
  try {
    const file = JSON.parse(content.toString("utf8")) as PassphraseFile;
    const isBounded = file.memoryCost <= 4_194_304 && file.timeCost <= 64 && file.parallelism <= 16;
    if (file.format === 1 && isBounded && typeof file.salt === "string" && typeof file.sealed === "string") return file;
  } catch {
    // Told below, without the content.
  }
  throw new CannotStart({ ja: "合言葉で封じた鍵のファイルが壊れています。", en: "The passphrase-sealed key file is damaged." });
}

type Stretching = Omit<PassphraseFile, "format" | "sealed">;

function stretch(passphrase: string, cost: Stretching): Promise<Buffer> {
  // Algorithm 2 is argon2id; the package's const enum cannot be imported by type-stripped code.
  return hashRaw(passphrase.normalize("NFKC"), {
    algorithm: 2,
    memoryCost: cost.memoryCost,
    timeCost: cost.timeCost,
    parallelism: cost.parallelism,
    outputLen: keyLength,
    salt: Buffer.from(cost.salt, "base64"),
  });
}

function additionalOf(cost: Stretching): Buffer {
  return Buffer.from(`kuraban|passphrase|1|${cost.memoryCost}|${cost.timeCost}|${cost.parallelism}|${cost.salt}`);
}
