import fc from "fast-check";
import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { openTable } from "../open-table.ts";
import { previewTable } from "../preview-table.ts";
import { prepareRowPlan, type PlannedRow } from "../plan-row.ts";
import { sourceOfBuffer } from "../random-access-source.ts";
import type { SourceRow } from "../source-row.ts";
import { cardColumns } from "./card-cells.ts";

async function rowsOf(bytes: Buffer): Promise<SourceRow[]> {
  const table = await openTable(sourceOfBuffer(bytes));
  const rows: SourceRow[] = [];
  for await (const batch of table.rows(0)) rows.push(...batch.rows);
  expect(rows[0]?.cells).toEqual(cardColumns);
  return rows.slice(1);
}
/** What the cards become with the mapping that is proposed for them. */
async function people(bytes: Buffer): Promise<PlannedRow[]> {
  const table = await openTable(sourceOfBuffer(bytes));
  const { headerRow, guesses } = await previewTable(table, 0);
  const plan = prepareRowPlan({ headerRow, columns: guesses });
  return (await rowsOf(bytes)).map(plan);
}
const filled = (row: SourceRow | undefined): Record<string, string> =>
  Object.fromEntries(cardColumns.map((column, at) => [column, row?.cells[at] ?? ""] as const).filter(([, cell]) => cell !== ""));
const file = (...lines: string[]): Buffer => Buffer.from(`${lines.join("\r\n")}\r\n`);
const quote = (text: string, charset: string): string =>
  [...iconv.encode(text, charset)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");

const apple = file(
  "BEGIN:VCARD",
  "VERSION:3.0",
  "PRODID:-//Apple Inc.//iPhone OS 17.0//EN",
  "N:架空;太郎;;;",
  "FN:架空 太郎",
  "X-PHONETIC-FIRST-NAME:たろう",
  "X-PHONETIC-LAST-NAME:かくう",
  "ORG:株式会社見本;営業部",
  "TITLE:課長",
  "item1.EMAIL;type=INTERNET;type=HOME:taro@home.example",
  "EMAIL;type=INTERNET;type=WORK;type=pref:taro@work.example",
  "TEL;type=HOME;type=VOICE:03-1111-2222",
  "TEL;type=CELL;type=VOICE:090-1111-2222",
  "TEL;type=WORK;type=VOICE:03-3333-4444",
  "TEL;type=WORK;type=FAX:03-3333-5555",
  "ADR;type=WORK:;見本ビル3F;芝公園1-2-3;港区;東京都;105-0011;日本",
  "BDAY:1980-04-01",
  "NOTE:一行目\\n二行目\\, 終わり",
  "X-SOCIALPROFILE;type=twitter:https://social.example/taro",
  `PHOTO;ENCODING=b;TYPE=JPEG:${"QUJD".repeat(60)}`,
  ` ${"QUJD".repeat(60)}`,
  "END:VCARD",
);

describe("cards of today (3.0 and 4.0)", () => {
  it("become rows that map themselves, the address joined the Japanese way", async () => {
    expect(await people(apple)).toMatchObject([
      {
        kind: "planned",
        row: 2,
        problems: [],
        values: {
          fullName: "架空　太郎",
          kana: "カクウ　タロウ",
          companyName: "株式会社見本",
          section: "営業部",
          jobTitle: "課長",
          mail: "taro@work.example",
          phone: "03-3333-4444",
          mobile: "090-1111-2222",
          fax: "03-3333-5555",
          postalCode: "105-0011",
          address: "東京都港区芝公園1-2-3 見本ビル3F",
          birthDate: "1980-04-01",
          notes: "一行目\n二行目, 終わり",
        },
      },
    ]);
  });

  it("leave nothing out unseen: what has no place of its own and that there was a picture stand beside", async () => {
    const [card] = await rowsOf(apple);
    expect(filled(card)).toMatchObject({
      メール2: "taro@home.example",
      電話2: "03-1111-2222",
      写真: "あり(取り込みません)",
      ほかの項目: "X-SOCIALPROFILE: https://social.example/taro",
    });
  });

  it("read version 4.0 with its URIs, basic dates and sorting", async () => {
    const bytes = file(
      "BEGIN:VCARD",
      "VERSION:4.0",
      'N;SORT-AS="ミホン,ハナコ":見本;花子;;;',
      "FN:見本 花子",
      'TEL;VALUE=uri;TYPE="voice,cell";PREF=1:tel:+81-90-3333-4444',
      "BDAY:19840229",
      "GENDER:F",
      "END:VCARD",
      "begin:vcard",
      "version:4.0",
      "fn:株式会社だけ",
      "kind:org",
      "org:株式会社だけ",
      "bday:--0401",
      "end:vcard",
    );
    expect(await people(bytes)).toMatchObject([
      {
        kind: "planned",
        values: { fullName: "見本　花子", kana: "ミホン　ハナコ", mobile: "090-3333-4444", birthDate: "1984-02-29", gender: expect.any(String) as string },
        problems: [],
      },
      { kind: "planned", values: { companyName: "株式会社だけ" }, problems: [] },
    ]);
    const [, firm] = await rowsOf(bytes);
    expect(filled(firm)).toEqual({ 会社名: "株式会社だけ", ほかの項目: "BDAY: --04-01" });
  });

  it("put a character together that was folded between its octets", async () => {
    const whole = file("BEGIN:VCARD", "VERSION:3.0", "FN:折返 次郎", "N:折返;次郎;;;", "END:VCARD");
    const at = whole.indexOf("次郎") + 1;
    const folded = Buffer.concat([whole.subarray(0, at), Buffer.from("\r\n "), whole.subarray(at)]);
    expect(filled((await rowsOf(folded))[0])).toEqual({ 氏名: "折返　次郎" });
  });
});

describe("cards of Japanese mobile telephones (2.1)", () => {
  it("are quoted-printable in Shift_JIS, whose ソ ends like a backslash, with bare types and soft breaks", async () => {
    const name = quote("ソ田;表;;;".replaceAll(";", "\u0001"), "cp932").replaceAll("=01", ";");
    const note = quote("十年来のお客様", "cp932");
    const bytes = file(
      "BEGIN:VCARD",
      "VERSION:2.1",
      `N;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:${name}`,
      `SOUND;X-IRMC-N;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:${quote("ｿﾀﾞ", "cp932")};${quote("ｵﾓﾃ", "cp932")};;;`,
      "TEL;CELL;VOICE:09055556666",
      "TEL;WORK;FAX:03-5555-6666",
      `NOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=SHIFT_JIS:${note.slice(0, 18)}=`,
      note.slice(18),
      "PHOTO;TYPE=JPEG;ENCODING=BASE64:",
      ` ${"QUJD".repeat(18)}`,
      ` ${"QUJD".repeat(5)}Qw==`,
      "",
      "END:VCARD",
      "BEGIN:VCARD",
      "VERSION:2.1",
      `N:${quote("=", "ascii")}`,
      "END:VCARD",
    );
    const [card] = await rowsOf(bytes);
    expect(filled(card)).toEqual({
      氏名: "ソ田　表",
      フリガナ: "ｿﾀﾞ　ｵﾓﾃ",
      携帯: "09055556666",
      FAX: "03-5555-6666",
      備考: "十年来のお客様",
      写真: "あり(取り込みません)",
    });
    expect((await people(bytes))[0]).toMatchObject({ kind: "planned", values: { kana: "ソダ　オモテ", mobile: "090-5555-6666" }, problems: [] });
  });

  it("may stand in Shift_JIS as a whole", async () => {
    const text = "BEGIN:VCARD\r\nVERSION:2.1\r\nN:予約;能子\r\nORG:表示能力株式会社;第一課\r\nTEL;CELL:090-1212-3434\r\nEND:VCARD\r\n";
    expect(filled((await rowsOf(iconv.encode(text, "cp932")))[0])).toMatchObject({ 氏名: "予約　能子", 会社名: "表示能力株式会社", 部署: "第一課" });
  });
});

describe("files that are not as they should be", () => {
  it("report a card that says nothing readable with its place, and go on", async () => {
    const bytes = file(
      "BEGIN:VCARD",
      "VERSION:3.0",
      "ここには何もない",
      "END:VCARD",
      "BEGIN:VCARD",
      "VERSION:3.0",
      "N:次;の",
      "FN:次 の",
      "TEL;CELL:090-1",
      "END:VCARD",
    );
    const planned = await people(bytes);
    expect(planned[0]).toMatchObject({ kind: "held-back", row: 2, problems: [{ code: "broken-card" }] });
    expect(planned[1]).toMatchObject({ row: 3, values: { fullName: "次　の" } });
  });

  it("hold a picture of any size in one line without holding it", async () => {
    const bytes = Buffer.concat([
      Buffer.from("BEGIN:VCARD\nVERSION:3.0\nFN:画像 大\nPHOTO;ENCODING=b:"),
      Buffer.alloc(5_000_000, "QUJD"),
      Buffer.from("\nTEL;TYPE=CELL:090-7777-8888\nEND:VCARD\n"),
    ]);
    expect(filled((await rowsOf(bytes))[0])).toMatchObject({ 氏名: "画像 大", 携帯: "090-7777-8888", 写真: "あり(取り込みません)" });
  });

  it("refuse a line that no address book writes", async () => {
    await expect(rowsOf(Buffer.concat([Buffer.from("BEGIN:VCARD\nNOTE:"), Buffer.alloc(3_000_000, "x")]))).rejects.toMatchObject({
      code: "file-unreadable",
      facts: { reason: "row-too-long" },
    });
  });

  it("give a row for every card whatever stands between, or are refused", async () => {
    const line = fc.oneof(
      fc.constantFrom(
        "N;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:=8",
        "TEL;CELL",
        "ADR:;;",
        "AGENT:",
        "BEGIN:VCARD",
        "END:VCARD",
        'ORG;X="a:b',
        "BDAY;VALUE=date:--",
        " x",
        "N:=",
        "PHOTO:",
      ),
      fc.string({ maxLength: 30 }).map((text) => text.replaceAll("\0", "")),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 25 }), fc.integer({ min: 1, max: 40 }), async (lines, chunk) => {
        const bytes = file("BEGIN:VCARD", "VERSION:3.0", "FN:x", ...lines, "END:VCARD", "BEGIN:VCARD", "FN:最後", "END:VCARD");
        const whole = sourceOfBuffer(bytes);
        const table = await openTable({ size: whole.size, read: (offset, length) => whole.read(offset, Math.min(length, offset === 0 ? length : chunk)) });
        const rows: SourceRow[] = [];
        for await (const batch of table.rows(0)) rows.push(...batch.rows);
        expect(rows.length).toBeGreaterThanOrEqual(2);
        expect(rows.every((row) => row.cells.length === cardColumns.length)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});
