import { spawnSync } from "node:child_process";

/**
 * The text of a PDF in the order in which it was written, by poppler's `pdftotext`; then once more without any space, so that
 * what was broken into lines or columns is found whole.
 */
export function pdfText(bytes: Buffer): string {
  const { stdout, status, error } = spawnSync("pdftotext", ["-raw", "-enc", "UTF-8", "-", "-"], { input: bytes, encoding: "utf8", maxBuffer: 64 << 20 });
  if (error !== undefined || status !== 0) {
    throw new Error("pdftotext is needed to read what stands in a PDF: apt-get install poppler-utils", { cause: error });
  }
  return `${stdout}\n${stdout.replaceAll(/\s+/gu, "")}`;
}
