import iconv from "iconv-lite";

/**
 * Decodes quoted-printable (RFC 2045 6.7) in the character set that the property names; of none, UTF-8 when it is that, else
 * CP932. Components are cut apart while the value is still bytes: the second byte of ソ in Shift_JIS is a backslash.
 */
export function decodeQuoted(text: string, charset: string | undefined, isStructured: boolean): string[] {
  const encoding = encodingOf(charset);
  const bytes: number[] = [];
  /** Whether a byte stood as itself; an encoded semicolon separates nothing. */
  const isPlain: boolean[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = /^=([0-9A-Fa-f]{2})/.exec(text.slice(at, at + 3));
    if (code !== null) {
      bytes.push(Number.parseInt(code[1] as string, 16));
      isPlain.push(false);
      at += 2;
      continue;
    }
    const character = String.fromCodePoint(text.codePointAt(at) as number);
    at += character.length - 1;
    for (const byte of character < "\u0080" ? [character.charCodeAt(0)] : iconv.encode(character, encoding ?? "utf-8")) {
      bytes.push(byte);
      isPlain.push(character < "\u0080");
    }
  }
  const settled = encoding ?? (isUtf8(Buffer.from(bytes)) ? "utf-8" : "cp932");
  return cut(bytes, isPlain, settled === "cp932", isStructured).map((part) => decode(Buffer.from(part), settled));
}

/** Cuts plain text at its semicolons and takes escapes out. */
export function splitComponents(text: string, isStructured: boolean): string[] {
  const parts: string[] = [];
  let part = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    const next = text[at + 1];
    if (character === "\\" && next !== undefined && ";,:\\nN".includes(next)) {
      part += next === "n" || next === "N" ? "\n" : next;
      at += 1;
    } else if (character === ";" && isStructured) {
      parts.push(part);
      part = "";
    } else part += character;
  }
  return [...parts, part];
}

function cut(bytes: readonly number[], isPlain: readonly boolean[], isShiftJis: boolean, isStructured: boolean): number[][] {
  const parts: number[][] = [];
  let part: number[] = [];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    const next = bytes[at + 1];
    if (isShiftJis && next !== undefined && ((byte >= 0x81 && byte <= 0x9f) || (byte >= 0xe0 && byte <= 0xfc))) {
      part.push(byte, next);
      at += 1;
    } else if (byte === 0x5c && next !== undefined && (next === 0x3b || next === 0x2c || next === 0x5c)) {
      part.push(next);
      at += 1;
    } else if (byte === 0x3b && isStructured && isPlain[at] === true) {
      parts.push(part);
      part = [];
    } else part.push(byte);
  }
  return [...parts, part];
}

function encodingOf(charset: string | undefined): string | undefined {
  const name = (charset ?? "").toLowerCase().replace(/["\s]/g, "");
  if (/^(?:shift[_-]?jis|sjis|x-sjis|ms_kanji|windows-31j|cp932)$/.test(name)) return "cp932";
  if (/^(?:euc-?jp|x-euc-?jp)$/.test(name)) return "euc-jp";
  if (/^(?:iso-2022-jp|jis)$/.test(name)) return "iso-2022-jp";
  return /^utf-?8$/.test(name) ? "utf-8" : undefined;
}

function decode(bytes: Buffer, encoding: string): string {
  return (encoding === "iso-2022-jp" ? new TextDecoder("iso-2022-jp").decode(bytes) : iconv.decode(bytes, encoding)).replace(/\r\n?/g, "\n");
}

function isUtf8(bytes: Buffer): boolean {
  return !bytes.toString("utf8").includes("\ufffd");
}
