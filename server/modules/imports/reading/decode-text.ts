import { StringDecoder } from "node:string_decoder";
import iconv from "iconv-lite";
import { detectEncoding, hasHighByte, type TextEncoding } from "./detect-encoding.ts";
import { unreadable } from "./unreadable.ts";

const lookAheadBytes = 64 * 1024;

export interface DecodedText {
  /** `ascii` until the first byte that says more has been read. */
  readonly encoding: TextEncoding;
  readonly pieces: AsyncGenerator<string>;
}

/**
 * Decode a stream of bytes with bounded memory. The encoding is settled at the first byte above 0x7F, however late it
 * comes; broken bytes become U+FFFD, one for each, and never swallow the delimiter or line break behind them.
 * @throws Problem file-unreadable (`nul-byte`, `encoding-unknown`) while the pieces are read.
 */
export function decodeText(chunks: AsyncIterable<Buffer>): DecodedText {
  const state: { encoding: TextEncoding } = { encoding: "ascii" };
  return {
    get encoding() {
      return state.encoding;
    },
    pieces: decodePieces(chunks, state),
  };
}

async function* decodePieces(chunks: AsyncIterable<Buffer>, state: { encoding: TextEncoding }): AsyncGenerator<string> {
  let decoder: Decoder | undefined;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let isFirst = true;

  const settle = (): string => {
    const sample = Buffer.concat(pending);
    pending = [];
    pendingBytes = 0;
    // UTF-16 shows in the first bytes or not at all.
    if (!isFirst && sample.includes(0)) throw unreadable("nul-byte");
    const { encoding, markBytes } = detectEncoding(sample);
    isFirst = false;
    state.encoding = encoding;
    if (encoding !== "ascii") decoder = createDecoder(encoding);
    const text = decoder === undefined ? sample.toString("latin1") : decoder.write(sample.subarray(markBytes));
    return checked(text);
  };

  for await (const chunk of chunks) {
    if (decoder !== undefined) {
      yield checked(decoder.write(chunk));
      continue;
    }
    // Beyond the start, plain ASCII passes by: it reads the same in every encoding that is still possible.
    if (!isFirst && pendingBytes === 0 && !hasHighByte(chunk)) {
      yield checked(chunk.toString("latin1"));
      continue;
    }
    pending.push(chunk);
    pendingBytes += chunk.length;
    if (pendingBytes >= lookAheadBytes) yield settle();
  }
  if (pendingBytes > 0) yield settle();
  if (decoder !== undefined) yield checked(decoder.end());
}

function checked(text: string): string {
  if (text.includes("\0")) throw unreadable("nul-byte");
  return text;
}

interface Decoder {
  write(bytes: Buffer): string;
  end(): string;
}

function createDecoder(encoding: Exclude<TextEncoding, "ascii">): Decoder {
  if (encoding === "utf-8") return new StringDecoder("utf8");
  if (encoding === "utf-16le") return createUtf16Decoder(false);
  if (encoding === "utf-16be") return createUtf16Decoder(true);
  const decoder = iconv.getDecoder(encoding);
  return { write: (bytes) => decoder.write(bytes), end: () => decoder.end() ?? "" };
}

/** StringDecoder keeps a lone trailing byte silently; a file of odd length ends broken. */
function createUtf16Decoder(isBigEndian: boolean): Decoder {
  const decoder = new StringDecoder("utf16le");
  let odd: Buffer | undefined;
  return {
    write(bytes) {
      const joined = odd === undefined ? bytes : Buffer.concat([odd, bytes]);
      const even = joined.length - (joined.length % 2);
      odd = even === joined.length ? undefined : Buffer.from(joined.subarray(even));
      const units = joined.subarray(0, even);
      return decoder.write(isBigEndian ? Buffer.from(units).swap16() : units);
    },
    end: () => decoder.end() + (odd === undefined ? "" : "\ufffd"),
  };
}
