import type { RenderedFile } from "#server/core/door/index.ts";
import { countPages, mm, renderPdf, type PdfContent, type PdfText } from "#server/platform/files/index.ts";
import type { PaperOut } from "#shared/incident-drafts.ts";
import { layOut, type LayoutBlock, type LayoutRow, type PaperLayout } from "./paper-layout.ts";

const quiet = "#444444";
const labelWidth = mm(48);
/** Of a heading with the first rows under it. */
const roomOfHeading = mm(28);
/** Characters of a value in one row: a longer one may be parted between pages. */
const mostInOneRow = 500;

const roomySize = 10;
/** A paper that runs over by a little is set tighter: a second page with a few lines gets lost. */
const tightSizes = [9.5, 9] as const;

/** A paper of an incident as a PDF. */
export async function renderPaperPdf(built: PaperOut): Promise<RenderedFile> {
  const layout = layOut(built);
  let bytes = await drawn(built, layout, roomySize);
  if (countPages(bytes) === 2) {
    for (const size of tightSizes) {
      const tight = await drawn(built, layout, size);
      if (countPages(tight) === 1) {
        bytes = tight;
        break;
      }
    }
  }
  return { bytes, type: "application/pdf", name: `${layout.fileName}.pdf` };
}

async function drawn(built: PaperOut, layout: PaperLayout, fontSize: number): Promise<Buffer> {
  return renderPdf({
    title: layout.title,
    at: new Date(built.head?.approvedAt ?? built.head?.madeAt ?? 0),
    language: layout.language,
    page: "A4",
    margins: [mm(20), mm(18), mm(20), mm(20)],
    fontSize,
    hasPageNumbers: true,
    ...(layout.drillMark === null ? {} : { mark: layout.drillMark }),
    content: [...headOf(layout), ...layout.blocks.flatMap((block) => blockOf(block, layout))],
  });
}

function headOf(layout: PaperLayout): PdfContent[] {
  return [
    {
      columns: [
        { text: layout.formNote ?? "", fontSize: 8.5, color: quiet, width: "*" },
        { text: layout.day ?? "", alignment: "right", width: mm(60) },
      ],
    },
    { text: layout.title, fontSize: 15, bold: true, alignment: "center", margin: [0, mm(5), 0, mm(4)] },
  ];
}

function blockOf(block: LayoutBlock, layout: PaperLayout): PdfContent[] {
  const title: PdfContent[] =
    block.title === null ? [] : [{ text: block.title, fontSize: 11, bold: true, headlineLevel: roomOfHeading, margin: [0, mm(4), 0, mm(1.5)] }];
  const paragraphs = block.paragraphs.map((text): PdfContent => ({ text, lineHeight: 1.15, margin: [0, 0, 0, mm(2)] }));
  return [...title, ...paragraphs, ...(block.rows.length === 0 ? [] : [layout.isForm ? ruled(block.rows) : plainRows(block.rows)])];
}

function ruled(rows: readonly LayoutRow[]): PdfContent {
  return {
    margin: [0, 0, 0, mm(2)],
    table: {
      widths: [labelWidth, "*"],
      headerRows: 0,
      dontBreakRows: rows.every((row) => row.text.length <= mostInOneRow),
      body: rows.map((row): PdfContent[] => [
        { text: row.label, fontSize: 9, color: quiet },
        { text: choicesApart(row.text), lineHeight: 1.1 },
      ]),
    },
  };
}

/** 「■氏名 □生年月日」: a line ends between choices, never in one. */
function choicesApart(text: string): string | readonly PdfText[] {
  return /^[■□]/.test(text) && !text.includes("\n")
    ? text.split(/ (?=[■□]|不明|\(推定\))/).map((choice, at, all) => ({ text: at === all.length - 1 ? choice : `${choice} `, noWrap: true }))
    : text;
}

function plainRows(rows: readonly LayoutRow[]): PdfContent {
  return {
    layout: "noBorders",
    table: { widths: [mm(28), "*"], headerRows: 0, dontBreakRows: true, body: rows.map((row): PdfContent[] => [{ text: row.label, color: quiet }, row.text]) },
  };
}
