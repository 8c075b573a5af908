import { expect, test, vi } from "vitest";
import { pdfText } from "#tests/support/pdf-text.ts";
import { mm, renderPdf, type PdfDocument } from "./index.ts";

/** Fonts are read once, which takes its time where much else runs. */
vi.setConfig({ testTimeout: 60_000 });

const document: PdfDocument = {
  title: "試し刷り",
  at: new Date("2026-11-22T00:00:00Z"),
  page: "A4",
  margins: [mm(20), mm(20), mm(20), mm(20)],
  hasPageNumbers: true,
  content: [
    "髙﨑 𠮷乃 葛\u{E0100}飾区 辻\u{E0100}",
    { table: { widths: [mm(40), "*"], body: [["項目", { text: "内容", bold: true }]] } },
    { stack: ["次のページ"], pageBreak: "before" },
  ],
};

test("rare kanji and their variants come out as they went in, page by page", async () => {
  const text = pdfText(await renderPdf(document));
  for (const part of ["髙﨑", "𠮷乃", "葛\u{E0100}飾区", "辻\u{E0100}", "項目", "内容", "次のページ", "1 / 2", "2 / 2"]) {
    expect(text).toContain(part);
  }
});

test("the same document is the same bytes, and is not written into", async () => {
  const before = structuredClone(document.content);
  expect(await renderPdf(document)).toEqual(await renderPdf(document));
  expect(document.content).toEqual(before);
});

test("nothing outside the document is fetched or read", async () => {
  const image = { image: "/etc/hostname" } as unknown as PdfDocument["content"][number];
  await expect(renderPdf({ ...document, content: [image] })).rejects.toThrow();
});

test("wherever a page ends, a heading that asks for room goes to the next page with what follows", async () => {
  const heading = (text: string, headlineLevel: number) => ({ text, headlineLevel, fontSize: 12, bold: true, margin: [0, 12, 0, 4] as const });
  const body = [["項目", "内容"], ...Array.from({ length: 4 }, (_, row) => [`行${row}`, "値"])];
  for (let before = 0; before < 8; before += 1) {
    const bytes = await renderPdf({
      ...document,
      page: { width: 300, height: 300 },
      content: [
        ...Array.from({ length: before }, () => "前置きの一行"),
        heading("大見出し", 90),
        heading("小見出し", 60),
        { table: { widths: [80, "*"], headerRows: 1, keepWithHeaderRows: 1, dontBreakRows: true, body } },
      ],
    });
    const [page = ""] = (pdfText(bytes).split("\f") as readonly string[]).filter((one) => one.includes("小見出し"));
    expect([before, page.includes("大見出し"), page.includes("項目"), page.includes("行0")]).toEqual([before, true, true, true]);
  }
});
