import { Worker } from "node:worker_threads";

/** A sheet of texts. Every cell is text: no number loses its zeros, no date its form, and nothing is a formula. */
export interface Sheet {
  /** At most 31 characters, none of `* ? : \ / [ ]`. */
  readonly name: string;
  /** Header of each column, with its width in characters of the standard font. */
  readonly columns: readonly { readonly header: string; readonly width: number }[];
  readonly rows: readonly (readonly string[])[];
  /** Whether the header row stays while the sheet scrolls and offers filters. */
  readonly isTable: boolean;
}

export interface Workbook {
  readonly sheets: readonly Sheet[];
  readonly at: Date;
  /** Opens it. At most 255 characters. */
  readonly password: string;
}

/**
 * An Excel workbook (ECMA-376), encrypted as a whole with AES-256 ("agile" encryption, [MS-OFFCRYPTO] 2.3.4.10): nothing of it
 * is readable without the password, not even the names of its sheets. Built in memory, in a thread of its own, because the
 * hundred thousand hashes of the password alone take most of a second in which nobody else would be served.
 */
export async function renderWorkbook(given: Workbook): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL("./workbook-thread.ts", import.meta.url), { workerData: given });
    thread.once("message", (bytes: Uint8Array) => resolve(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
    thread.once("error", reject);
    thread.once("exit", (code) => reject(new Error(`making a workbook ended with ${code}`)));
  });
}
