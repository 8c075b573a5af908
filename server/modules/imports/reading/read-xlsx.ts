import { StringDecoder } from "node:string_decoder";
import { readCellStyles } from "./cell-styles.ts";
import { openZip, type ZipParts } from "./open-zip.ts";
import type { RandomAccessSource } from "./random-access-source.ts";
import { readSheet, type SheetContext } from "./read-sheet.ts";
import { createXmlScanner, readAttribute } from "./scan-xml.ts";
import { readSharedStrings } from "./shared-strings.ts";
import type { RowBatch } from "./source-row.ts";
import { unreadable } from "./unreadable.ts";

const maxSheets = 256;

export interface WorkbookSheet {
  readonly name: string;
  readonly isHidden: boolean;
  /** Last row by the sheet's own word (`dimension`); `null` when it does not say. */
  readonly rows: number | null;
}

export interface Workbook {
  readonly sheets: readonly WorkbookSheet[];
  /** The date system that counts from 1904: plain numbers meant as dates need it too. */
  readonly is1904: boolean;
  /** Rows of one sheet by its index in `sheets`. */
  rows(sheet: number): AsyncGenerator<RowBatch>;
  close(): void;
}

/**
 * Open an Office Open XML workbook (ECMA-376, transitional and strict) for streaming. Memory is bounded whatever its size:
 * the shared strings (at most 256 MiB) and one row are held. Formulas give their stored value; merged cells give theirs
 * to the first cell of the range only.
 * @throws Problem file-unreadable with its reason, file-too-large for too many shared strings
 */
export async function openXlsx(source: RandomAccessSource, mostPartBytes?: number): Promise<Workbook> {
  const zip = await openZip(source, mostPartBytes);
  try {
    const workbookPart = await findWorkbookPart(zip);
    const relations = await readRelations(zip, workbookPart);
    const { is1904, sheets } = await readWorkbookPart(zip, workbookPart, relations);
    const stringsPart = [...relations.values()].find((relation) => relation.type.endsWith("/sharedStrings"))?.target;
    const stylesPart = [...relations.values()].find((relation) => relation.type.endsWith("/styles"))?.target;
    const styles = stylesPart !== undefined && zip.has(stylesPart) ? await readCellStyles(textsOf(zip.read(stylesPart))) : [];
    let context: Promise<SheetContext> | undefined;
    const openContext = async (): Promise<SheetContext> => {
      const chunks = stringsPart !== undefined && zip.has(stringsPart) ? zip.read(stringsPart) : emptyChunks();
      return { strings: await readSharedStrings(chunks), styles, is1904 };
    };
    return {
      sheets: sheets.map(({ name, isHidden, rows }) => ({ name, isHidden, rows })),
      is1904,
      async *rows(sheet) {
        const part = sheets[sheet]?.part;
        if (part === undefined) throw unreadable("no-such-sheet");
        yield* readSheet(sizedTexts(zip.read(part)), zip.sizeOf(part), await (context ??= openContext()));
      },
      close: () => zip.close(),
    };
  } catch (error) {
    zip.close();
    throw error;
  }
}

async function findWorkbookPart(zip: ZipParts): Promise<string> {
  if (!zip.has("_rels/.rels")) throw unreadable(zip.has("content.xml") ? "open-document" : "other-zip");
  const relations = await readRelations(zip, "");
  const part = [...relations.values()].find((relation) => relation.type.endsWith("/officeDocument"))?.target;
  if (part === undefined || !zip.has(part)) throw unreadable("other-zip");
  if (part.toLowerCase().endsWith(".bin")) throw unreadable("excel-binary");
  return part;
}

interface Relation {
  readonly type: string;
  readonly target: string;
}

/** The relations of a part (ECMA-376 part 2, 6.5) by id, targets resolved to part names. */
async function readRelations(zip: ZipParts, part: string): Promise<Map<string, Relation>> {
  const folder = part.slice(0, part.lastIndexOf("/") + 1);
  const relations = new Map<string, Relation>();
  const name = `${folder}_rels/${part.slice(folder.length)}.rels`;
  if (!zip.has(name)) return relations;
  await scan(zip, name, (element, attributes) => {
    if (element !== "Relationship" || relations.size > 10_000) return;
    const target = readAttribute(attributes, "Target") ?? "";
    if (readAttribute(attributes, "TargetMode") === "External") return;
    relations.set(readAttribute(attributes, "Id") ?? "", { type: readAttribute(attributes, "Type") ?? "", target: resolvePart(folder, target) });
  });
  return relations;
}

function resolvePart(folder: string, target: string): string {
  const steps = target.startsWith("/") ? [] : folder.split("/").filter(Boolean);
  for (const step of target.split("/")) {
    if (step === "..") steps.pop();
    else if (step !== "" && step !== ".") steps.push(step);
  }
  return steps.join("/");
}

interface SheetPart extends WorkbookSheet {
  readonly part: string;
}

async function readWorkbookPart(zip: ZipParts, part: string, relations: Map<string, Relation>): Promise<{ is1904: boolean; sheets: SheetPart[] }> {
  let is1904 = false;
  let isSpreadsheet = false;
  const found: { name: string; isHidden: boolean; part: string }[] = [];
  await scan(zip, part, (element, attributes) => {
    if (element === "workbook") isSpreadsheet = true;
    else if (element === "workbookPr") is1904 = /^(?:1|true|on)$/.test(readAttribute(attributes, "date1904") ?? "");
    else if (element === "sheet") {
      const relation = relations.get(/(?:^|\s)[\w.-]+:id\s*=\s*["']([^"']*)/.exec(attributes)?.[1] ?? "");
      if (relation === undefined || !relation.type.endsWith("/worksheet") || !zip.has(relation.target)) return;
      found.push({
        name: readAttribute(attributes, "name") ?? "",
        isHidden: (readAttribute(attributes, "state") ?? "visible") !== "visible",
        part: relation.target,
      });
      if (found.length > maxSheets) throw unreadable("too-many-sheets");
    }
  });
  if (!isSpreadsheet) throw unreadable("other-zip");
  if (found.length === 0) throw unreadable("empty-file");
  const sheets: SheetPart[] = [];
  for (const sheet of found) sheets.push({ ...sheet, rows: await readLastRow(zip, sheet.part) });
  return { is1904, sheets };
}

/** `<dimension ref="A1:T1001"/>` stands in the first kilobytes or not at all. */
async function readLastRow(zip: ZipParts, part: string): Promise<number | null> {
  for await (const chunk of zip.read(part)) {
    const reference = /<(?:\w+:)?dimension\b[^>]*\bref="(?:[A-Z]+\d+:)?[A-Z]+(\d+)"/.exec(chunk.toString("latin1"));
    return reference?.[1] === undefined ? null : Number(reference[1]);
  }
  return null;
}

async function scan(zip: ZipParts, part: string, open: (element: string, attributes: string) => void): Promise<void> {
  const scanner = createXmlScanner({ open, close() {}, text() {} });
  for await (const text of textsOf(zip.read(part))) scanner.write(text);
  scanner.end();
}

async function* textsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  for await (const chunk of sizedTexts(chunks)) yield chunk.text;
}

/** The parts of a workbook are UTF-8, rarely UTF-16 with a byte order mark (ECMA-376 part 2, 6.2.5). */
async function* sizedTexts(chunks: AsyncIterable<Buffer>): AsyncGenerator<{ text: string; bytes: number }> {
  let decoder: StringDecoder | undefined;
  for await (const chunk of chunks) {
    if (decoder === undefined && chunk[0] === 0xfe && chunk[1] === 0xff) throw unreadable("encoding-unknown");
    decoder ??= new StringDecoder(chunk[0] === 0xff && chunk[1] === 0xfe ? "utf16le" : "utf8");
    yield { text: decoder.write(chunk).replace(/^\ufeff/, ""), bytes: chunk.length };
  }
}

async function* emptyChunks(): AsyncGenerator<Buffer> {
  yield Buffer.from("<sst/>");
}
