import type { CustomerRow } from "./customer-records.ts";

/**
 * Many rows as one value: a row of its own with a dozen columns costs twice as much to receive. A frame is seven int4 (number,
 * owner, cell, company, version, merged into; −1: none; then the state with 4 more where use is suspended), the time of the
 * last change (float8, ms since 1970), a length (int4; −1: null) for each of the columns asked for, and those blobs.
 */
export function framesOf(sealedColumns: readonly string[]): string {
  const clear = ["customer_no", "coalesce(owner_no, -1)", "cell_no", "coalesce(company_no, -1)", "version", "coalesce(merged_into, -1)"];
  const standing = "case state when 'active' then 0 when 'trashed' then 1 else 2 end + case when use_suspended_at is null then 0 else 4 end";
  const parts = [
    ...[...clear, standing].map((number) => `int4send(${number})`),
    "float8send((extract(epoch from updated_at) * 1000)::float8)",
    ...sealedColumns.map((column) => `int4send(coalesce(octet_length(${column}), -1))`),
    ...sealedColumns.map((column) => `coalesce(${column}, '')`),
  ];
  // Text, because pg reads bytea as hexadecimal.
  return `encode(string_agg(${parts.join(" || ")}, ''::bytea), 'base64')`;
}

export type PackedRow = Omit<CustomerRow, "record" | "updatedAt"> & { readonly updatedMs: number; readonly blobs: readonly (Buffer | null)[] };

const states = ["active", "trashed", "merged"] as const;
const clearBytes = 7 * 4 + 8;
const noneIfNegative = (number: number): number | null => (number < 0 ? null : number);

/** The rows in the frames; blobs are views, in the order of the columns. */
export function readFrames(text: string, columns: number): PackedRow[] {
  const frames = Buffer.from(text, "base64");
  const rows: PackedRow[] = [];
  for (let at = 0; at < frames.length;) {
    const standing = frames.readInt32BE(at + 24);
    const blobs: (Buffer | null)[] = [];
    let from = at + clearBytes + columns * 4;
    for (let column = 0; column < columns; column += 1) {
      const length = frames.readInt32BE(at + clearBytes + column * 4);
      blobs.push(length < 0 ? null : frames.subarray(from, from + length));
      from += Math.max(0, length);
    }
    rows.push({
      customerNo: frames.readInt32BE(at),
      ownerNo: noneIfNegative(frames.readInt32BE(at + 4)),
      cellNo: frames.readInt32BE(at + 8),
      companyNo: noneIfNegative(frames.readInt32BE(at + 12)),
      version: frames.readInt32BE(at + 16),
      mergedInto: noneIfNegative(frames.readInt32BE(at + 20)),
      state: states[standing & 3]!,
      isSuspended: (standing & 4) !== 0,
      updatedMs: frames.readDoubleBE(at + 28),
      blobs,
    });
    at = from;
  }
  return rows;
}
