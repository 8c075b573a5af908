import { createHash } from "node:crypto";
import { hashedFacts } from "#server/core/door/index.ts";
import { Problem } from "#shared/problems.ts";
import type { DraftRow } from "./draft-records.ts";
import type { Paper } from "./paper.ts";

/** SHA-256 over sorted keys: found again from what the database gives back. */
export function hashOfContent(content: Paper): Buffer {
  return createHash("sha256").update(hashedFacts({ content })).digest();
}

export function isUnchanged({ content, content_hash }: Pick<DraftRow, "content" | "content_hash">): boolean {
  return hashOfContent(content).equals(content_hash);
}

/**
 * What is judged, and what leaves, is what was made: the content beside its hash may have been changed around the product.
 * @throws Problem conflict {reason: "changed"}
 */
export function demandUnchanged(row: Pick<DraftRow, "content" | "content_hash">): void {
  if (!isUnchanged(row)) throw new Problem("conflict", { reason: "changed" });
}
