import type { RandomAccessSource } from "./random-access-source.ts";
import { unreadable } from "./unreadable.ts";

/**
 * Whether a file is a zip (then it may be .xlsx), an address book (vCard) or text, by its first bytes and not by its name.
 * @throws Problem file-unreadable with the reason: `empty-file`, `old-excel` (.xls), `encrypted`, `html` (an .xls that is a
 * web page), `wrong-type` (PDF, pictures, other archives).
 */
export async function sniffFileKind(source: RandomAccessSource): Promise<"zip" | "vcard" | "text"> {
  if (source.size === 0) throw unreadable("empty-file");
  const head = await source.read(0, Math.min(4096, source.size));
  const starts = (...bytes: number[]): boolean => bytes.every((byte, i) => head[i] === byte);
  if (starts(0x50, 0x4b, 0x03, 0x04)) return "zip";
  if (starts(0x50, 0x4b, 0x05, 0x06)) throw unreadable("other-zip");
  if (starts(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1)) throw unreadable((await isEncryptedPackage(source, head)) ? "encrypted" : "old-excel");
  const isForeign =
    starts(0x25, 0x50, 0x44, 0x46) || // PDF
    starts(0x89, 0x50, 0x4e, 0x47) || // PNG
    starts(0xff, 0xd8, 0xff) || // JPEG
    starts(0x47, 0x49, 0x46, 0x38) || // GIF
    starts(0x1f, 0x8b) || // gzip
    starts(0x37, 0x7a, 0xbc, 0xaf) || // 7z
    starts(0x52, 0x61, 0x72, 0x21); // RAR
  if (isForeign) throw unreadable("wrong-type");
  const text = head
    .toString("latin1")
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart()
    .toLowerCase();
  if (text.startsWith("<!doctype html") || text.startsWith("<html") || text.startsWith("<table")) throw unreadable("html");
  if (text.startsWith("<?xml") || text.startsWith("{\\rtf")) throw unreadable("wrong-type");
  const wide = starts(0xff, 0xfe) ? head.subarray(2, 64).toString("utf16le").trimStart().toLowerCase() : "";
  return /^begin\s*:\s*vcard/.test(text) || wide.startsWith("begin:vcard") ? "vcard" : "text";
}

/** An encrypted .xlsx is a compound file ([MS-CFB]) with a stream named EncryptedPackage ([MS-OFFCRYPTO] 2.3.4.4). */
async function isEncryptedPackage(source: RandomAccessSource, head: Buffer): Promise<boolean> {
  if (head.length < 512) return false;
  const sectorBytes = 1 << Math.min(16, head.readUInt16LE(30));
  const directoryAt = (head.readUInt32LE(48) + 1) * sectorBytes;
  if (directoryAt >= source.size) return false;
  const directory = await source.read(directoryAt, Math.min(8192, source.size - directoryAt));
  return directory.includes(Buffer.from("EncryptedPackage", "utf16le"));
}
