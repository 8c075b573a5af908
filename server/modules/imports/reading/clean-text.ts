import type { RowProblemCode } from "./row-problem.ts";

/** Anything that a plain value never holds: most cells pass this one test and are done. */
// oxlint-disable-next-line no-control-regex no-misleading-character-class -- these characters are what is looked for
const suspicious = /[\u0000-\u001f\u007f-\u00a0\u00ad\u0300-\u036f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3099\u309a\ud800-\udfff\ue000-\uf8ff\ufeff\ufffd]/;
// oxlint-disable-next-line no-control-regex
const control = /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

export type CleanedText = { readonly value: string } | { readonly problem: Extract<RowProblemCode, "control-character" | "broken-character"> };

/**
 * What a cell says without what came along unseen: zero-width characters go, line breaks become LF, kana with separate
 * voicing marks (file names of macOS) are composed. Nothing else is normalised: NFC or NFKC would turn 神 U+FA19, ① and ㈱
 * into other characters.
 * Refused: control characters and reversed writing directions; U+FFFD, lone surrogates and private-use characters
 * (外字, which mean something else on every machine).
 */
export function cleanText(text: string): CleanedText {
  if (!suspicious.test(text)) return { value: text.trim() };
  const value = text
    // oxlint-disable-next-line no-control-regex
    .replace(/\r\n?|[\u000b\u000c\u2028\u2029]/g, "\n")
    .replace(/[\u00ad\u200b\u200e\u200f\u2060\ufeff]/g, "")
    .replace(/\u00a0/g, " ")
    .replace(/.[\u0300-\u036f\u3099\u309a]+/gu, (composed) => composed.normalize("NFC"));
  if (control.test(value)) return { problem: "control-character" };
  if (/[\ue000-\uf8ff\ufffd]/.test(value) || !value.isWellFormed()) return { problem: "broken-character" };
  return { value: value.trim() };
}
