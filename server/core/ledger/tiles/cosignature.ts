import { holdsSignature, signingKey } from "../ed25519.ts";
import { primitives } from "../primitives.ts";

/**
 * Cosignatures of witnesses (C2SP tlog-cosignature, cosignature/v1): a line of a signed note whose key is of type 0x04 and
 * whose signature is a POSIX time (64 bits) and an Ed25519 signature over "cosignature/v1\ntime N\n" and the note's text.
 */
const cosignatureType = 0x04;

function keyHash(name: string, publicKey: Buffer): Buffer {
  const out = Buffer.allocUnsafe(32);
  primitives.crypto_hash_sha256(out, Buffer.concat([Buffer.from(`${name}\n`, "utf8"), Buffer.from([cosignatureType]), publicKey]));
  return out.subarray(0, 4);
}

/** What a log is told of a witness: name+hash+base64(type ‖ public key). */
export function formatWitnessKey(name: string, publicKey: Buffer): string {
  return `${name}+${keyHash(name, publicKey).toString("hex")}+${Buffer.concat([Buffer.from([cosignatureType]), publicKey]).toString("base64")}`;
}

/** Undefined when it is no Ed25519 key of a witness or its hash does not fit. */
export function parseWitnessKey(text: string): { readonly name: string; readonly publicKey: Buffer } | undefined {
  const [, name, hash, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? [];
  const key = Buffer.from(encoded ?? "", "base64");
  if (name === undefined || key.length !== 33 || key[0] !== cosignatureType) return undefined;
  const publicKey = key.subarray(1);
  return keyHash(name, publicKey).toString("hex") === hash ? { name, publicKey } : undefined;
}

function messageOf(text: string, time: bigint): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${time}\n${text}`, "utf8");
}

/** The line by which a witness says that it saw this checkpoint, and none that does not fit it; without a newline. */
export function cosign(text: string, name: string, seed: Buffer, now: Date): string {
  const time = BigInt(Math.floor(now.getTime() / 1000));
  const key = signingKey(seed);
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(time);
  return `— ${name} ${Buffer.concat([keyHash(name, key.publicKey), stamp, key.sign(messageOf(text, time))]).toString("base64")}`;
}

/** When the witness cosigned, by the first line that is its own and holds; undefined when none does. Lines of others are ignored. */
export function openCosignature(
  text: string,
  lines: readonly string[],
  name: string,
  publicKey: Buffer,
): { readonly line: string; readonly at: Date } | undefined {
  const hash = keyHash(name, publicKey);
  for (const line of lines) {
    const [, signer, encoded] = /^— ([^\s+]+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? [];
    const bytes = Buffer.from(encoded ?? "", "base64");
    if (signer !== name || bytes.length !== 76 || !bytes.subarray(0, 4).equals(hash)) continue;
    const time = bytes.readBigUInt64BE(4);
    if (time === 0n || time > 253_402_300_799n || !holdsSignature(publicKey, messageOf(text, time), bytes.subarray(12))) continue;
    return { line, at: new Date(Number(time) * 1000) };
  }
  return undefined;
}

/** Text and signature lines of a signed note; undefined when it is none. */
export function splitNote(note: string): { readonly text: string; readonly lines: readonly string[] } | undefined {
  const split = note.lastIndexOf("\n\n");
  if (split < 0 || !note.endsWith("\n")) return undefined;
  const lines = note.slice(split + 2, -1).split("\n");
  return lines.every((line) => line.startsWith("— ")) ? { text: note.slice(0, split + 1), lines } : undefined;
}
