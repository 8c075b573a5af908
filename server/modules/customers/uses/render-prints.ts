import type { RenderedFile } from "#server/core/door/index.ts";
import { mm, renderPdf, type PdfContent, type PdfDocument } from "#server/platform/files/index.ts";
import type { ReplyOf } from "#shared/endpoint.ts";
import { placesOf, type printLabels } from "#shared/uses.ts";
import { addresseeOf, type Addressee } from "./addressee.ts";
import { drawLines, envelopeSizes, labelPadding, labelSizes, layOutHorizontally, type Box } from "./draw-horizontal.ts";
import { drawColumns, drawPostalCode, layOutVertically, type VerticalPaper } from "./draw-vertical.ts";
import { frameOf, type SheetLayout } from "./papers.ts";
import { shiftContent } from "./shift-content.ts";

type Printed = ReplyOf<typeof printLabels>;

const naga3: VerticalPaper = { width: mm(120), height: mm(235), sizes: { address: 15, company: 14, position: 12, name: 27 } };
const postcard: VerticalPaper = { width: mm(100), height: mm(148), sizes: { address: 12, company: 11, position: 9.5, name: 21 } };

/** The pages, each as what stands on it, and the numbers of those whose address does not fit at a size that can be read. */
interface Laid {
  readonly page: PdfDocument["page"];
  readonly pages: PdfContent[][];
  readonly tooLong: number[];
}

/** The PDF of a print. A last page names by number whoever is not on it. */
export async function renderPrints(built: Printed): Promise<RenderedFile> {
  const at = new Date(built.at);
  const { page, pages, tooLong } = layOut(built);
  const notPrinted = listNotPrinted(built.leftOut, tooLong);
  const content = [...pages.map((stack) => ({ stack: shiftContent(stack, built.offset) })), ...notPrinted].map((each, index) =>
    index === 0 ? each : { ...each, pageBreak: "before" as const },
  );
  const margin = mm(10);
  const bytes = await renderPdf({ title: "宛名", at, page, margins: [margin, margin, margin, margin], content });
  const day = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo" }).format(at);
  return { bytes, type: "application/pdf", name: `宛名_${day}.pdf` };
}

export function layOut(built: Printed): Laid {
  const people = built.persons.map(({ customerNo, values }) => ({ customerNo, to: addresseeOf(values, built.honorific) }));
  switch (built.layout) {
    case "label-a4-12":
    case "label-a4-24":
      return layOutSheets(people, built.layout, built.startAt);
    case "envelope-naga3-horizontal": {
      const box = { x: mm(65), y: mm(38), width: mm(150), height: mm(68) };
      return layOutPages(people, { width: mm(235), height: mm(120) }, (to) => {
        const lines = layOutHorizontally(to, box, envelopeSizes);
        return lines === undefined ? undefined : drawLines(lines);
      });
    }
    case "envelope-naga3-vertical":
    case "postcard": {
      const paper = built.layout === "postcard" ? postcard : naga3;
      return layOutPages(people, { width: paper.width, height: paper.height }, (to) => {
        const columns = layOutVertically(to, paper);
        return columns === undefined ? undefined : [...drawPostalCode(to.postalCode, paper.width, built.postalBoxes), ...drawColumns(columns)];
      });
    }
  }
}

interface Person {
  readonly customerNo: number;
  readonly to: Addressee;
}

function layOutPages(people: readonly Person[], page: PdfDocument["page"], draw: (to: Addressee) => PdfContent[] | undefined): Laid {
  const drawn = people.map(({ customerNo, to }) => ({ customerNo, content: draw(to) }));
  return {
    page,
    pages: drawn.flatMap(({ content }) => (content === undefined ? [] : [content])),
    tooLong: drawn.flatMap(({ customerNo, content }) => (content === undefined ? [customerNo] : [])),
  };
}

function layOutSheets(people: readonly Person[], layout: SheetLayout, startAt: number): Laid {
  const pages: PdfContent[][] = [];
  const tooLong: number[] = [];
  const { across, down } = placesOf[layout];
  let place = startAt - 1;
  for (const { customerNo, to } of people) {
    const lines = layOutHorizontally(to, labelBox(layout, place % (across * down)), labelSizes);
    if (lines === undefined) {
      tooLong.push(customerNo);
      continue;
    }
    const sheet = Math.floor(place / (across * down));
    (pages[sheet] ??= []).push(...drawLines(lines));
    place += 1;
  }
  return { page: "A4", pages, tooLong };
}

/** Where the letters of a label may stand. `place` counts from 0 in rows from the upper left. */
export function labelBox(layout: SheetLayout, place: number): Box {
  const { left, top, width, height } = frameOf(layout, place);
  return {
    x: mm(left) + labelPadding.across,
    y: mm(top) + labelPadding.down,
    width: mm(width) - 2 * labelPadding.across,
    height: mm(height) - 2 * labelPadding.down,
  };
}

function listNotPrinted(leftOut: readonly number[], tooLong: readonly number[]): { stack: PdfContent[] }[] {
  if (leftOut.length + tooLong.length === 0) {
    return [];
  }
  const part = (reason: string, numbers: readonly number[]): PdfContent[] =>
    numbers.length === 0
      ? []
      : [
          { text: reason, fontSize: 9, margin: [0, 6, 0, 2] },
          { text: numbers.map((no) => `No. ${no}`).join("、"), fontSize: 9 },
        ];
  return [
    {
      stack: [
        { text: "印刷できなかった宛先(顧客番号)", fontSize: 11, bold: true },
        ...part("住所がない、利用停止中、削除済み、または閲覧の範囲外", leftOut),
        ...part("住所が長く、読める大きさで収まらない", tooLong),
      ],
    },
  ];
}
