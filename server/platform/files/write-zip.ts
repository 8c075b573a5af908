import { PassThrough, Readable } from "node:stream";
import { ZipFile } from "yazl";

/** One file of a zip; its bytes are asked for when its turn comes. */
export interface ZipEntry {
  /** With "/" between folders. */
  readonly path: string;
  readonly open: () => AsyncIterable<Buffer> | Iterable<Buffer>;
  /** False for what does not shrink. */
  readonly isPacked: boolean;
}

/** A zip (APPNOTE 6.3) that is written while it is read; of whatever an entry throws the stream ends with an error. */
export function writeZip(entries: readonly ZipEntry[], at: Date): Readable {
  const zip = new ZipFile();
  const out = new PassThrough();
  const fail = (error: unknown): void => void out.destroy(error instanceof Error ? error : new Error("a zip could not be written"));
  zip.on("error", fail);
  zip.outputStream.on("error", fail);
  for (const entry of entries) {
    zip.addReadStreamLazy(entry.path, { mtime: at, compress: entry.isPacked, mode: 0o100644 }, (take) => {
      const source = Readable.from(entry.open(), { objectMode: false });
      source.on("error", fail);
      take(null, source);
    });
  }
  zip.end();
  return zip.outputStream.pipe(out);
}
