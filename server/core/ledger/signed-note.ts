import { holdsSignature, signingKey } from "./ed25519.ts";
import { sha256 } from "./primitives.ts";

/**
 * Signed notes (C2SP signed-note, as of Go's checksum database): a text ending with a newline, an empty line, and lines
 * "— name base64(key hash ‖ signature)". Ed25519 keys are of type 0x01; the key hash is the first four bytes of
 * SHA-256(name ‖ "\n" ‖ type ‖ public key).
 */
const ed25519Type = 0x01;

export function noteKeyHash(name: string, publicKey: Buffer): Buffer {
  return sha256(Buffer.concat([Buffer.from(`${name}\n`, "utf8"), Buffer.from([ed25519Type]), publicKey])).subarray(0, 4);
}

/** A verifier key as outsiders hold it: name+hash+base64(type ‖ public key). */
export function formatVerifierKey(name: string, publicKey: Buffer): string {
  return `${name}+${noteKeyHash(name, publicKey).toString("hex")}+${Buffer.concat([Buffer.from([ed25519Type]), publicKey]).toString("base64")}`;
}

/** @throws Error when it is no Ed25519 verifier key or its hash does not fit */
export function parseVerifierKey(text: string): { name: string; publicKey: Buffer } {
  const [, name, hash, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const key = Buffer.from(encoded ?? "", "base64");
  if (name === undefined || key.length !== 33 || key[0] !== ed25519Type) throw new Error("not an Ed25519 verifier key");
  const publicKey = key.subarray(1);
  if (noteKeyHash(name, publicKey).toString("hex") !== hash) throw new Error("the verifier key does not fit its hash");
  return { name, publicKey };
}

/** Names stand between spaces and plus signs. */
export function isKeyName(name: string): boolean {
  return name.length > 0 && name.isWellFormed() && !/[\s+]/u.test(name);
}

/** Signs a text that ends with a newline. */
export function signNote(text: string, name: string, seed: Buffer): string {
  if (!text.endsWith("\n") || /[^\P{Cc}\n]/u.test(text)) throw new Error("a note ends with a newline and has no control characters");
  if (!isKeyName(name)) throw new Error("a key name has no spaces and no plus signs");
  const key = signingKey(seed);
  const signature = key.sign(Buffer.from(text, "utf8"));
  return `${text}\n— ${name} ${Buffer.concat([noteKeyHash(name, key.publicKey), signature]).toString("base64")}\n`;
}

/** The text of a note that the key signed, or undefined when it did not. Signatures by other keys are ignored. */
export function openNote(note: string, name: string, publicKey: Buffer): string | undefined {
  const split = note.lastIndexOf("\n\n");
  if (split < 0 || !note.endsWith("\n")) return undefined;
  const text = note.slice(0, split + 1);
  const hash = noteKeyHash(name, publicKey);
  for (const line of note.slice(split + 2, -1).split("\n")) {
    const [, signer, encoded] = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
    if (signer !== name || encoded === undefined) continue;
    const bytes = Buffer.from(encoded, "base64");
    if (!bytes.subarray(0, 4).equals(hash)) continue;
    return holdsSignature(publicKey, Buffer.from(text, "utf8"), bytes.subarray(4)) ? text : undefined;
  }
  return undefined;
}

/** The body of a checkpoint (C2SP tlog-checkpoint): origin, size, root. */
export function formatCheckpoint(origin: string, treeSize: number, rootHash: Buffer): string {
  return `${origin}\n${treeSize}\n${rootHash.toString("base64")}\n`;
}

/** @throws Error when it is no checkpoint */
export function parseCheckpoint(text: string): { origin: string; treeSize: number; rootHash: Buffer } {
  const [origin, size, root] = text.split("\n");
  const rootHash = Buffer.from(root ?? "", "base64");
  if (!origin || !/^(0|[1-9]\d{0,15})$/.test(size ?? "") || rootHash.length !== 32) throw new Error("not a checkpoint");
  return { origin, treeSize: Number(size), rootHash };
}
