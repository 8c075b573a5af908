import { Chacha20Poly1305 } from "@hpke/chacha20poly1305";
import { CipherSuite, DhkemP256HkdfSha256, HkdfSha256 } from "@hpke/core";
import { createHash, hkdfSync } from "node:crypto";
import { BlobRejected } from "./blob.ts";
import { readRecoveryText, RecoveryKeyRejected, recoverySeedLength, writeRecoveryText } from "./recovery-text.ts";
import { systemRandom, wipe } from "./secret-memory.ts";

/*
 * A key backup: magic (20), fingerprint of the public key (8), the encapsulated key (65), the ciphertext. HPKE in base
 * mode (RFC 9180, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, ChaCha20Poly1305), with magic and fingerprint as additional data.
 */
const magic = Buffer.from("kuraban key backup\n\u0001", "latin1");
const fingerprintLength = 8;
const encapsulatedLength = 65;
const headLength = magic.length + fingerprintLength;

const kem = new DhkemP256HkdfSha256();
const suite = new CipherSuite({ kem, kdf: new HkdfSha256(), aead: new Chacha20Poly1305() });

/**
 * A new recovery key: `text` to print once (8 groups of 5 characters, 160 random bits), `publicKey` (65 bytes, SEC 1
 * uncompressed) to keep: it seals key backups and opens none.
 */
export async function newRecoveryKey(fillRandom: (into: Buffer) => void = systemRandom): Promise<{ text: string; publicKey: Buffer }> {
  const seed = Buffer.alloc(recoverySeedLength);
  fillRandom(seed);
  const text = writeRecoveryText(seed);
  wipe(seed);
  return { text, publicKey: await publicKeyOf(text) };
}

/** The public key of a typed recovery key. Throws RecoveryKeyRejected naming the group with the typing error. */
export async function publicKeyOf(recoveryKeyText: string): Promise<Buffer> {
  const pair = await keyPairOf(recoveryKeyText);
  return Buffer.from(await kem.serializePublicKey(pair.publicKey));
}

/** Seals keys to a recovery key. The same `info` must be given to open them. Throws when the public key is none. */
export async function sealKeyBackup(publicKey: Buffer, bytes: Buffer, info: string): Promise<Buffer> {
  const head = Buffer.concat([magic, fingerprintOf(publicKey)]);
  const sender = await suite.createSenderContext({ recipientPublicKey: await kem.deserializePublicKey(bytesOf(publicKey)), info: bytesOf(Buffer.from(info)) });
  const sealed = await sender.seal(bytesOf(bytes), bytesOf(head));
  return Buffer.concat([head, Buffer.from(sender.enc), Buffer.from(sealed)]);
}

/** Throws RecoveryKeyRejected (a typing error, or another key), or BlobRejected when the file is damaged or of another `info`. */
export async function openKeyBackup(recoveryKeyText: string, sealed: Buffer, info: string): Promise<Buffer> {
  const pair = await keyPairOf(recoveryKeyText);
  const head = sealed.subarray(0, headLength);
  if (sealed.length < headLength + encapsulatedLength + 16 || !head.subarray(0, magic.length).equals(magic)) throw new BlobRejected();
  const publicKey = Buffer.from(await kem.serializePublicKey(pair.publicKey));
  if (!fingerprintOf(publicKey).equals(head.subarray(magic.length))) throw new RecoveryKeyRejected({ what: "other-key" });
  try {
    const recipient = await suite.createRecipientContext({
      recipientKey: pair,
      enc: bytesOf(sealed.subarray(headLength, headLength + encapsulatedLength)),
      info: bytesOf(Buffer.from(info)),
    });
    return Buffer.from(await recipient.open(bytesOf(sealed.subarray(headLength + encapsulatedLength)), bytesOf(head)));
  } catch {
    throw new BlobRejected();
  }
}

async function keyPairOf(recoveryKeyText: string): Promise<Awaited<ReturnType<typeof kem.deriveKeyPair>>> {
  const seed = readRecoveryText(recoveryKeyText);
  const material = new Uint8Array(hkdfSync("sha256", seed, Buffer.alloc(0), "kuraban recovery key 1", 32));
  const pair = await kem.deriveKeyPair(bytesOf(Buffer.from(material.buffer)));
  wipe(seed, material);
  return pair;
}

function fingerprintOf(publicKey: Buffer): Buffer {
  return createHash("sha256").update("kuraban recovery key 1").update(publicKey).digest().subarray(0, fingerprintLength);
}

/** Bytes of their own: WebCrypto takes whole buffers, and a Node buffer may be a piece of a shared one. */
function bytesOf(buffer: Buffer): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer);
}
