import { open } from "node:fs/promises";
import iconv from "iconv-lite";
import type { FieldType } from "#shared/fields.ts";
import type { Sentinel } from "#server/modules/sample/sentinels.ts";

/** How a value was written where it was found. ASCII looks alike in several: the first that fits is named. */
export const forms = ["utf-8", "folded", "cp932", "utf-16le", "utf-16be", "base64", "base64url", "hex", "percent", "json"] as const;
export type Form = (typeof forms)[number];

export interface Finding {
  readonly sentinel: Sentinel;
  readonly form: Form;
  /** Byte at which the recognised part begins. */
  readonly offset: number;
}

export interface Scanner {
  readonly patterns: number;
  readonly longestPattern: number;
  /** Every place where a sentinel stands in these bytes, in order of offset. */
  scan(bytes: Uint8Array): Finding[];
  /** The same for a file of any size, read in pieces of 4 MiB that overlap. */
  scanFile(path: string): Promise<Finding[]>;
}

interface Pattern {
  readonly sentinel: Sentinel;
  readonly form: Form;
  readonly bytes: Uint8Array;
}

/** The spellings of one core: as typed and folded; a phone also with the country code (a leading zero less would be found by chance among digits). */
function spellings(sentinel: Sentinel, fold: (type: FieldType, value: string) => string): { text: string; isFolded: boolean }[] {
  const core = sentinel.core;
  if (core === null) return [];
  const { type } = sentinel;
  const digits = core.replace(/[^0-9]/g, "");
  const folded = type === "phone" ? [digits, digits.replace(/^0/, "81")] : [fold(type, core)];
  if (folded.some((text) => text.length < 5)) throw new Error(`the folded core of ${sentinel.kind}.${sentinel.field} is too short to be recognised`);
  return [{ text: core, isFolded: false }, ...folded.filter((text) => text !== core).map((text) => ({ text, isFolded: true }))];
}

/** Base64 of bytes that stand `shift` bytes into a group of three, without the characters that neighbours have a part in. */
function shiftedBase64(bytes: Uint8Array, shift: 0 | 1 | 2): string {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
  return text.slice([0, 2, 3][shift]!, Math.floor(((shift + bytes.length) * 8) / 6));
}

function* writings(text: string, isFolded: boolean): Generator<readonly [Form, Uint8Array]> {
  const utf8 = Buffer.from(text, "utf8");
  yield [isFolded ? "folded" : "utf-8", utf8];
  const cp932 = iconv.encode(text, "cp932");
  if (iconv.decode(cp932, "cp932") === text) yield ["cp932", cp932];
  const utf16 = Buffer.from(text, "utf16le");
  yield ["utf-16le", utf16];
  yield ["utf-16be", Buffer.from(utf16).swap16()];
  for (const shift of [0, 1, 2] as const) {
    const base64 = shiftedBase64(utf8, shift);
    yield ["base64", Buffer.from(base64)];
    yield ["base64url", Buffer.from(base64.replaceAll("+", "-").replaceAll("/", "_"))];
  }
  const hex = utf8.toString("hex");
  yield ["hex", Buffer.from(hex)];
  yield ["hex", Buffer.from(hex.toUpperCase())];
  const percent = encodeURIComponent(text);
  yield ["percent", Buffer.from(percent)];
  yield ["percent", Buffer.from(percent.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()))];
  const json = text.replace(/[^\u0020-\u007e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  yield ["json", Buffer.from(json)];
  yield ["json", Buffer.from(json.replace(/\\u[0-9a-f]{4}/g, (escape) => `\\u${escape.slice(2).toUpperCase()}`))];
}

/**
 * A scanner for all forms of all sentinels at once: Wu and Manber's search (TR-94-17, University of Arizona) with blocks
 * of three bytes, so that most bytes are skipped. `fold` is the product's own folding.
 */
export function buildScanner(sentinels: readonly Sentinel[], fold: (type: FieldType, value: string) => string): Scanner {
  const known = new Map<string, Pattern>();
  for (const sentinel of sentinels) {
    for (const { text, isFolded } of spellings(sentinel, fold)) {
      for (const [form, bytes] of writings(text, isFolded)) {
        const key = Buffer.from(bytes).toString("latin1");
        const other = known.get(key);
        if (other === undefined) known.set(key, { sentinel, form, bytes });
        else if (other.sentinel !== sentinel) {
          throw new Error(
            `two sentinels look the same: ${other.sentinel.kind} ${other.sentinel.index} ${other.sentinel.field} and ${sentinel.kind} ${sentinel.index} ${sentinel.field}`,
          );
        }
      }
    }
  }
  const patterns = [...known.values()];
  if (patterns.length === 0) throw new Error("nothing to look for");
  const shortest = patterns.reduce((least, { bytes }) => Math.min(least, bytes.length), Infinity);
  const longestPattern = patterns.reduce((most, { bytes }) => Math.max(most, bytes.length), 0);

  // How far the window may move when its last three bytes are these: as far as the next place where a pattern has them.
  const farthest = shortest - 2;
  const shifts = new Uint8Array(1 << 24).fill(Math.min(farthest, 255));
  // Chains of patterns by a hash of their first `shortest` bytes.
  let bits = 10;
  while (1 << bits < patterns.length * 4) bits += 1;
  const heads = new Int32Array(1 << bits).fill(-1);
  const nexts = new Int32Array(patterns.length).fill(-1);
  const hashAt = (bytes: Uint8Array, from: number): number => {
    let hash = 0x811c9dc5;
    for (let at = from; at < from + shortest; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
    return (hash ^ (hash >>> 15)) >>> (32 - bits);
  };
  patterns.forEach(({ bytes }, id) => {
    for (let end = 2; end < shortest; end += 1) {
      const block = (bytes[end - 2]! << 16) | (bytes[end - 1]! << 8) | bytes[end]!;
      const shift = shortest - 1 - end;
      if (shift < shifts[block]!) shifts[block] = shift;
    }
    const slot = hashAt(bytes, 0);
    nexts[id] = heads[slot]!;
    heads[slot] = id;
  });

  const scanFrom = (bytes: Uint8Array, base: number, before: number, findings: Finding[]): void => {
    let end = shortest - 1;
    while (end < bytes.length) {
      const shift = shifts[(bytes[end - 2]! << 16) | (bytes[end - 1]! << 8) | bytes[end]!]!;
      if (shift > 0) {
        end += shift;
        continue;
      }
      const start = end - shortest + 1;
      for (let id = heads[hashAt(bytes, start)]!; id >= 0; id = nexts[id]!) {
        const pattern = patterns[id]!;
        const length = pattern.bytes.length;
        if (start + length > bytes.length || start + length <= before) continue;
        let at = 0;
        while (at < length && bytes[start + at] === pattern.bytes[at]) at += 1;
        if (at === length) findings.push({ sentinel: pattern.sentinel, form: pattern.form, offset: base + start });
      }
      end += 1;
    }
  };

  return {
    patterns: patterns.length,
    longestPattern,
    scan: (bytes) => {
      const findings: Finding[] = [];
      scanFrom(bytes, 0, 0, findings);
      return findings;
    },
    scanFile: async (path) => {
      const findings: Finding[] = [];
      const overlap = longestPattern - 1;
      const buffer = Buffer.alloc((4 << 20) + overlap);
      const file = await open(path);
      try {
        let kept = 0;
        let base = 0;
        for (;;) {
          const { bytesRead } = await file.read(buffer, kept, 4 << 20);
          if (bytesRead === 0) return findings;
          const filled = kept + bytesRead;
          // What ended inside the kept part was found in the piece before.
          scanFrom(buffer.subarray(0, filled), base, kept, findings);
          const keep = Math.min(overlap, filled);
          buffer.copyWithin(0, filled - keep, filled);
          base += filled - keep;
          kept = keep;
        }
      } finally {
        await file.close();
      }
    },
  };
}
