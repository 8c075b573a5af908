import { closeSync, fstatSync, fsyncSync, openSync, writeSync } from "node:fs";
import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { wipe } from "#server/core/vault/secret-memory.ts";
import { BlobRejected, openKeyBackup, sealKeyBackup } from "#server/core/vault/index.ts";
import { syncFolder } from "#server/platform/files/sync-folder.ts";

export const keyFileName = "kuraban-keys.kbk";

/*
 * The key file: one line of JSON that says whose it is (the head), then the keys sealed to the recovery key
 * (core/vault/recovery-key.ts) with the head bound to them. Sealed is: a length (4), JSON, and the vault's keys.
 */

/** What a key file says without being opened. */
export interface KeyFileHead {
  readonly kuraban: "keys";
  readonly v: 1;
  /** The ledger's tree under which it was written: another epoch is another life of the storehouse. */
  readonly epoch: string;
  /** Public key of that epoch's checkpoints, base64url. */
  readonly checkpointKey: string;
  readonly at: string;
}

/** A data file that the key file opens. */
export interface KnownBackup {
  /** Without folders. */
  readonly file: string;
  /** 16 bytes, hex. */
  readonly id: string;
  /** 32 bytes, base64. */
  readonly key: string;
  readonly at: string;
}

export interface KeyFileContents {
  readonly origin: string;
  /** Ed25519 public keys of all epochs, base64. */
  readonly checkpointKeys: readonly string[];
  readonly backups: readonly KnownBackup[];
  /** Last numbers given out: a restore goes on above them, because an erased number can never be used again. */
  readonly sequences: Readonly<Record<string, string | null>>;
}

/** Seals a key file; wipes `keys`. */
export async function sealKeyFile(publicKey: Buffer, head: KeyFileHead, contents: KeyFileContents, keys: Buffer): Promise<Buffer> {
  const line = `${JSON.stringify(head)}\n`;
  const json = Buffer.from(JSON.stringify(contents), "utf8");
  const plain = Buffer.allocUnsafeSlow(4 + json.length + keys.length);
  plain.writeUInt32BE(json.length);
  json.copy(plain, 4);
  keys.copy(plain, 4 + json.length);
  try {
    return Buffer.concat([Buffer.from(line, "utf8"), await sealKeyBackup(publicKey, plain, line)]);
  } finally {
    wipe(plain, json, keys);
  }
}

/**
 * Opens a key file with the typed recovery key. The caller wipes `keys`.
 * @throws RecoveryKeyRejected (a typing error, or another key), BlobRejected (no key file, or damaged)
 */
export async function openKeyFile(recoveryKey: string, file: Buffer): Promise<{ head: KeyFileHead; contents: KeyFileContents; keys: Buffer }> {
  const head = parseHead(file);
  if (head === undefined) throw new BlobRejected();
  const lineLength = file.indexOf(10) + 1;
  const plain = await openKeyBackup(recoveryKey, file.subarray(lineLength), file.toString("utf8", 0, lineLength));
  const jsonLength = plain.readUInt32BE();
  const contents = JSON.parse(plain.toString("utf8", 4, 4 + jsonLength)) as KeyFileContents;
  const keys = Buffer.from(plain.subarray(4 + jsonLength));
  wipe(plain);
  return { head, contents, keys };
}

/** The head of the key file in a folder, undefined when there is no such file, null when it is none of ours. */
export async function readHead(path: string): Promise<KeyFileHead | null | undefined> {
  try {
    return parseHead(await readFile(path)) ?? null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function parseHead(file: Buffer): KeyFileHead | undefined {
  const end = file.indexOf(10);
  if (end < 0 || end > 4_096) return undefined;
  try {
    const head = JSON.parse(file.toString("utf8", 0, end)) as KeyFileHead;
    return head.kuraban === "keys" && head.v === 1 && typeof head.checkpointKey === "string" ? head : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Replaces a file as a whole (0600): durable when it resolves, and the old content overwritten with zeros. A copying file
 * system, a snapshot or a flash disk may keep the old blocks all the same: docs/operations.md says so.
 */
export async function overwriteFile(path: string, bytes: Buffer): Promise<void> {
  const fresh = `${path}.new`;
  const to = await open(fresh, "w", 0o600);
  try {
    await to.writeFile(bytes);
    await to.sync();
  } finally {
    await to.close();
  }
  const old = openIfThere(path);
  try {
    await rename(fresh, path);
    await syncFolder(dirname(path));
    if (old !== undefined) fillWithZeros(old);
  } finally {
    if (old !== undefined) closeSync(old);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r+");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function fillWithZeros(descriptor: number): void {
  const zeros = Buffer.alloc(65_536);
  const { size } = fstatSync(descriptor);
  for (let at = 0; at < size; at += zeros.length) writeSync(descriptor, zeros, 0, Math.min(zeros.length, size - at), at);
  fsyncSync(descriptor);
}
