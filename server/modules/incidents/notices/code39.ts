import type { PdfShape } from "#server/platform/files/index.ts";

/** Code 39 (ISO/IEC 16388): bars and spaces in turn, `w` wide, `n` narrow; the digits, the hyphen and the sign that begins and ends it. */
const signs: Readonly<Record<string, string>> = {
  "0": "nnnwwnwnn",
  "1": "wnnwnnnnw",
  "2": "nnwwnnnnw",
  "3": "wnwwnnnnn",
  "4": "nnnwwnnnw",
  "5": "wnnwwnnnn",
  "6": "nnwwwnnnn",
  "7": "nnnwnnwnw",
  "8": "wnnwnnwnn",
  "9": "nnwwnnwnn",
  "-": "nwnnnnwnw",
  "*": "nwnnwnwnn",
};

/** Widths of bars and spaces in turn, in narrow ones; a bar comes first. @throws for a sign that it does not have */
export function barsOf(text: string): number[] {
  return [...`*${text}*`].flatMap((sign, at) => {
    const widths = signs[sign];
    if (widths === undefined) throw new Error("this sign has no bars");
    const bars = [...widths].map((width) => (width === "w" ? wide : 1));
    return at === 0 ? bars : [1, ...bars];
  });
}
const wide = 2.5;

/** The bars at a place of the page, every scanner in an office reads them: `narrow` points a narrow one. */
export function drawBars(text: string, place: { readonly x: number; readonly y: number; readonly height: number; readonly narrow: number }): PdfShape {
  let x = 0;
  const canvas = barsOf(text).flatMap((width, at) => {
    const left = x;
    x += width * place.narrow;
    return at % 2 === 0
      ? [
          {
            type: "line" as const,
            x1: left + (width * place.narrow) / 2,
            y1: 0,
            x2: left + (width * place.narrow) / 2,
            y2: place.height,
            lineColor: "#000000",
            lineWidth: width * place.narrow,
          },
        ]
      : [];
  });
  return { canvas, absolutePosition: { x: place.x, y: place.y } };
}
