const escapes: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
const cell = (value: string | number | null): string =>
  value === null ? "\\N" : typeof value === "number" ? String(value) : value.replace(/[\\\n\r\t]/g, (one) => escapes[one]!);

/** A line of PostgreSQL's COPY in text format. */
export const copyLine = (cells: readonly (string | number | null)[]): string => `${cells.map(cell).join("\t")}\n`;

/** An array of integers as a cell. */
export const copyArray = (items: readonly number[]): string => `{${items.join()}}`;
