import { Problem } from "#shared/problems.ts";

/** Why a file as a whole cannot be read. A closed list: the web has a sentence for each. */
export const unreadableReasons = [
  "empty-file",
  "wrong-type",
  "old-excel",
  "excel-binary",
  "open-document",
  "other-zip",
  "encrypted",
  "html",
  "zip-damaged",
  "zip-bomb",
  "xml-malformed",
  "nul-byte",
  "encoding-unknown",
  "too-many-columns",
  "row-too-long",
  "too-many-sheets",
  "no-such-sheet",
] as const;

export type UnreadableReason = (typeof unreadableReasons)[number];

/** The refusal of a whole file: `file-unreadable` (RFC 9457 by the closed list) with the reason and, where known, the row. */
export function unreadable(reason: UnreadableReason, facts: { row?: number; columns?: number } = {}): Problem {
  return new Problem("file-unreadable", { reason, ...facts });
}
