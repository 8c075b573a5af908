import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  Header,
  HeadingLevel,
  Packer,
  PageNumber,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
  type FileChild,
} from "docx";
import type { RenderedFile } from "#server/core/door/index.ts";
import type { PaperOut } from "#shared/incident-drafts.ts";
import { layOut, type LayoutBlock, type LayoutRow, type PaperLayout } from "./paper-layout.ts";

/** Twentieths of a point. */
const twips = (millimetres: number): number => Math.round((millimetres * 1440) / 25.4);
const labelWidth = twips(48);
const valueWidth = twips(122);
/** What Word for Windows and for Mac have, and LibreOffice replaces well. */
const font = { ascii: "Yu Gothic", eastAsia: "Yu Gothic", hAnsi: "Yu Gothic" };
const quiet = "444444";

/** A paper of an incident as a Word file (ISO/IEC 29500), for being corrected by hand before it is handed in. */
export async function renderPaperWord(built: PaperOut): Promise<RenderedFile> {
  const layout = layOut(built);
  const properties = {
    page: { size: { width: twips(210), height: twips(297) }, margin: { top: twips(20), bottom: twips(20), left: twips(20), right: twips(20) } },
  };
  const headers = { default: new Header({ children: layout.drillMark === null ? [] : [centred(layout.drillMark, { bold: true, color: "B3261E" })] }) };
  const document = new Document({
    title: layout.title,
    creator: built.organisation,
    lastModifiedBy: built.organisation,
    styles: { default: { document: { run: { font, size: 21, language: { value: layout.language === "ja" ? "ja-JP" : "en-GB", eastAsia: "ja-JP" } } } } },
    sections: [
      { properties, headers, footers: { default: pageNumbers() }, children: [...headOf(layout), ...layout.blocks.flatMap((block) => blockOf(block, layout))] },
      // A section of its own: its sheet does not count among the pages that are handed in.
      ...(layout.checks.length === 0 ? [] : [{ properties, headers, footers: { default: new Footer({ children: [] }) }, children: checksOf(layout) }]),
    ],
  });
  const bytes = Buffer.from(await Packer.toBuffer(document));
  return { bytes, type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", name: `${layout.fileName}.docx` };
}

function pageNumbers(): Footer {
  const children = [PageNumber.CURRENT, " / ", PageNumber.TOTAL_PAGES_IN_SECTION];
  return new Footer({ children: [new Paragraph({ alignment: AlignmentType.CENTER, children: [new TextRun({ size: 17, color: quiet, children })] })] });
}

interface RunStyle {
  readonly bold?: boolean;
  readonly color?: string;
  readonly size?: number;
}

function runs(text: string, style: RunStyle = {}): TextRun[] {
  return text.split("\n").map((line, index) => new TextRun({ text: line, ...style, ...(index === 0 ? {} : { break: 1 }) }));
}

function centred(text: string, style: RunStyle): Paragraph {
  return new Paragraph({ alignment: AlignmentType.CENTER, children: runs(text, style) });
}

function headOf(layout: PaperLayout): FileChild[] {
  return [
    ...(layout.formNote === null ? [] : [new Paragraph({ children: runs(layout.formNote, { size: 17, color: quiet }) })]),
    ...(layout.day === null ? [] : [new Paragraph({ alignment: AlignmentType.RIGHT, children: runs(layout.day) })]),
    new Paragraph({
      heading: HeadingLevel.TITLE,
      alignment: AlignmentType.CENTER,
      spacing: { before: 200, after: 240 },
      children: runs(layout.title, { bold: true, size: 30, color: "000000" }),
    }),
  ];
}

function blockOf(block: LayoutBlock, layout: PaperLayout): FileChild[] {
  return [
    ...(block.title === null
      ? []
      : [
          new Paragraph({
            heading: HeadingLevel.HEADING_2,
            keepNext: true,
            spacing: { before: 240, after: 100 },
            children: runs(block.title, { bold: true, size: 23, color: "000000" }),
          }),
        ]),
    ...block.paragraphs.map((text) => new Paragraph({ spacing: { after: 140, line: 320 }, children: runs(text) })),
    ...(block.rows.length === 0 ? [] : [rowsOf(block.rows, layout.isForm)]),
  ];
}

function rowsOf(rows: readonly LayoutRow[], isRuled: boolean): Table {
  const line = isRuled ? { style: BorderStyle.SINGLE, size: 4, color: "888888" } : { style: BorderStyle.NONE, size: 0, color: "FFFFFF" };
  const margins = { top: 50, bottom: 50, left: 90, right: 90 };
  return new Table({
    width: { size: labelWidth + valueWidth, type: WidthType.DXA },
    columnWidths: [labelWidth, valueWidth],
    borders: { top: line, bottom: line, left: line, right: line, insideHorizontal: line, insideVertical: line },
    rows: rows.map(
      (row) =>
        new TableRow({
          cantSplit: row.text.length <= 500,
          children: [
            new TableCell({
              width: { size: labelWidth, type: WidthType.DXA },
              margins,
              ...(isRuled ? { shading: { type: ShadingType.CLEAR, fill: "F2F2F2", color: "auto" } } : {}),
              children: [new Paragraph({ children: runs(row.label, { size: 18, color: quiet }) })],
            }),
            new TableCell({ width: { size: valueWidth, type: WidthType.DXA }, margins, children: [new Paragraph({ children: runs(row.text) })] }),
          ],
        }),
    ),
  });
}

function checksOf(layout: PaperLayout): FileChild[] {
  return [
    new Paragraph({ spacing: { after: 140 }, children: runs("確認票(社内控え。提出するときは外してください)", { bold: true, size: 24 }) }),
    rowsOf(layout.checks, true),
  ];
}
