/**
 * Whether every text in a parsed request can be stored and said again: whole characters (no half of a surrogate pair) and no
 * U+0000, which no database takes and no file shows.
 */
export function isWellFormed(value: unknown): boolean {
  if (typeof value === "string") {
    return value.isWellFormed() && !value.includes("\0");
  }
  if (Array.isArray(value)) {
    return value.every(isWellFormed);
  }
  return typeof value !== "object" || value === null || Object.entries(value).every(([key, part]) => isWellFormed(key) && isWellFormed(part));
}
