import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";
import { parentPort } from "node:worker_threads";
import pdfmake from "pdfmake";
import type { Made, PdfDocument } from "./render-pdf.ts";

const fontsFolder = dirname(createRequire(import.meta.url).resolve("@expo-google-fonts/noto-sans-jp/package.json"));
const regular = join(fontsFolder, "400Regular", "NotoSansJP_400Regular.ttf");
const bold = join(fontsFolder, "700Bold", "NotoSansJP_700Bold.ttf");

pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => path.startsWith(`${fontsFolder}${sep}`));
pdfmake.addTableLayouts({
  /** Grey lines between rows, and none else: of a table without a header. */
  thinLines: {
    hLineWidth: (line: number, node: { readonly table: { readonly body: readonly unknown[] } }) => (line === 0 || line === node.table.body.length ? 0 : 0.5),
    vLineWidth: () => 0,
    hLineColor: () => "#999999",
    paddingLeft: (column: number) => (column === 0 ? 0 : 6),
    paddingRight: (column: number, node: { readonly table: { readonly widths: readonly unknown[] } }) => (column === node.table.widths.length - 1 ? 0 : 6),
  },
});
pdfmake.setFonts({ NotoSansJP: { normal: regular, bold, italics: regular, bolditalics: bold } });

interface LaidOut {
  readonly headlineLevel?: number;
  readonly startPosition: { readonly top: number; readonly pageInnerHeight: number };
}

async function make(document: PdfDocument): Promise<Buffer> {
  const pageNumber = (page: number, pages: number): object => ({
    text: `${page} / ${pages}`,
    alignment: "center",
    fontSize: 8,
    color: "#555555",
    margin: [0, Math.max(0, document.margins[3] - 24), 0, 0],
  });
  return pdfmake
    .createPdf({
      info: { title: document.title, creationDate: document.at, modDate: document.at, producer: "Kuraban", creator: "Kuraban" },
      lang: document.language ?? "ja",
      pageSize: document.page,
      pageMargins: [...document.margins],
      defaultStyle: { font: "NotoSansJP", fontSize: document.fontSize ?? 10 },
      content: document.content,
      pageBreakBefore: ({ headlineLevel, startPosition }: LaidOut) =>
        headlineLevel !== undefined &&
        document.margins[1] + startPosition.pageInnerHeight - startPosition.top < Math.min(headlineLevel, startPosition.pageInnerHeight / 2),
      ...(document.mark === undefined
        ? {}
        : { header: { text: document.mark, alignment: "center", fontSize: 11, bold: true, color: "#b3261e", margin: [0, 18, 0, 0] } }),
      ...(document.hasPageNumbers === true ? { footer: pageNumber } : {}),
    })
    .getBuffer();
}

/** The thread of `renderPdf`. Of an error only its kind is told: its message may quote the document. */
parentPort?.on("message", ({ no, document }: { no: number; document: PdfDocument }) => {
  make(document).then(
    (made) => {
      const bytes = new Uint8Array(made);
      parentPort?.postMessage({ no, bytes } satisfies Made, [bytes.buffer]);
    },
    (error: unknown) => parentPort?.postMessage({ no, error: error instanceof Error ? error.constructor.name : typeof error } satisfies Made),
  );
});
