/**
 * Clear facts of a row for which a {@link import("./row-hash.ts").HashedRow} has no place of its own, as one of its blobs: JSON
 * with sorted keys, times as ISO 8601.
 */
export function hashedFacts(facts: Readonly<Record<string, unknown>>): Buffer {
  return Buffer.from(JSON.stringify(plainly(facts)), "utf8");
}

function plainly(value: unknown): unknown {
  if (value instanceof Date) {
    return value.toISOString();
  }
  if (Array.isArray(value)) {
    return value.map(plainly);
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(entries.map(([key, part]) => [key, plainly(part)]));
  }
  return value ?? null;
}
