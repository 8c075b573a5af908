import { createHash } from "node:crypto";
import type { SubjectKind } from "#server/core/context/journal.ts";

/** The clear facts and sealed blobs of one row, as they are hashed into the event of each write. */
export interface HashedRow {
  readonly kind: SubjectKind;
  readonly no: number;
  readonly version: number;
  readonly state: string;
  readonly ownerNo: number | null;
  readonly cellNo: number | null;
  readonly companyNo: number | null;
  /** Whether the use of the row is suspended (利用停止). */
  readonly isSuspended?: boolean;
  /** The row that this one was merged into. */
  readonly mergedInto?: number | null;
  readonly blobs: readonly (Buffer | null | undefined)[];
}

/**
 * SHA-256 over a row's clear facts and blobs: 32 bytes. Each part is preceded by its length, so that no two rows share
 * an encoding. The hash stands in the ledger; a sweep compares it with the row (product.md K9).
 */
export function rowHash(row: HashedRow): Buffer {
  const hash = createHash("sha256");
  const facts = ["row-v1", row.kind, row.no, row.version, row.state, row.ownerNo, row.cellNo, row.companyNo];
  const suspended = row.isSuspended === true ? ["suspended"] : [];
  const merged = row.mergedInto === null || row.mergedInto === undefined ? [] : [["merged", row.mergedInto]];
  const head = Buffer.from(JSON.stringify([...facts, ...suspended, ...merged]), "utf8");
  const length = Buffer.alloc(4);
  for (const part of [head, ...row.blobs]) {
    length.writeUInt32BE(part === null || part === undefined ? 0xffffffff : part.length);
    hash.update(length);
    if (part !== null && part !== undefined) {
      hash.update(part);
    }
  }
  return hash.digest();
}
