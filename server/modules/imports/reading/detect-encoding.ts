import iconv from "iconv-lite";
import { unreadable } from "./unreadable.ts";

const textEncodings = ["ascii", "utf-8", "utf-16le", "utf-16be", "cp932", "euc-jp"] as const;
export type TextEncoding = (typeof textEncodings)[number];

export interface DetectedEncoding {
  readonly encoding: TextEncoding;
  /** Bytes of the byte order mark to leave out. */
  readonly markBytes: number;
}

/**
 * Guess how text is encoded from its first bytes (64 KiB after the first byte above 0x7F are plenty).
 * `ascii` means that nothing speaks for any encoding yet. A few broken bytes do not change the answer: they decode to
 * U+FFFD and are reported with their cell later.
 * @throws Problem file-unreadable: `nul-byte`, or `encoding-unknown` when no candidate makes sense (ISO-2022-JP included).
 */
export function detectEncoding(sample: Buffer): DetectedEncoding {
  if (sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf) return { encoding: "utf-8", markBytes: 3 };
  if (sample[0] === 0xff && sample[1] === 0xfe) return { encoding: "utf-16le", markBytes: 2 };
  if (sample[0] === 0xfe && sample[1] === 0xff) return { encoding: "utf-16be", markBytes: 2 };
  if (sample.includes(0)) return { encoding: detectUtf16(sample), markBytes: 0 };
  if (sample.includes("\u001b$", 0, "latin1")) throw unreadable("encoding-unknown");
  if (!hasHighByte(sample)) return { encoding: "ascii", markBytes: 0 };
  return { encoding: detectMultibyte(withoutCutTail(sample)), markBytes: 0 };
}

/** Whether any byte lies above 0x7F. */
export function hasHighByte(bytes: Buffer): boolean {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] as number) > 0x7f) return true;
  return false;
}

/** Line feed, carriage return, comma, tab: bytes that text of any encoding has many of. */
const frequent: ReadonlySet<number> = new Set([0x0a, 0x0d, 0x2c, 0x09]);

/**
 * A NUL is legal only as the upper half of a UTF-16 unit. Then NULs stand on one side alone, and delimiters and line ends
 * stand beside one (the odd 上 U+4E0A aside).
 */
function detectUtf16(sample: Buffer): TextEncoding {
  const nuls = [0, 0];
  const paired = [0, 0];
  let lone = 0;
  for (let i = 0; i < sample.length; i++) {
    const byte = sample[i] as number;
    if (byte === 0) nuls[i % 2]!++;
    else if (frequent.has(byte)) {
      if (sample[i ^ 1] === 0) paired[i % 2]!++;
      else lone++;
    }
  }
  const [even = 0, odd = 0] = nuls;
  const isLittle = odd > even * 20;
  const isBig = even > odd * 20;
  const marks = (isLittle ? paired[0] : paired[1]) as number;
  if ((isLittle || isBig) && marks > lone * 4) return isLittle ? "utf-16le" : "utf-16be";
  throw unreadable("nul-byte");
}

/** The sample may end inside a character; up to the last line feed it cannot. */
function withoutCutTail(sample: Buffer): Buffer {
  const end = Math.max(sample.lastIndexOf(0x0a), sample.lastIndexOf(0x0d));
  const whole = sample.subarray(0, end + 1);
  return hasHighByte(whole) ? whole : sample;
}

interface Judgement {
  readonly expected: number;
  readonly halfWidth: number;
  readonly broken: number;
  readonly kana: number;
  readonly total: number;
  readonly score: number;
}

const expectedCharacter =
  /[\u3001-\u3002\u3005-\u3007\u300c-\u300f\u3012\u3041-\u309e\u30a1-\u30fe\u4e00-\u9fff\uf900-\ufaff\uff01-\uff5e\u2460-\u2473\u3231\u3232\u{20000}-\u{2ffff}]/gu;
const kanaCharacter = /[\u3041-\u309e\u30a1-\u30fe]/g;
const halfWidthCharacter = /[\uff61-\uff9f]/g;

function judge(sample: Buffer, encoding: string): Judgement {
  // oxlint-disable-next-line no-control-regex -- everything of ASCII says nothing about the encoding
  const text = iconv.decode(sample, encoding).replace(/[\u0000-\u007f\u3000]+/g, "");
  const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  const broken = count(/[\ufffd\u0080-\u009f]/g);
  const expected = count(expectedCharacter);
  const halfWidth = count(halfWidthCharacter);
  const total = Math.max(1, [...text].length);
  const odd = total - broken - expected - halfWidth;
  return { expected, halfWidth, broken, kana: count(kanaCharacter), total, score: (expected + halfWidth / 2 - 2 * broken - odd / 2) / total };
}

function detectMultibyte(sample: Buffer): TextEncoding {
  const utf8 = judge(sample, "utf-8");
  const cp932 = judge(sample, "cp932");
  // Half-width kana in CP932 (ﾂｱ = C2 B1) may happen to be valid UTF-8 (±); Japanese text decides.
  if (utf8.broken === 0 && (utf8.expected > 0 || cp932.broken > 0 || cp932.expected + cp932.halfWidth === 0)) return "utf-8";
  if (utf8.broken > 0 && utf8.broken * 20 <= utf8.total && utf8.score >= cp932.score) return "utf-8";
  const euc = judge(sample, "euc-jp");
  // Half-width kana in CP932 read as EUC-JP give rare kanji but hardly ever kana.
  if (euc.broken * 20 <= euc.total && euc.kana * 10 >= euc.expected && euc.score > cp932.score && euc.score > utf8.score) return "euc-jp";
  const [encoding, best] = utf8.score > cp932.score ? (["utf-8", utf8] as const) : (["cp932", cp932] as const);
  if (best.total >= 8 && best.broken * 5 >= best.total) throw unreadable("encoding-unknown");
  return encoding;
}
