import type { RenderedFile } from "#server/core/door/index.ts";
import { mm, renderPdf, type PdfContent, type PdfShape } from "#server/platform/files/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { placesOf, type printTestPage } from "#shared/uses.ts";
import { frameOf, isSheet, pageOf, paperSizes, type Frame } from "./papers.ts";
import { shiftContent } from "./shift-content.ts";

type Asked = ReplyOf<typeof printTestPage>;
type Line = PdfShape["canvas"][number];

/** Between the edge of a paper that holds one address and its frame, in millimetres. */
const edge = 10;
const ink = "#555555";

/** The PDF of a test page. */
export async function renderTestPage(built: Asked): Promise<RenderedFile> {
  const margin = mm(10);
  const content = drawTestPage(built);
  const bytes = await renderPdf({
    title: "試し刷り",
    at: new Date(built.at),
    page: pageOf(built.layout),
    margins: [margin, margin, margin, margin],
    content: [{ stack: content }],
  });
  return { bytes, type: "application/pdf", name: `試し刷り_${built.layout}.pdf` };
}

/** Frames where the labels are, with a ruler of millimetres along the first one, all moved by the offset as an address is. */
export function drawTestPage({ layout, offset }: Asked): PdfContent[] {
  const { width, height } = paperSizes[layout];
  const frames: Frame[] = isSheet(layout)
    ? Array.from({ length: placesOf[layout].across * placesOf[layout].down }, (_, place) => frameOf(layout, place))
    : [{ left: edge, top: edge, width: width - 2 * edge, height: height - 2 * edge }];
  const first = frames[0] as Frame;
  const content: PdfContent[] = [
    { canvas: [...frames.map(rectangle), ...rulerAcross(first), ...rulerDown(first)], absolutePosition: { x: 0, y: 0 } },
    ...[10, 20, 30].map((at) => note(String(at), first.left + at - 1.4, first.top + 4.2, 6)),
    note("1目盛り = 1 mm (scale in millimetres)", first.left + 9, first.top + 8, 7),
    note(`ずれの補正 右 ${offset.right} mm・下 ${offset.down} mm`, first.left + 9, first.top + 12, 7),
    note("用紙に重ねて光に透かし、枠のずれを測ります。", first.left + 9, first.top + 16, 7),
    note("ずれはプリンターごとに違います。", first.left + 9, first.top + 20, 7),
  ];
  return shiftContent(content, offset);
}

function note(text: string, x: number, y: number, fontSize: number): PdfContent {
  return { text, fontSize, noWrap: true, absolutePosition: { x: mm(x), y: mm(y) } };
}

function rectangle({ left, top, width, height }: Frame): Line {
  return { type: "rect", x: mm(left), y: mm(top), w: mm(width), h: mm(height), lineColor: ink, lineWidth: 0.4 };
}

function lengthOf(at: number): number {
  return at % 10 === 0 ? 4 : at % 5 === 0 ? 3 : 1.8;
}

function rulerAcross({ left, top, width }: Frame): Line[] {
  return Array.from({ length: Math.floor(width) + 1 }, (_, at) => line(left + at, top, left + at, top + lengthOf(at)));
}

function rulerDown({ left, top, height }: Frame): Line[] {
  return Array.from({ length: Math.floor(height) + 1 }, (_, at) => line(left, top + at, left + lengthOf(at), top + at));
}

function line(x1: number, y1: number, x2: number, y2: number): Line {
  return { type: "line", x1: mm(x1), y1: mm(y1), x2: mm(x2), y2: mm(y2), lineColor: ink, lineWidth: 0.3 };
}
