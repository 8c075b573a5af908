/**
 * A file whose bytes can be read from anywhere. The stored upload is sealed in chunks, so the caller hands over a
 * reader that opens them; nothing in this room touches a disk.
 */
export interface RandomAccessSource {
  /** Bytes of the whole file. */
  readonly size: number;
  /** Exactly the bytes `[offset, min(offset + length, size))`. */
  read(offset: number, length: number): Promise<Buffer>;
}

const chunkBytes = 128 * 1024;

/** The bytes of a source from `start` to `end` (exclusive), in order, a chunk at a time. */
export async function* streamSource(source: RandomAccessSource, start = 0, end = source.size): AsyncGenerator<Buffer> {
  for (let offset = start; offset < end;) {
    const chunk = await source.read(offset, Math.min(chunkBytes, end - offset));
    if (chunk.length === 0) throw new Error("A source ended before its size");
    yield chunk;
    offset += chunk.length;
  }
}

/** A source over bytes that are in memory already. */
export function sourceOfBuffer(bytes: Buffer): RandomAccessSource {
  return { size: bytes.length, read: (offset, length) => Promise.resolve(bytes.subarray(offset, Math.min(offset + length, bytes.length))) };
}
