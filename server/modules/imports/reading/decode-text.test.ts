import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { decodeText } from "./decode-text.ts";

async function decode(bytes: Buffer, chunkBytes = 1 << 16): Promise<{ text: string; encoding: string }> {
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  const decoded = decodeText(chunks());
  let text = "";
  for await (const piece of decoded.pieces) text += piece;
  return { text, encoding: decoded.encoding };
}

const list = "氏名,会社,電話\r\n髙橋 一郎,㈱山田電機,03-1234-5678\r\n山﨑 花子,有限会社①,ﾀｶﾊｼ\r\n";

describe("decodeText", () => {
  it.each([
    ["utf-8", Buffer.from(list)],
    ["utf-8", Buffer.from(`\ufeff${list}`)],
    ["cp932", iconv.encode(list, "cp932")],
    ["utf-16le", Buffer.from(`\ufeff${list}`, "utf16le")],
    ["utf-16le", Buffer.from(list, "utf16le")],
    ["utf-16be", Buffer.from(`\ufeff${list}`, "utf16le").swap16()],
    ["utf-16be", Buffer.from(list, "utf16le").swap16()],
    ["euc-jp", iconv.encode("氏名,カナ\n山田 太郎,ヤマダ タロウ\n佐藤 花子,サトウ ハナコ\n", "euc-jp")],
  ])("recognises %s (case %#) and loses nothing", async (encoding, bytes) => {
    const decoded = await decode(bytes);
    expect(decoded.encoding).toBe(encoding);
    expect(Buffer.from(decoded.text).toString()).toBe(iconv.decode(bytes, encoding));
  });

  it("reads both codes of the NEC and IBM kanji of CP932", async () => {
    const bytes = Buffer.concat([iconv.encode("氏名\n", "cp932"), Buffer.from("eee00afbfc0aed950afab10a8740878afa580a8160817c0a", "hex")]);
    expect((await decode(bytes)).text).toBe("氏名\n髙\n髙\n﨑\n﨑\n①㈱㈱\n～－\n");
  });

  it("takes half-width kana alone for CP932 even where they happen to be valid UTF-8", async () => {
    expect(await decode(iconv.encode("ﾂｱ,ﾂｱ\nﾂｱ,ﾃﾏ\n", "cp932"))).toEqual({ text: "ﾂｱ,ﾂｱ\nﾂｱ,ﾃﾏ\n", encoding: "cp932" });
  });

  it("decides at the first byte that says something, megabytes after plain ASCII", async () => {
    const ascii = "id,name\n".repeat(100_000);
    for (const encoding of ["utf-8", "cp932"] as const) {
      const decoded = await decode(Buffer.concat([Buffer.from(ascii), iconv.encode("1,髙橋\n", encoding)]));
      expect(decoded.encoding).toBe(encoding);
      expect(decoded.text.endsWith("1,髙橋\n")).toBe(true);
    }
  });

  it("marks a broken byte without swallowing the delimiter or line break behind it", async () => {
    const good = iconv.encode("氏名,電話番号,住所\n".repeat(20), "cp932");
    const decoded = await decode(Buffer.concat([good, Buffer.from("822c41820a", "hex")]));
    expect(decoded.encoding).toBe("cp932");
    expect(decoded.text.endsWith("\ufffd,A\ufffd\n")).toBe(true);
    const utf8 = await decode(Buffer.concat([Buffer.from("氏名,電話番号,住所\n".repeat(20)), Buffer.from([0xe9, 0xab, 0x2c, 0x41, 0x0a])]));
    expect(utf8.encoding).toBe("utf-8");
    expect(utf8.text.endsWith("\ufffd,A\n")).toBe(true);
  });

  it.each([
    ["nul-byte", Buffer.from("a,b\n1,\0\n")],
    ["nul-byte", Buffer.concat([Buffer.from("a,b\n".repeat(40_000)), Buffer.from("1,\0\n")])],
    ["nul-byte", Buffer.from("\ufeffa\0b\n", "utf16le")],
    ["encoding-unknown", Buffer.from("\u001b$B;3ED\u001b(B\n", "latin1")],
    ["encoding-unknown", Buffer.from(Array.from({ length: 4000 }, (_, i) => (i % 3 === 0 ? 0x41 : 0xf5 + ((i * 7) % 11))))],
  ])("refuses %s (case %#)", async (reason, bytes) => {
    await expect(decode(bytes)).rejects.toMatchObject({ code: "file-unreadable", facts: { reason } });
  });

  it("gives the same text however the bytes are cut", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("utf-8", "cp932", "utf-16le", "utf-16be"),
        fc.integer({ min: 1, max: 17 }),
        fc.array(fc.constantFrom("髙橋", "ﾀｶ", "A,1", "\r\n", "㈱﨑①"), { minLength: 1, maxLength: 30 }),
        async (encoding, chunkBytes, words) => {
          const text = `氏名\n${words.join("")}`;
          const mark = encoding.startsWith("utf-16") ? "\ufeff" : "";
          const bytes = iconv.encode(mark + text, encoding, { addBOM: false });
          expect((await decode(bytes, chunkBytes)).text).toBe(text);
        },
      ),
      { numRuns: 60 },
    );
  });
});
