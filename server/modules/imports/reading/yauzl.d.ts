/** The part of yauzl 3 that this room uses; the package ships no types. */
declare module "yauzl" {
  import type { Readable } from "node:stream";

  export interface Entry {
    readonly fileName: string;
    readonly compressedSize: number;
    readonly uncompressedSize: number;
    isEncrypted(): boolean;
    canDecodeFileData(): boolean;
  }

  export interface ZipFile {
    readonly entryCount: number;
    eachEntry(): AsyncIterable<Entry>;
    openReadStreamPromise(entry: Entry): Promise<Readable>;
    close(): void;
  }

  export class RandomAccessReader {
    _readStreamForRange(start: number, end: number): Readable;
    read(buffer: Buffer, offset: number, length: number, position: number, callback: (error: Error | null) => void): void;
    close(callback: (error?: Error | null) => void): void;
  }

  export function fromRandomAccessReaderPromise(
    reader: RandomAccessReader,
    totalSize: number,
    options: { autoClose: boolean; validateEntrySizes: boolean },
  ): Promise<ZipFile>;
}
