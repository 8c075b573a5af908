import { StringDecoder } from "node:string_decoder";
import { Problem } from "#shared/problems.ts";
import { maxCellLength } from "./source-row.ts";
import { createXmlScanner, decodeXmlText } from "./scan-xml.ts";
import { unreadable } from "./unreadable.ts";

/** UTF-8 bytes of all shared strings together; more is refused, because a spill to disk would leave values unsealed. */
const maxBytes = 256 * 1024 * 1024;
const pageBytes = 1024 * 1024;
const cacheSlots = 16 * 1024;

export interface SharedStrings {
  readonly count: number;
  /** Bytes held outside the JavaScript heap. */
  readonly bytes: number;
  /** @throws Problem file-unreadable `xml-malformed` for an index that does not exist */
  at(index: number): string;
}

/**
 * The shared strings of a workbook, kept as UTF-8 in pages outside the heap: a million names of 20 characters take
 * about 70 MB. Rich text is joined, phonetic runs (`rPh`) are left out.
 * @throws Problem file-too-large beyond 256 MiB of text; file-unreadable `xml-malformed`
 */
export async function readSharedStrings(chunks: AsyncIterable<Buffer>): Promise<SharedStrings> {
  const store = createStringStore();
  let isText = false;
  let phonetic = 0;
  let value = "";
  const scanner = createXmlScanner({
    open(name) {
      if (name === "si") value = "";
      else if (name === "rPh") phonetic++;
      else if (name === "t") isText = phonetic === 0;
    },
    close(name) {
      if (name === "si") store.add(decodeEscapes(value));
      else if (name === "rPh") phonetic--;
      else if (name === "t") isText = false;
    },
    text(piece, isLiteral) {
      if (isText && value.length <= maxCellLength) value += isLiteral ? piece : decodeXmlText(piece);
    },
  });
  const decoder = new StringDecoder("utf8");
  for await (const chunk of chunks) scanner.write(decoder.write(chunk));
  scanner.end();
  return store.finish();
}

/** ECMA-376 22.9.2.19 ST_Xstring: `_x000D_` stands for the character of that code. */
export function decodeEscapes(text: string): string {
  return text.includes("_x") ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : text;
}

interface StringStore {
  add(text: string): void;
  finish(): SharedStrings;
}

function createStringStore(): StringStore {
  const pages: Buffer[] = [];
  let used = pageBytes;
  let total = 0;
  let count = 0;
  /** Of string i: page × pageBytes + offset at 2i (as page, offset packed in a double), byte length at 2i + 1. */
  let index = new Float64Array(2048);

  function add(text: string): void {
    const bytes = Buffer.byteLength(text);
    total += bytes;
    if (total > maxBytes) throw new Problem("file-too-large", { reason: "shared-strings", limitBytes: maxBytes });
    if (used + bytes > pageBytes) {
      pages.push(Buffer.allocUnsafeSlow(Math.max(pageBytes, bytes)));
      used = 0;
    }
    if (count * 2 === index.length) {
      const larger = new Float64Array(index.length * 2);
      larger.set(index);
      index = larger;
    }
    const page = pages[pages.length - 1] as Buffer;
    page.write(text, used, "utf8");
    index[count * 2] = (pages.length - 1) * pageBytes + used;
    index[count * 2 + 1] = bytes;
    used += bytes;
    count++;
  }

  function finish(): SharedStrings {
    const cached = new Int32Array(cacheSlots).fill(-1);
    const cache = Array.from<string>({ length: cacheSlots }).fill("");
    return {
      count,
      bytes: pages.length * pageBytes + index.byteLength,
      at(i) {
        if (!(i >= 0 && i < count)) throw unreadable("xml-malformed");
        const slot = i % cacheSlots;
        if (cached[slot] === i) return cache[slot] as string;
        const place = index[i * 2] as number;
        const offset = place % pageBytes;
        const text = (pages[(place - offset) / pageBytes] as Buffer).toString("utf8", offset, offset + (index[i * 2 + 1] as number));
        cached[slot] = i;
        cache[slot] = text;
        return text;
      },
    };
  }

  return { add, finish };
}
