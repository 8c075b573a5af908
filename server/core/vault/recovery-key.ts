/** What is wrong with a typed recovery key. */
export type RecoveryKeyFault =
  | { readonly what: "length"; readonly groups: number; readonly expected: number }
  | { readonly what: "character"; readonly group: number }
  | { readonly what: "check"; readonly group: number };

/** Sentences for the person who types the key. Groups are counted from 1. Never holds the key itself. */
export class RecoveryKeyRejected extends Error {
  readonly fault: RecoveryKeyFault | { readonly what: "other-key" };
  readonly ja: string;
  readonly en: string;
  constructor(fault: RecoveryKeyRejected["fault"], sentences: { ja: string; en: string }) {
    super(sentences.en);
    this.name = "RecoveryKeyRejected";
    this.fault = fault;
    this.ja = sentences.ja;
    this.en = sentences.en;
  }
}

/** A new recovery key: `text` to print once (8 groups of 5 characters), `publicKey` (65 bytes) to keep. */
export async function newRecoveryKey(fillRandom?: (into: Buffer) => void): Promise<{ text: string; publicKey: Buffer }> {
  throw new Error("to be written" + String(fillRandom));
}
/** Throws RecoveryKeyRejected naming the group with the typing error. */
export async function publicKeyOf(recoveryKeyText: string): Promise<Buffer> {
  throw new Error("to be written" + recoveryKeyText.length);
}
/** Seals a key backup to the recovery key (RFC 9180: DHKEM P-256, HKDF-SHA256, ChaCha20-Poly1305). `info` must be given again to open. */
export async function sealKeyBackup(publicKey: Buffer, bytes: Buffer, info: string): Promise<Buffer> {
  throw new Error("to be written" + publicKey.length + bytes.length + info);
}
/** Throws RecoveryKeyRejected (a typing error, or another key), or BlobRejected when the file is damaged beyond its header. */
export async function openKeyBackup(recoveryKeyText: string, sealed: Buffer, info: string): Promise<Buffer> {
  throw new Error("to be written" + recoveryKeyText.length + sealed.length + info);
}
