import { mm, type PdfText } from "#server/platform/files/index.ts";
import type { Addressee } from "./addressee.ts";
import { breakLines } from "./break-lines.ts";
import { emWidth } from "./text-width.ts";

/** Where an address stands: points from the upper left of the page. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Sizes of the letters in points before shrinking. */
export interface Sizes {
  readonly postalCode: number;
  readonly address: number;
  readonly company: number;
  readonly position: number;
  readonly name: number;
}

export interface PlacedLine {
  readonly text: string;
  readonly size: number;
  readonly isBold: boolean;
  readonly x: number;
  /** Upper edge of the letters. */
  readonly y: number;
}

/** Letters smaller than this share of their size are not printed: a person could not read them, nor a sorting machine. */
export const shrinkSteps = [1, 0.93, 0.86, 0.79, 0.72, 0.65, 0.58] as const;
const leading = 1.3;

/** The lines of an address in a box, as large as they fit; undefined when they do not fit at the smallest size. */
export function layOutHorizontally(to: Addressee, box: Box, sizes: Sizes): PlacedLine[] | undefined {
  for (const scale of shrinkSteps) {
    const lines = layOutAt(to, box, sizes, scale);
    if (lines !== undefined) {
      return lines;
    }
  }
  return undefined;
}

function layOutAt(to: Addressee, box: Box, sizes: Sizes, scale: number): PlacedLine[] | undefined {
  const lines: PlacedLine[] = [];
  let y = 0;
  const put = (text: string, size: number, given: { isBold?: boolean; gap?: number; indent?: number } = {}): void => {
    const scaled = size * scale;
    const indent = (given.indent ?? 0) * scale;
    if (text === "") return;
    y += y === 0 ? 0 : (given.gap ?? 0) * scale;
    for (const part of breakLines(text, (box.width - indent) / scaled)) {
      lines.push({ text: part, size: scaled, isBold: given.isBold ?? false, x: box.x + indent, y: box.y + y });
      y += scaled * leading;
    }
  };
  const named = [to.name === "" ? to.company : to.name, to.honorific].filter((part) => part !== "").join("　");
  // A long name grows smaller by itself, down to the size of the company, before it is broken: 様 never stands alone.
  const fitting = (box.width / scale - sizes.name * 0.5) / (emWidth(named) + 0.01);
  const nameSize = fitting >= sizes.company ? Math.min(sizes.name, fitting) : sizes.name;
  // Only the number: a mark before it keeps sorting machines from reading it (日本郵便).
  put(to.postalCode === "" ? "" : `${to.postalCode.slice(0, 3)}-${to.postalCode.slice(3)}`, sizes.postalCode);
  put(to.address, sizes.address, { gap: 1 });
  if (to.name !== "") {
    put(to.company, sizes.company, { gap: sizes.company * 0.35 });
    put(to.position, sizes.position, { gap: 0 });
  }
  put(named, nameSize, { isBold: true, gap: sizes.name * 0.25, indent: sizes.name * 0.5 });
  const above = (box.height - y) / 2;
  return above < 0 ? undefined : lines.map((line) => ({ ...line, y: line.y + above }));
}

/** Places lines on the page. Noto's letters begin below the upper edge of their line. */
export function drawLines(lines: readonly PlacedLine[]): PdfText[] {
  return lines.map(({ text, size, isBold, x, y }) => ({ text, fontSize: size, bold: isBold, noWrap: true, absolutePosition: { x, y: y - size * 0.2 } }));
}

export const labelSizes: Sizes = { postalCode: 10, address: 10.5, company: 10, position: 9, name: 15 };
export const envelopeSizes: Sizes = { postalCode: 14, address: 14, company: 13, position: 12, name: 22 };
/** Between the edge of a label and its letters: a printer is not exact to the millimetre. */
export const labelPadding = { across: mm(4), down: mm(3) };
