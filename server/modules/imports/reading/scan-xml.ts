import { unreadable } from "./unreadable.ts";

/** Names come without their namespace prefix. `text` is raw: decode it with {@link decodeXmlText} unless `isLiteral` (CDATA). */
export interface XmlHandler {
  open(name: string, attributes: string): void;
  close(name: string): void;
  text(piece: string, isLiteral: boolean): void;
}

export interface XmlScanner {
  write(piece: string): void;
  /** @throws Problem file-unreadable `xml-malformed` when elements are still open */
  end(): void;
}

const maxTagLength = 64 * 1024;
const maxDepth = 64;

/**
 * A streaming scanner for the XML of spreadsheets (XML 1.0 without document types): several times faster than a general
 * parser because it jumps from tag to tag. A DOCTYPE is refused, so no entity can be declared or expanded.
 * @throws Problem file-unreadable `xml-malformed` from `write` and `end`
 */
export function createXmlScanner(handler: XmlHandler): XmlScanner {
  let rest = "";
  const path: string[] = [];

  function write(piece: string): void {
    const xml = rest === "" ? piece : rest + piece;
    let at = 0;
    rest = "";
    while (at < xml.length) {
      const tag = xml.indexOf("<", at);
      if (tag === -1) {
        // An entity may be cut in two.
        const entity = xml.lastIndexOf("&");
        const cut = entity >= at && xml.length - entity < 12 && !xml.includes(";", entity) ? entity : xml.length;
        if (cut > at && path.length > 0) handler.text(xml.slice(at, cut), false);
        rest = xml.slice(cut);
        return;
      }
      if (tag > at && path.length > 0) handler.text(xml.slice(at, tag), false);
      const next = xml.charCodeAt(tag + 1);
      if (next === 33 /* ! */ || next === 63 /* ? */ || Number.isNaN(next)) {
        const after = skipMarkup(xml, tag);
        if (after === -1) return keep(xml, tag, 1024 * 1024);
        at = after;
        continue;
      }
      const end = next === 47 /* / */ ? xml.indexOf(">", tag) : findTagEnd(xml, tag + 1);
      if (end === -1) return keep(xml, tag, maxTagLength);
      if (next === 47) closeElement(localName(xml, tag + 2, end));
      else openElement(xml, tag + 1, end);
      at = end + 1;
    }
  }

  function keep(xml: string, from: number, limit: number): void {
    rest = xml.slice(from);
    if (rest.length > limit) throw unreadable("xml-malformed");
  }

  /** Comments, processing instructions and CDATA. -1: not finished yet. */
  function skipMarkup(xml: string, tag: number): number {
    const isFinished = (close: string, from: number): number => {
      const end = xml.indexOf(close, from);
      return end === -1 ? -1 : end + close.length;
    };
    if (xml.startsWith("<?", tag)) return isFinished("?>", tag + 2);
    if (xml.startsWith("<!--", tag)) return isFinished("-->", tag + 4);
    if (xml.startsWith("<![CDATA[", tag)) {
      const end = isFinished("]]>", tag + 9);
      if (end !== -1 && path.length > 0) handler.text(xml.slice(tag + 9, end - 3), true);
      return end;
    }
    if (xml.length - tag < 9) return -1;
    throw unreadable("xml-malformed");
  }

  function openElement(xml: string, start: number, end: number): void {
    const isEmpty = xml.charCodeAt(end - 1) === 47;
    const last = isEmpty ? end - 1 : end;
    let nameEnd = start;
    while (nameEnd < last && xml.charCodeAt(nameEnd) > 32) nameEnd++;
    const name = localName(xml, start, nameEnd);
    if (name === "") throw unreadable("xml-malformed");
    handler.open(name, nameEnd < last ? xml.slice(nameEnd, last) : "");
    if (isEmpty) handler.close(name);
    else if (path.push(name) > maxDepth) throw unreadable("xml-malformed");
  }

  function closeElement(name: string): void {
    if (path.pop() !== name) throw unreadable("xml-malformed");
    handler.close(name);
  }

  return {
    write,
    end() {
      if (path.length > 0 || rest.trim() !== "") throw unreadable("xml-malformed");
    },
  };
}

/** The `>` of a tag; one inside a quoted attribute value does not count. */
function findTagEnd(xml: string, from: number): number {
  let end = xml.indexOf(">", from);
  if (end === -1) return -1;
  let quote = 0;
  for (let i = from; i < xml.length; i++) {
    const code = xml.charCodeAt(i);
    if (quote !== 0) {
      if (code === quote) quote = 0;
      if (i === end) {
        end = xml.indexOf(">", i + 1);
        if (end === -1) return -1;
      }
    } else if (code === 34 || code === 39) quote = code;
    else if (code === 62) return i;
  }
  return -1;
}

function localName(xml: string, start: number, end: number): string {
  const name = xml.slice(start, end).trimEnd();
  const colon = name.indexOf(":");
  return colon === -1 ? name : name.slice(colon + 1);
}

/** One attribute by its name without prefix, decoded; `undefined` when absent. */
export function readAttribute(attributes: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)(?:[\\w.-]+:)?${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
  const raw = found?.[1] ?? found?.[2];
  return raw === undefined ? undefined : decodeXmlText(raw);
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Resolve the five entities and character references of XML 1.0, and normalise line ends (XML 1.0 2.11). */
export function decodeXmlText(raw: string): string {
  const text = raw.includes("\r") ? raw.replace(/\r\n?/g, "\n") : raw;
  if (!text.includes("&")) return text;
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(\w+));/g, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return entities[name] ?? whole;
    const code = hex === undefined ? Number.parseInt(decimal ?? "", 10) : Number.parseInt(hex, 16);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  });
}
