import { neutraliseFormula } from "./neutralise-formula.ts";

/**
 * A table as spreadsheet programs of Japan open it by a double click: UTF-8 with a byte order mark, commas, CRLF (RFC 4180).
 * What would be a formula is a text that is none.
 */
export function renderCsv(header: readonly string[], rows: readonly (readonly string[])[]): Buffer {
  return Buffer.from(`\ufeff${[header, ...rows].map((cells) => `${cells.map(cellOf).join(",")}\r\n`).join("")}`);
}

function cellOf(text: string): string {
  const safe = neutraliseFormula(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
