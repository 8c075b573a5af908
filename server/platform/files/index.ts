/** Files as they are made: PDF on paper sizes of one's own, encrypted workbooks. Plumbing: knows nothing of the product. */
export { countPages, mm, renderPdf, type PdfContent, type PdfDocument, type PdfMargins, type PdfShape, type PdfTable, type PdfText } from "./render-pdf.ts";
export { neutraliseFormula } from "./neutralise-formula.ts";
export { renderCsv } from "./render-csv.ts";
export { writeZip, type ZipEntry } from "./write-zip.ts";
export { renderWorkbook, type Sheet, type Workbook } from "./render-workbook.ts";
