import { createXmlScanner, readAttribute } from "./scan-xml.ts";

/**
 * How the number of a cell is to be written.
 * `padded`: a mask of zeros and literals such as `000-0000` or `00000` (postal codes, member numbers).
 */
export type NumberStyle =
  | { readonly kind: "plain" }
  | { readonly kind: "date" }
  | { readonly kind: "date-time" }
  | { readonly kind: "time" }
  | { readonly kind: "padded"; readonly mask: readonly (string | 0)[] };

const plain: NumberStyle = { kind: "plain" };

/** Number formats that are not written out (ECMA-376 18.8.30), those of the Japanese locale (27–36, 50–58) included. */
function styleOfBuiltIn(id: number): NumberStyle {
  if ((id >= 14 && id <= 17) || (id >= 27 && id <= 31) || id === 36 || (id >= 50 && id <= 58)) return { kind: "date" };
  if (id === 22) return { kind: "date-time" };
  if ((id >= 18 && id <= 21) || (id >= 32 && id <= 35) || (id >= 45 && id <= 47)) return { kind: "time" };
  return plain;
}

/** What a format code (ECMA-376 18.8.31) does with a number: only its first section counts. */
export function styleOfFormat(code: string): NumberStyle {
  const section = /^(?:"[^"]*"|\\.|[^;"\\])*/.exec(code)?.[0] ?? "";
  const mask = paddedMask(section);
  if (mask !== undefined) return { kind: "padded", mask };
  if (/\[(?:h+|m+|s+)\]/i.test(section)) return { kind: "time" };
  const bare = section
    .replace(/"[^"]*"|\\.|_.|\*.|\[[^\]]*\]/g, "")
    .replace(/general|g\/標準|am\/pm|a\/p/gi, "")
    .replace(/e[+-]/gi, "");
  if (/[#0?@]/.test(bare)) return plain;
  const hasTime = /[hs]/i.test(bare);
  const hasDate = /[yd]/i.test(bare) || /ge|^e/i.test(bare) || (!hasTime && /m/i.test(bare));
  if (hasDate) return { kind: hasTime ? "date-time" : "date" };
  return hasTime ? { kind: "time" } : plain;
}

function paddedMask(section: string): (string | 0)[] | undefined {
  const mask: (string | 0)[] = [];
  let zeros = 0;
  for (const part of section.match(/\[[^\]]*\]|"[^"]*"|\\.|./gu) ?? []) {
    if (part.startsWith("[")) continue;
    if (part === "0") {
      mask.push(0);
      zeros++;
    } else if (part.startsWith('"')) mask.push(part.slice(1, -1));
    else if (part.startsWith("\\")) mask.push(part.slice(1));
    else if (/^[-() 〒]$/u.test(part)) mask.push(part);
    else return undefined;
  }
  return zeros >= 2 ? mask : undefined;
}

/** Write a whole number through a mask of zeros, as the spreadsheet shows it. */
export function applyMask(digits: string, mask: readonly (string | 0)[]): string {
  const places = mask.filter((part) => part === 0).length;
  const padded = digits.padStart(places, "0");
  let at = padded.length - places;
  // Surplus digits stand before the first place.
  let surplus = padded.slice(0, at);
  let text = "";
  for (const part of mask) {
    if (part === 0) {
      text += surplus + padded.charAt(at++);
      surplus = "";
    } else text += part;
  }
  return text;
}

/** The style of each cell format (`cellXfs`) by its index. */
export async function readCellStyles(chunks: AsyncIterable<string>): Promise<NumberStyle[]> {
  const custom = new Map<number, NumberStyle>();
  const styles: NumberStyle[] = [];
  let isCellFormats = false;
  const scanner = createXmlScanner({
    open(name, attributes) {
      if (name === "cellXfs") isCellFormats = true;
      else if (name === "numFmt") custom.set(Number(readAttribute(attributes, "numFmtId")), styleOfFormat(readAttribute(attributes, "formatCode") ?? ""));
      else if (name === "xf" && isCellFormats && styles.length < 100_000) {
        const id = Number(readAttribute(attributes, "numFmtId") ?? 0);
        styles.push(custom.get(id) ?? styleOfBuiltIn(id));
      }
    },
    close(name) {
      if (name === "cellXfs") isCellFormats = false;
    },
    text() {},
  });
  for await (const chunk of chunks) scanner.write(chunk);
  scanner.end();
  return styles;
}
