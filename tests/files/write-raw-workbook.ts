import { writeZip, type ZipEntry } from "./write-zip.ts";

const main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

export interface RawWorkbook {
  /** Inner XML of `sheetData` of each sheet. */
  readonly sheets: readonly { readonly name: string; readonly data: string; readonly state?: string }[];
  /** Inner XML of `sst`. */
  readonly strings?: string;
  /** Inner XML of `styleSheet`. */
  readonly styles?: string;
  readonly date1904?: boolean;
  readonly extra?: readonly ZipEntry[];
  /** Changes the parts just before they are packed. */
  readonly change?: (entry: ZipEntry) => ZipEntry;
}

/** A workbook of raw XML parts, for what no writer library writes: phonetic runs, error cells, the 1904 system, damage. */
export function writeRawWorkbook({ sheets, strings, styles, date1904, extra, change }: RawWorkbook): Buffer {
  const relation = (id: string, type: string, target: string): string => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`;
  const relations = (inner: string): string =>
    `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${inner}</Relationships>`;
  const entries: ZipEntry[] = [
    { name: "_rels/.rels", content: relations(relation("r1", "officeDocument", "xl/workbook.xml")) },
    {
      name: "xl/workbook.xml",
      content: `<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr date1904="${date1904 === true ? 1 : 0}"/><sheets>${sheets
        .map(({ name, state }, i) => `<sheet name="${name}" sheetId="${i + 1}"${state === undefined ? "" : ` state="${state}"`} r:id="s${i + 1}"/>`)
        .join("")}</sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      content: relations(
        [
          ...sheets.map((_, i) => relation(`s${i + 1}`, "worksheet", `worksheets/sheet${i + 1}.xml`)),
          relation("st", "styles", "styles.xml"),
          relation("ss", "sharedStrings", "/xl/sharedStrings.xml"),
        ].join(""),
      ),
    },
    { name: "xl/styles.xml", content: `<styleSheet xmlns="${main}">${styles ?? ""}</styleSheet>` },
    { name: "xl/sharedStrings.xml", content: `<sst xmlns="${main}">${strings ?? ""}</sst>` },
    ...sheets.map(({ data }, i) => ({
      name: `xl/worksheets/sheet${i + 1}.xml`,
      content: `<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="${main}"><sheetData>${data}</sheetData></worksheet>`,
    })),
    ...(extra ?? []),
  ];
  return writeZip(change === undefined ? entries : entries.map(change));
}
