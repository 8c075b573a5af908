import { Readable } from "node:stream";
import { fromRandomAccessReaderPromise, RandomAccessReader, type Entry, type ZipFile } from "yauzl";
import { Problem } from "#shared/problems.ts";
import { streamSource, type RandomAccessSource } from "./random-access-source.ts";
import { unreadable } from "./unreadable.ts";

const maxEntries = 10_000;
/** Deflate ends at 1,032 : 1. Real sheets reach about 60 : 1, sheets of formatted empty rows 150 : 1. */
const maxRatio = 300;
const freeBytes = 16 * 1024 * 1024;
const maxPartBytes = 8 * 1024 * 1024 * 1024;

export interface ZipParts {
  has(name: string): boolean;
  /** Uncompressed bytes as the directory says; reading stops when a part holds more. */
  sizeOf(name: string): number;
  /** The bytes of one part. @throws Problem file-unreadable `zip-damaged`, or what the source threw */
  read(name: string): AsyncGenerator<Buffer>;
  close(): void;
}

/**
 * Open a zip for reading parts by name with bounded memory.
 * Guards against zip bombs: number of entries, ratio and size of each part that is read (the directory's sizes are
 * enforced while reading, so they cannot lie).
 * @param mostPartBytes uncompressed bytes of a part beyond which it is a bomb, whatever it is packed to
 * @throws Problem file-unreadable `zip-damaged`, `zip-bomb`, `encrypted`
 */
export async function openZip(source: RandomAccessSource, mostPartBytes = maxPartBytes): Promise<ZipParts> {
  const failure: { error?: unknown } = {};
  const translate = (error: unknown): unknown => {
    if (failure.error !== undefined) return failure.error;
    return error instanceof Problem ? error : unreadable("zip-damaged");
  };
  const parts = new Map<string, Entry>();
  let zip: ZipFile;
  try {
    zip = await fromRandomAccessReaderPromise(new SourceReader(source, failure), source.size, { autoClose: false, validateEntrySizes: true });
    if (zip.entryCount > maxEntries) throw unreadable("zip-bomb");
    for await (const entry of zip.eachEntry()) parts.set(entry.fileName.toLowerCase(), entry);
  } catch (error) {
    throw translate(error);
  }

  async function* read(name: string): AsyncGenerator<Buffer> {
    const entry = parts.get(name.toLowerCase());
    if (entry === undefined) throw unreadable("zip-damaged");
    if (entry.isEncrypted()) throw unreadable("encrypted");
    if (!entry.canDecodeFileData()) throw unreadable("zip-damaged");
    const isBomb = entry.uncompressedSize > mostPartBytes || (entry.uncompressedSize > freeBytes && entry.uncompressedSize > entry.compressedSize * maxRatio);
    if (isBomb) throw unreadable("zip-bomb");
    let stream: Readable | undefined;
    try {
      stream = await zip.openReadStreamPromise(entry);
      for await (const chunk of stream) yield chunk as Buffer;
    } catch (error) {
      throw translate(error);
    } finally {
      stream?.destroy();
    }
  }

  return {
    has: (name) => parts.has(name.toLowerCase()),
    sizeOf: (name) => parts.get(name.toLowerCase())?.uncompressedSize ?? 0,
    read,
    close: () => zip.close(),
  };
}

/** yauzl asks for a subclass. An error of the source itself is kept apart: it must not be taken for a damaged file. */
class SourceReader extends RandomAccessReader {
  readonly #source: RandomAccessSource;
  readonly #failure: { error?: unknown };

  constructor(source: RandomAccessSource, failure: { error?: unknown }) {
    super();
    this.#source = source;
    this.#failure = failure;
  }

  override _readStreamForRange(start: number, end: number): Readable {
    const stream = Readable.from(streamSource(this.#source, start, end), { objectMode: false });
    stream.on("error", (error) => (this.#failure.error ??= error));
    return stream;
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null) => void): void {
    this.#source.read(position, length).then(
      (bytes) => {
        bytes.copy(buffer, offset);
        callback(bytes.length < length ? new Error("unexpected end of file") : null);
      },
      (error: unknown) => {
        this.#failure.error ??= error;
        callback(error instanceof Error ? error : new Error("source failed"));
      },
    );
  }
}
