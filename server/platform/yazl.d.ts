/** The part of yazl that is used; the package ships no types. */
declare module "yazl" {
  import type { Readable } from "node:stream";
  import type { EventEmitter } from "node:events";
  export class ZipFile extends EventEmitter {
    readonly outputStream: Readable;
    /** The stream is asked for when its turn comes. */
    addReadStreamLazy(
      path: string,
      options: { readonly mtime?: Date; readonly compress?: boolean; readonly mode?: number },
      open: (take: (error: unknown, stream?: Readable) => void) => void,
    ): void;
    end(): void;
  }
}
