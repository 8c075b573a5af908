import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  formatVerifierKey,
  formatWitnessKey,
  openCosignature,
  openNote,
  parseCheckpoint,
  parseVerifierKey,
  signingKey,
  splitNote,
} from "#server/core/ledger/index.ts";
import { keepFile } from "../keep-file.ts";

/**
 * What a witness keeps, all of it in one folder:
 * - `witness.key`: its name and Ed25519 seed (base64), two lines; readable by nobody else.
 * - `logs`: the verifier keys of the logs that it watches, one a line.
 * - `<SHA-256 of the origin, hex>.checkpoint`: the newest checkpoint of a log, as a C2SP signed note with the signature of
 *   the log and the witness's own cosignature. This file is the evidence.
 * - `<…>.refused-<size>.checkpoint`: what the log signed although it does not continue that one; evidence too.
 */
export interface WitnessFolder {
  readonly name: string;
  readonly seed: Buffer;
  /** Verifier key of the witness (type 0x04), for the product's settings. */
  readonly verifierKey: string;
  /** Verifier keys of the logs. */
  readonly logs: readonly string[];
  logOf(origin: string): { readonly publicKey: Buffer } | undefined;
  /** The newest checkpoint that was cosigned, with its note. */
  lastOf(origin: string): WitnessedCheckpoint | undefined;
  /** Durable when it returns. */
  keep(checkpoint: WitnessedCheckpoint): void;
  keepRefused(checkpoint: WitnessedCheckpoint): void;
}

export interface WitnessedCheckpoint {
  readonly origin: string;
  readonly treeSize: number;
  readonly rootHash: Buffer;
  readonly note: string;
}

const mostRefused = 20;

export interface OpenFolderOptions {
  readonly folder: string;
  /** Used where the folder has no key yet. */
  readonly name: string;
  /** A log to watch besides those known already. */
  readonly logKey: string | undefined;
  readonly random: (bytes: number) => Buffer;
}

/**
 * Opens the folder; makes it, with a key, at the first start.
 * @throws Error with a sentence when a key or a kept checkpoint does not read as it was written: a witness that forgot what it
 *   saw is none
 */
export function openWitnessFolder(options: OpenFolderOptions): WitnessFolder {
  const { folder } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const keyFile = join(folder, "witness.key");
  if (!existsSync(keyFile)) {
    keepFile(keyFile, `${options.name}\n${options.random(32).toString("base64")}\n`, 0o600);
  }
  const [name, encoded] = readFileSync(keyFile, "utf8").split("\n");
  const seed = Buffer.from(encoded ?? "", "base64");
  if (!name || seed.length !== 32) throw new Error(`${keyFile} does not hold a witness's key`);
  const { publicKey } = signingKey(seed);

  const logsFile = join(folder, "logs");
  const known = existsSync(logsFile) ? readFileSync(logsFile, "utf8").split("\n").filter(Boolean) : [];
  const logs = new Map<string, Buffer>();
  for (const text of [...known, ...(options.logKey === undefined ? [] : [options.logKey])]) {
    const log = parseVerifierKey(text);
    if (logs.has(log.name) && !logs.get(log.name)?.equals(log.publicKey)) throw new Error(`another key is known for ${log.name}`);
    logs.set(log.name, log.publicKey);
  }
  const verifierKeys = [...logs].map(([origin, key]) => formatVerifierKey(origin, key));
  if (verifierKeys.length > known.length) keepFile(logsFile, verifierKeys.map((key) => `${key}\n`).join(""));

  const fileOf = (origin: string): string => join(folder, `${createHash("sha256").update(origin).digest("hex")}.checkpoint`);
  const last = new Map<string, WitnessedCheckpoint>();
  for (const [origin, key] of logs) {
    if (!existsSync(fileOf(origin))) continue;
    const note = readFileSync(fileOf(origin), "utf8");
    const text = openNote(note, origin, key);
    const split = splitNote(note);
    if (text === undefined || split === undefined || openCosignature(text, split.lines, name, publicKey) === undefined) {
      throw new Error(`${fileOf(origin)} is not as this witness wrote it`);
    }
    last.set(origin, { ...parseCheckpoint(text), note });
  }
  return {
    name,
    seed,
    verifierKey: formatWitnessKey(name, publicKey),
    logs: verifierKeys,
    logOf(origin) {
      const key = logs.get(origin);
      return key && { publicKey: key };
    },
    lastOf: (origin) => last.get(origin),
    keep(checkpoint) {
      keepFile(fileOf(checkpoint.origin), checkpoint.note);
      last.set(checkpoint.origin, checkpoint);
    },
    keepRefused(checkpoint) {
      const refused = readdirSync(folder).filter((file) => file.includes(".refused-")).length;
      const path = fileOf(checkpoint.origin).replace(/checkpoint$/, `refused-${checkpoint.treeSize}.checkpoint`);
      if (refused < mostRefused && !existsSync(path)) keepFile(path, checkpoint.note);
    },
  };
}
