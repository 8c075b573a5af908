import { open } from "node:fs/promises";
import { BlobRejected } from "#server/core/vault/index.ts";
import { openBytes, sealBytes } from "#server/core/vault/aead.ts";
import { systemRandom } from "#server/core/vault/secret-memory.ts";

/*
 * A data file: magic (13), its id (16), then chunks of a length (4) and a sealed piece (nonce, ciphertext, tag) of at most
 * 1 MiB. Each is sealed under the file's own key (ChaCha20-Poly1305) with magic, id, its number and whether it is the last
 * as additional data, so that chunks can be neither changed, moved, left out nor added, and the end cannot be cut off.
 */
const magic = Buffer.from("kuraban data\n", "latin1");
export const fileIdLength = 16;
const headLength = magic.length + fileIdLength;
const pieceLength = 1 << 20;
const overhead = 28;

/** Seals a stream of bytes into the content of a data file. `key` has 32 bytes and is used for this file alone. */
export async function* sealFile(source: AsyncIterable<Buffer>, key: Buffer, id: Buffer): AsyncGenerator<Buffer> {
  yield Buffer.concat([magic, id]);
  const piece = Buffer.alloc(pieceLength);
  let filled = 0;
  let number = 0;
  const sealPiece = (isLast: boolean): Buffer[] => {
    const sealed = sealBytes(key, piece.subarray(0, filled), additionalOf(id, number, isLast), systemRandom);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(sealed.length);
    number += 1;
    filled = 0;
    return [length, sealed];
  };
  for await (const bytes of source) {
    for (let at = 0; at < bytes.length;) {
      const taken = bytes.copy(piece, filled, at);
      filled += taken;
      at += taken;
      if (filled === pieceLength) yield* sealPiece(false);
    }
  }
  yield* sealPiece(true);
}

/** The id of a data file, or undefined when it is none. */
export async function readFileId(path: string): Promise<Buffer | undefined> {
  const file = await open(path, "r");
  try {
    const head = Buffer.alloc(headLength);
    const { bytesRead } = await file.read(head, 0, headLength, 0);
    return bytesRead === headLength && head.subarray(0, magic.length).equals(magic) ? head.subarray(magic.length) : undefined;
  } finally {
    await file.close();
  }
}

/**
 * Opens the content of a data file; each piece is authentic before it is handed on, but only a walk to the end shows that
 * none is missing.
 * @throws BlobRejected when it was changed, cut off or goes on after its end
 */
export async function* openFile(path: string, key: Buffer): AsyncGenerator<Buffer> {
  const file = await open(path, "r");
  try {
    const head = Buffer.alloc(headLength);
    let at = 0;
    const read = async (into: Buffer): Promise<number> => {
      let filled = 0;
      while (filled < into.length) {
        const { bytesRead } = await file.read(into, filled, into.length - filled, at);
        if (bytesRead === 0) break;
        filled += bytesRead;
        at += bytesRead;
      }
      return filled;
    };
    if ((await read(head)) !== headLength || !head.subarray(0, magic.length).equals(magic)) throw new BlobRejected();
    const id = head.subarray(magic.length);
    const length = Buffer.alloc(4);
    const sealed = Buffer.alloc(pieceLength + overhead);
    const { size } = await file.stat();
    for (let number = 0; ; number += 1) {
      if ((await read(length)) !== 4) throw new BlobRejected();
      const sealedLength = length.readUInt32BE();
      if (sealedLength < overhead || sealedLength > sealed.length) throw new BlobRejected();
      const piece = sealed.subarray(0, sealedLength);
      if ((await read(piece)) !== sealedLength) throw new BlobRejected();
      const isLast = at === size;
      yield openBytes(key, piece, additionalOf(id, number, isLast));
      if (isLast) return;
    }
  } finally {
    await file.close();
  }
}

function additionalOf(id: Buffer, number: number, isLast: boolean): Buffer {
  const counted = Buffer.alloc(9);
  counted.writeBigUInt64BE(BigInt(number));
  counted[8] = isLast ? 1 : 0;
  return Buffer.concat([magic, id, counted]);
}
