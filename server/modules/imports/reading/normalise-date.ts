import { readDate } from "#shared/read-date.ts";
import { writeExcelDate } from "./excel-date.ts";

/**
 * A date in a cell as ISO 8601: as people write it, or the serial of a spreadsheet (five digits: May 1927 to 2099; four
 * would be a year). `undefined` for what is neither.
 */
export function normaliseDate(text: string, is1904 = false): string | undefined {
  const date = readDate(text);
  if (date !== undefined) return date;
  const folded = text.normalize("NFKC").trim();
  const isSerial = /^\d{5}(?:\.\d+)?$/.test(folded) && Number(folded) >= 10_000 && Number(folded) < 73_051;
  return isSerial ? writeExcelDate(Math.floor(Number(folded)), is1904) : undefined;
}
