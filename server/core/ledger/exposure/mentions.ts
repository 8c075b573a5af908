import type { EventRow } from "./pack-events.ts";

const hashBytes = 32;

/**
 * Whether an event speaks of one of some records, looking at its packed sections (entries.ts, sections.ts) without taking them
 * apart: most events of the tail do not, and there are thousands of them in every question.
 */
export function mentions({ entries, writes }: Pick<EventRow, "entries" | "writes">, kindNo: number, nos: ReadonlySet<number>): boolean {
  return (entries !== null && inEntries(entries, kindNo, nos)) || (writes !== null && inWrites(writes, kindNo, nos));
}

let at = 0;
function varint(bytes: Buffer): number {
  let byte = bytes[at++]!;
  let value = byte & 0x7f;
  for (let scale = 0x80; byte >= 0x80; scale *= 0x80) {
    byte = bytes[at++]!;
    value += (byte & 0x7f) * scale;
  }
  return value;
}

function inEntries(bytes: Buffer, kindNo: number, nos: ReadonlySet<number>): boolean {
  for (at = 1; at < bytes.length;) {
    const isKind = bytes[at++] === kindNo;
    for (let fields = varint(bytes); fields > 0; fields--) varint(bytes);
    let no = 0;
    for (let left = varint(bytes); left > 0; left--) {
      no += varint(bytes);
      if (isKind && nos.has(no)) return true;
    }
  }
  return false;
}

function inWrites(bytes: Buffer, kindNo: number, nos: ReadonlySet<number>): boolean {
  for (at = 1; at < bytes.length;) {
    const isKind = bytes[at++] === kindNo;
    let no = 0;
    for (let left = varint(bytes); left > 0; left--) {
      const step = varint(bytes);
      no += Math.floor(step / 2);
      if (isKind && nos.has(no)) return true;
      if (step % 2 === 0) at += hashBytes;
    }
  }
  return false;
}
