import { mm, type PdfContent } from "#server/platform/files/index.ts";
import type { Addressee } from "./addressee.ts";
import { breakLines } from "./break-lines.ts";
import { shrinkSteps } from "./draw-horizontal.ts";
import { charactersOf } from "./text-width.ts";

/** A paper written vertically: its measures in points, and the sizes of its letters. */
export interface VerticalPaper {
  readonly width: number;
  readonly height: number;
  readonly sizes: { readonly address: number; readonly company: number; readonly position: number; readonly name: number };
}

/** One column, from its top down. */
export interface PlacedColumn {
  readonly characters: readonly string[];
  readonly size: number;
  readonly isBold: boolean;
  /** Middle of the column. */
  readonly x: number;
  readonly y: number;
  /** From one character to the next. */
  readonly pitch: number;
}

const numerals = "〇一二三四五六七八九";

/** As it is written downwards: numerals in kanji, dashes as bars, letters and brackets of full width. */
export function writtenDownwards(text: string): string {
  return text
    .replaceAll(/[０-９]/g, (digit) => String.fromCodePoint((digit.codePointAt(0) ?? 0) - 0xfee0))
    .replaceAll(/(?<=[\d〇一二三四五六七八九A-Za-z])[-‐‑‒–—―−－ー](?=[\dA-Za-z])/gu, "ー")
    .replaceAll(/\d/g, (digit) => numerals[Number(digit)] as string)
    .replaceAll(/[!-~]/g, (letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0));
}

/** The columns of an address from right to left, as large as they fit; undefined when they do not fit at the smallest size. */
export function layOutVertically(to: Addressee, paper: VerticalPaper): PlacedColumn[] | undefined {
  for (const scale of shrinkSteps) {
    const columns = layOutAt(to, paper, scale);
    if (columns !== undefined) {
      return columns;
    }
  }
  return undefined;
}

function layOutAt(to: Addressee, { width, height, sizes }: VerticalPaper, scale: number): PlacedColumn[] | undefined {
  const columns: PlacedColumn[] = [];
  const bottom = height - mm(15);
  // Below the boxes of the postal code, and left of the paper's edge.
  const top = mm(27);
  let right = width - mm(11);
  const put = (text: string, size: number, from: number, indent: number): void => {
    const scaled = size * scale;
    const pitch = scaled * 1.06;
    breakLines(writtenDownwards(text), Math.floor((bottom - from - indent) / pitch), (part) => charactersOf(part).length).forEach((line, index) => {
      columns.push({ characters: charactersOf(line), size: scaled, isBold: false, x: right - scaled * 0.75, y: from + (index === 0 ? 0 : indent), pitch });
      right -= scaled * 1.5;
    });
  };
  put(to.address, sizes.address, top, mm(8));
  if (to.name !== "") {
    right -= sizes.company * scale * 0.4;
    put(to.company, sizes.company, top + mm(8), mm(6));
    put(to.position, sizes.position, top + mm(14), mm(6));
  }
  const nameTop = top + mm(16);
  const name = charactersOf(writtenDownwards(to.name === "" ? to.company : to.name).replaceAll(/[\s　]+/gu, "　"));
  const honorific = charactersOf(to.honorific);
  const characters = honorific.length === 0 ? name : [...name, "　", ...honorific];
  // A long name grows smaller by itself, down to the size of the company.
  const fitting = (bottom - nameTop) / Math.max(1, characters.length) / 1.05;
  const size = Math.max(Math.min(sizes.name * scale, fitting), sizes.company * scale);
  // A short name is spread, as by hand.
  const pitch = Math.min(size * 1.25, (bottom - nameTop) / characters.length);
  const x = Math.min(width / 2, right - size * 0.7);
  const isTooTight = pitch < size * 1.04 || x - size / 2 < mm(10);
  columns.push({ characters, size, isBold: true, x, y: nameTop, pitch });
  return isTooTight ? undefined : columns;
}

/** Noto Sans JP: height of a line as a share of the letter's size, at which a letter of the column stands below the last. */
const lineOfFont = 1.448;

export function drawColumns(columns: readonly PlacedColumn[]): PdfContent[] {
  return columns.map(({ characters, size, isBold, x, y, pitch }) => ({
    text: characters.join("\n"),
    fontSize: size,
    bold: isBold,
    fontFeatures: ["vert"],
    lineHeight: pitch / size / lineOfFont,
    absolutePosition: { x: x - size / 2, y },
  }));
}

const vermilion = "#e2492f";
/** Left edges of the seven boxes from the left edge of the first, in millimetres (日本郵便 郵便番号・バーコードマニュアル). */
const boxesAt = [0, 7, 14, 21.6, 28.4, 35.2, 42];
const box = { width: 5.7, height: 8, all: 47.7, top: 12, right: 8 };

/** The postal code where 定形郵便物 and はがき have it, with or without the boxes. */
export function drawPostalCode(postalCode: string, paperWidth: number, withBoxes: boolean): PdfContent[] {
  const left = paperWidth - mm(box.right + box.all);
  const digits: PdfContent[] = [...postalCode].map((digit, index) => ({
    text: digit,
    fontSize: 15,
    noWrap: true,
    absolutePosition: { x: left + mm((boxesAt[index] ?? 0) + box.width / 2) - 15 * 0.278, y: mm(box.top + box.height / 2) - 15 * 0.78 },
  }));
  if (!withBoxes) {
    return digits;
  }
  const boxes = boxesAt.map((at, index) => ({
    type: "rect" as const,
    x: mm(at),
    y: 0,
    w: mm(box.width),
    h: mm(box.height),
    lineColor: vermilion,
    lineWidth: mm(index < 3 ? 0.5 : 0.3),
  }));
  const dash = { type: "line" as const, x1: mm(20), y1: mm(4), x2: mm(21.3), y2: mm(4), lineColor: vermilion, lineWidth: mm(0.5) };
  return [{ canvas: [...boxes, dash], absolutePosition: { x: left, y: mm(box.top) } }, ...digits];
}
