/** The part of pg-copy-streams that is used; the package ships no types. Both are handed to `client.query`. */
declare module "pg-copy-streams" {
  import type { Readable, Writable } from "node:stream";
  import type { Submittable } from "pg";
  /** What the server sends for `copy … to stdout`. */
  export function to(text: string): Readable & Submittable & { readonly rowCount: number };
  /** Takes what `copy … from stdin` reads. */
  export function from(text: string): Writable & Submittable & { readonly rowCount: number };
}
