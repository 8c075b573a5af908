import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { Problem } from "#shared/problems.ts";
import { writeRawWorkbook } from "#tests/files/write-raw-workbook.ts";
import { writeZip } from "#tests/files/write-zip.ts";
import { openTable } from "./open-table.ts";
import { sourceOfBuffer, type RandomAccessSource } from "./random-access-source.ts";

async function readAll(source: RandomAccessSource): Promise<number> {
  const table = await openTable(source);
  let rows = 0;
  for (const { sheet } of table.sheets) for await (const batch of table.rows(sheet)) rows += batch.rows.length;
  table.close();
  return rows;
}

const good = `<row r="1"><c r="A1" t="inlineStr"><is><t>氏名</t></is></c></row>`;
const one = { sheets: [{ name: "a", data: good }] };

function compoundFile(streamName: string): Buffer {
  const bytes = Buffer.alloc(2048);
  Buffer.from("d0cf11e0a1b11ae1", "hex").copy(bytes);
  bytes.writeUInt16LE(9, 30);
  bytes.writeUInt32LE(1, 48);
  Buffer.from(streamName, "utf16le").copy(bytes, 1024 + 128);
  return bytes;
}

const bomb = `<row r="1">${" ".repeat(40 * 1024 * 1024)}</row>`;

describe("files that are refused with their reason", () => {
  it.each<[string, Buffer]>([
    ["empty-file", Buffer.alloc(0)],
    ["empty-file", Buffer.from("\r\n\r\n")],
    ["wrong-type", Buffer.from("%PDF-1.7\n…")],
    ["wrong-type", Buffer.from("89504e470d0a1a0a", "hex")],
    ["wrong-type", Buffer.from('<?xml version="1.0"?><Workbook/>')],
    ["html", Buffer.from("\ufeff<HTML><table><tr><td>氏名</td></tr></table>")],
    ["old-excel", compoundFile("Workbook")],
    ["encrypted", compoundFile("EncryptedPackage")],
    ["other-zip", writeZip([{ name: "a.txt", content: "x" }])],
    [
      "other-zip",
      writeRawWorkbook({ ...one, change: (entry) => (entry.name === "xl/workbook.xml" ? { ...entry, content: "<w:document xmlns:w='w'/>" } : entry) }),
    ],
    ["open-document", writeZip([{ name: "content.xml", content: "<x/>" }])],
    [
      "excel-binary",
      writeZip([
        { name: "_rels/.rels", content: `<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>` },
        { name: "xl/workbook.bin", content: "x" },
      ]),
    ],
    ["encrypted", writeRawWorkbook({ ...one, change: (entry) => (entry.name.includes("sheet1") ? { ...entry, isEncrypted: true } : entry) })],
    ["zip-damaged", writeRawWorkbook(one).subarray(0, 900)],
    ["zip-damaged", writeRawWorkbook({ ...one, change: (entry) => (entry.name.includes("sheet1") ? { ...entry, claimedSize: 10 } : entry) })],
    ["zip-bomb", writeRawWorkbook({ sheets: [{ name: "a", data: bomb }] })],
    ["zip-bomb", writeZip(Array.from({ length: 10_001 }, (_, i) => ({ name: `f${i}`, content: "" })))],
    ["xml-malformed", writeRawWorkbook({ sheets: [{ name: "a", data: "<row><c></row>" }] })],
    ["xml-malformed", writeRawWorkbook({ sheets: [{ name: "a", data: "<row>".repeat(100) }] })],
    [
      "xml-malformed",
      writeRawWorkbook({
        ...one,
        change: (entry) => (entry.name.includes("sheet1") ? { ...entry, content: `<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>` } : entry),
      }),
    ],
    [
      "xml-malformed",
      writeRawWorkbook({ ...one, change: (entry) => (entry.name.includes("sheet1") ? { ...entry, content: "<worksheet><sheetData>" } : entry) }),
    ],
    ["xml-malformed", writeRawWorkbook({ sheets: [{ name: "a", data: `<row><c t="s"><v>99</v></c></row>` }] })],
    ["too-many-columns", writeRawWorkbook({ sheets: [{ name: "a", data: `<row r="1"><c r="NTP1"><v>1</v></c></row>` }] })],
    ["too-many-columns", Buffer.from(`${"a,".repeat(10_000)}b\n`)],
    ["too-many-sheets", writeRawWorkbook({ sheets: Array.from({ length: 300 }, (_, i) => ({ name: `s${i}`, data: "" })) })],
    ["nul-byte", Buffer.from("a,b\n1\0,2\n3,4\n5,6\n")],
  ])("%s (case %#)", async (reason, bytes) => {
    await expect(readAll(sourceOfBuffer(bytes))).rejects.toMatchObject({ code: "file-unreadable", facts: { reason } });
  });

  it("a size that the directory hides is found while reading, before it fills the memory", async () => {
    const packed = deflateRawSync(Buffer.alloc(64 * 1024 * 1024, 32));
    expect(packed.length).toBeLessThan(100_000);
    const bytes = writeRawWorkbook({
      sheets: [{ name: "a", data: " ".repeat(64 * 1024 * 1024) }],
      change: (entry) => (entry.name.includes("sheet1") ? { ...entry, claimedSize: 1000 } : entry),
    });
    await expect(readAll(sourceOfBuffer(bytes))).rejects.toMatchObject({ facts: { reason: "zip-damaged" } });
  });
});

describe("whatever comes", () => {
  const workbook = writeRawWorkbook({ strings: "<si><t>山田</t></si>", sheets: [{ name: "a", data: `${good}<row r="2"><c r="A2" t="s"><v>0</v></c></row>` }] });
  const csv = iconv.encode('氏名,電話\r\n"髙橋, 一郎",03-1234-5678\r\n'.repeat(30), "cp932");

  it("a damaged file is read as far as it goes or refused as a Problem, never anything else", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(workbook, csv),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.option(fc.nat()),
        async (file, changes, cut) => {
          const bytes = Buffer.from(file);
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          const damaged = cut === null ? bytes : bytes.subarray(0, cut % bytes.length);
          const outcome = await readAll(sourceOfBuffer(damaged)).catch((error: unknown) => error);
          expect(typeof outcome === "number" || outcome instanceof Problem).toBe(true);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("an error of the storage is passed on as itself and not called a damaged file", async () => {
    const source: RandomAccessSource = {
      size: workbook.length,
      read: (offset, length) =>
        offset < 40 && length > 100 ? Promise.resolve(workbook.subarray(offset, offset + length)) : Promise.reject(new Error("disk gone")),
    };
    await expect(readAll(source)).rejects.toThrow("disk gone");
  });
});
