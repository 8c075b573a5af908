import { mm, type PdfDocument } from "#server/platform/files/index.ts";
import { placesOf, type PrintLayout } from "#shared/uses.ts";

/** A4 sheets of labels: size of a label and the paper's left and upper margin, in millimetres. */
export const sheets = {
  "label-a4-12": { width: 86.4, height: 42.3, left: 18.6, top: 21.6 },
  "label-a4-24": { width: 66, height: 33.9, left: 6, top: 12.9 },
} as const;
export type SheetLayout = keyof typeof sheets & PrintLayout;

/** A frame of a paper in millimetres from its upper left corner. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Size of a paper in millimetres. */
export const paperSizes: Readonly<Record<PrintLayout, { readonly width: number; readonly height: number }>> = {
  "label-a4-12": { width: 210, height: 297 },
  "label-a4-24": { width: 210, height: 297 },
  "envelope-naga3-vertical": { width: 120, height: 235 },
  "envelope-naga3-horizontal": { width: 235, height: 120 },
  postcard: { width: 100, height: 148 },
};

export function isSheet(layout: PrintLayout): layout is SheetLayout {
  return layout in sheets;
}

/** The page that a layout is printed on, in points. */
export function pageOf(layout: PrintLayout): PdfDocument["page"] {
  const { width, height } = paperSizes[layout];
  return isSheet(layout) ? "A4" : { width: mm(width), height: mm(height) };
}

/** The label at a place of a sheet, counted from 0 in rows from the upper left. */
export function frameOf(layout: SheetLayout, place: number): Frame {
  const { width, height, left, top } = sheets[layout];
  const { across } = placesOf[layout];
  return { left: left + (place % across) * width, top: top + Math.floor(place / across) * height, width, height };
}
