import { openZip } from "#server/modules/imports/reading/open-zip.ts";
import { sourceOfBuffer } from "#server/modules/imports/reading/random-access-source.ts";

/** The text of the body and the first header of a Word file (ISO/IEC 29500), each paragraph a line. */
export async function readWord(bytes: Buffer): Promise<string> {
  const zip = await openZip(sourceOfBuffer(bytes));
  const texts: string[] = [];
  for (const name of ["word/document.xml", "word/header1.xml"]) {
    const parts: Buffer[] = [];
    for await (const part of zip.read(name)) parts.push(part);
    const xml = Buffer.concat(parts).toString("utf8");
    texts.push(
      xml
        .replaceAll(/<\/w:p>|<w:br\/>/g, "\n")
        .replaceAll(/<[^>]+>/g, "")
        .replaceAll("&amp;", "&"),
    );
  }
  zip.close();
  return texts.join("\n");
}
