import type { RenderedFile } from "#server/core/door/index.ts";
import { addresseeOf, drawLines, layOutHorizontally } from "#server/modules/customers/index.ts";
import { mm, renderPdf, type PdfContent } from "#server/platform/files/index.ts";
import type { LettersOut } from "#shared/incident-notices.ts";
import { drawBars } from "./code39.ts";
import { letterBlocks } from "./mail-text.ts";

/**
 * What the window of a long envelope (長形3号, 235 × 120 mm; window 90 × 45 mm, 22 mm from the left, 12 mm from the top) shows of an A4
 * sheet folded in three, with room for the sheet to slip.
 */
const windowBox = { x: mm(26), y: mm(18), width: mm(78), height: mm(32) };
const addressSizes = { postalCode: 10, address: 10, company: 10, position: 9, name: 14 };
/** Below the window's part of the sheet. */
const belowWindow = mm(62);
const side = mm(22);
const quiet = "#444444";
/** Stands at the head of the sheet already. */
const inHead = ["opening.sender"];

/** The letters of one file, each beginning a sheet; a last one names by number whoever is not among them. */
export async function renderLetters(built: LettersOut): Promise<RenderedFile> {
  const at = new Date(built.at);
  const letters = built.people.map((person) => ({ person, content: letterOf(built, person) }));
  const tooLong = letters.filter(({ content }) => content === undefined).map(({ person }) => person.customerNo);
  const sheets = letters.flatMap(({ content }) => (content === undefined ? [] : [content]));
  const notDrawn = [...built.leftOut, ...tooLong];
  const content = [
    ...sheets,
    ...(notDrawn.length === 0
      ? []
      : [
          {
            stack: [
              { text: "この綴りに入らなかった人(顧客番号)", fontSize: 11, bold: true },
              { text: "消去された、住所が枠に入らない、または閲覧の範囲外", fontSize: 9, margin: [0, 4, 0, 2] as const },
              { text: notDrawn.map((no) => `No. ${no}`).join("、"), fontSize: 9 },
            ],
          },
        ]),
  ].map((sheet, index) => (index === 0 ? sheet : { ...sheet, pageBreak: "before" as const }));
  const bytes = await renderPdf({
    title: built.paper.title,
    at,
    language: built.paper.locale,
    page: "A4",
    margins: [side, mm(18), side, mm(16)],
    fontSize: 10,
    ...(built.paper.isDrill ? { mark: built.paper.locale === "ja" ? "【訓練】 実際の事案ではありません" : "[DRILL] Not a real incident" } : {}),
    content,
  });
  return { bytes, type: "application/pdf", name: `letters-${built.noticeNo}-${built.partNo}.pdf` };
}

function letterOf({ paper }: LettersOut, person: LettersOut["people"][number]): { stack: PdfContent[] } | undefined {
  const lines = layOutHorizontally(addresseeOf(person.values, "sama"), windowBox, addressSizes);
  if (lines === undefined) return undefined;
  const name = typeof person.values["fullName"] === "string" ? person.values["fullName"].trim() : "";
  return {
    stack: [
      ...drawLines(lines),
      drawBars(person.letterNumber, { x: mm(136), y: mm(16), height: mm(8), narrow: 0.75 }),
      { text: person.letterNumber, fontSize: 9, absolutePosition: { x: mm(136), y: mm(25) } },
      { text: paper.day, fontSize: 10, absolutePosition: { x: mm(136), y: mm(34) } },
      { text: paper.organisation, fontSize: 10, absolutePosition: { x: mm(136), y: mm(40) } },
      { text: paper.title, fontSize: 14, bold: true, alignment: "center", margin: [0, belowWindow - mm(18), 0, mm(4)] },
      ...letterBlocks(paper, name, inHead).flatMap((block): PdfContent[] => [
        ...(block.title === null ? [] : [{ text: block.title, fontSize: 10.5, bold: true, headlineLevel: mm(18), margin: [0, mm(2.5), 0, mm(1)] as const }]),
        ...block.lines.map((text): PdfContent => ({ text, lineHeight: 1.1, margin: [0, 0, 0, mm(1.2)] })),
      ]),
      ...(paper.locale === "ja" ? [{ text: "以上", alignment: "right" as const, color: quiet, margin: [0, mm(2), 0, 0] as const }] : []),
    ],
  };
}
