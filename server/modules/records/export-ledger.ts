import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { createGzip } from "node:zlib";
import { exportLines, type ExportOptions } from "./export-lines.ts";

/** The one-file verifier, as it goes with every export. */
export const verifierPath = fileURLToPath(new URL("../../../verifier/kuraban-verify.mjs", import.meta.url));

/** The verifier's text and its SHA-256 in hexadecimal, to be told by another way than the file. */
export function readVerifier(): { readonly bytes: Buffer; readonly sha256: string } {
  const bytes = readFileSync(verifierPath);
  return { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** The whole export in pieces of a few hundred events. Its last line holds the SHA-256 of all bytes before that line. */
export async function* exportLedger(options: ExportOptions): AsyncGenerator<Buffer> {
  const hash = createHash("sha256");
  for await (const lines of exportLines(options)) {
    if (lines === "") continue;
    if (lines.startsWith('["end",')) {
      yield Buffer.from(`${lines}"${hash.digest("base64")}"]\n`);
      return;
    }
    const bytes = Buffer.from(lines);
    hash.update(bytes);
    yield bytes;
  }
}

/** {@link exportLedger} as a stream, packed by gzip where asked. */
export function streamExport(options: ExportOptions & { readonly isPacked: boolean }): Readable {
  const lines = Readable.from(exportLedger(options), { objectMode: false, highWaterMark: 1 << 20 });
  if (!options.isPacked) return lines;
  // Hashes and ciphertext do not shrink: more effort than the least would be wasted.
  const packed = createGzip({ level: 1, chunkSize: 1 << 17 });
  lines.on("error", (error) => packed.destroy(error));
  packed.on("close", () => lines.destroy());
  return lines.pipe(packed);
}
