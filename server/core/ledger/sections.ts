import type { LedgerKind, SealedPart, Write } from "./event.ts";
import { fieldClasses } from "#shared/rights.ts";
import { checkNo, kindNoOf, kindOf } from "./entries.ts";
import { createReader, createWriter } from "./packed-bytes.ts";

/**
 * The writes section: one byte of format (1), then groups: kind (1 byte), number of rows (varint), then for each row,
 * ascending: distance to the one before × 2 + (1 when removed) (varint) and, unless removed, its hash (32 bytes).
 * The sealed section: one byte of format (1), then for each part: label (varint length, UTF-8), kind of its subject
 * (1 byte), number (varint), field class (1 byte, as in the blob), blob (varint length, bytes).
 * Both are hashed whole: SHA-256 over the stored bytes stands in the header.
 */
const format = 1;
const writer = createWriter();

/** Packs writes, or undefined when there are none. Of several writes of one row the last counts. */
export function encodeWrites(writes: readonly Write[]): Buffer | undefined {
  if (writes.length === 0) return undefined;
  const byKind = new Map<number, Map<number, Buffer | null>>();
  for (const write of writes) {
    if (write.rowHash !== null && write.rowHash.length !== 32) throw new Error("a row hash has 32 bytes");
    const kindNo = kindNoOf(write.kind);
    const rows = byKind.get(kindNo) ?? new Map<number, Buffer | null>();
    byKind.set(kindNo, rows.set(checkNo(write.no), write.rowHash));
  }
  writer.byte(format);
  for (const kindNo of [...byKind.keys()].sort((a, b) => a - b)) {
    const rows = [...byKind.get(kindNo)!].sort(([a], [b]) => a - b);
    writer.byte(kindNo);
    writer.varint(rows.length);
    let last = 0;
    for (const [no, rowHash] of rows) {
      writer.varint((no - last) * 2 + (rowHash === null ? 1 : 0));
      if (rowHash !== null) writer.bytes(rowHash);
      last = no;
    }
  }
  return writer.take();
}

/** Calls back for each write in stored order; hashes are views into the packed bytes. */
export function scanWrites(packed: Buffer, onWrite: (kind: LedgerKind, no: number, rowHash: Buffer | null) => void): void {
  const reader = createReader(packed);
  if (reader.byte() !== format) throw new Error("writes are of an unknown format");
  while (!reader.isAtEnd()) {
    const kind = kindOf(reader.byte());
    const count = reader.varint();
    let last = 0;
    for (let index = 0; index < count; index++) {
      const step = reader.varint();
      const no = last + Math.floor(step / 2);
      if (index > 0 && no === last) throw new Error("writes name a row twice");
      onWrite(kind, no, step % 2 === 1 ? null : reader.bytes(32));
      last = no;
    }
  }
}

export function decodeWrites(packed: Buffer): Write[] {
  const writes: Write[] = [];
  scanWrites(packed, (kind, no, rowHash) => writes.push({ kind, no, rowHash: rowHash && Buffer.from(rowHash) }));
  return writes;
}

/** Packs sealed parts in the order given, or undefined when there are none. */
export function encodeSealed(parts: readonly SealedPart[]): Buffer | undefined {
  if (parts.length === 0) return undefined;
  writer.byte(format);
  for (const part of parts) {
    const label = Buffer.from(part.label, "utf8");
    writer.varint(label.length);
    writer.bytes(label);
    writer.byte(kindNoOf(part.subject.kind));
    writer.varint(checkNo(part.subject.no));
    writer.byte(fieldClasses.indexOf(part.fieldClass));
    writer.varint(part.blob.length);
    writer.bytes(part.blob);
  }
  return writer.take();
}

export function decodeSealed(packed: Buffer): SealedPart[] {
  const reader = createReader(packed);
  if (reader.byte() !== format) throw new Error("sealed parts are of an unknown format");
  const parts: SealedPart[] = [];
  while (!reader.isAtEnd()) {
    const label = reader.bytes(reader.varint()).toString("utf8");
    const kind = kindOf(reader.byte());
    const no = reader.varint();
    const fieldClass = fieldClasses[reader.byte()];
    if (fieldClass === undefined) throw new Error("a sealed part is of an unknown class");
    parts.push({ label, subject: { kind, no }, fieldClass, blob: Buffer.from(reader.bytes(reader.varint())) });
  }
  return parts;
}
