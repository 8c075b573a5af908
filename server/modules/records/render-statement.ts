import type { RenderedFile } from "#server/core/door/index.ts";
import { mm, renderPdf, type PdfContent } from "#server/platform/files/index.ts";
import { momentInWords, verifyingWords } from "./verifying-words.ts";

/** A statement as a letter: from whom and when, what it is called, what it says, how to verify it. `name`: of the file. */
export async function renderStatement(
  statement: Parameters<typeof verifyingWords>[0] & { readonly at: string; readonly organisation: string },
  letter: { readonly title: string; readonly content: readonly PdfContent[]; readonly proves: string; readonly name: string },
): Promise<RenderedFile> {
  const bytes = await renderPdf({
    title: letter.title,
    at: new Date(statement.at),
    page: "A4",
    margins: [mm(20), mm(20), mm(20), mm(22)],
    fontSize: 10,
    hasPageNumbers: true,
    content: [
      { text: momentInWords(statement.at), alignment: "right" },
      { text: statement.organisation, alignment: "right", margin: [0, 0, 0, mm(8)] },
      { text: letter.title, fontSize: 16, bold: true, alignment: "center", margin: [0, 0, 0, mm(5)] },
      ...letter.content,
      ...verifyingWords(statement, letter.proves),
    ],
  });
  return { bytes, type: "application/pdf", name: letter.name };
}
