import fc from "fast-check";
import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { describe, expect, it } from "vitest";
import { fieldTypes } from "#shared/fields.ts";
import { normalise } from "./normalise.ts";

describe("phones", () => {
  it.each([
    ["03-1234-5678", "03-1234-5678"],
    ["０３（１２３４）５６７８", "03-1234-5678"],
    ["0312345678", "03-1234-5678"],
    ["312345678", "03-1234-5678"],
    ["3-1234-5678", "03-1234-5678"],
    ["9012345678", "090-1234-5678"],
    ["090ー1234ー5678", "090-1234-5678"],
    ["090−1234−5678", "090-1234-5678"],
    ["+81 90-1234-5678", "090-1234-5678"],
    ["+81 (0)3-1234-5678", "03-1234-5678"],
    ["0422211234", "0422-21-1234"],
    ["0120123456", "0120-123-456"],
    ["8001234567", "0800-123-4567"],
    ["05012345678", "050-1234-5678"],
    ["TEL:03-1234-5678(代)", "03-1234-5678"],
    ["℡ 03-1234-5678", "03-1234-5678"],
    ["03-1234-5678 内線12", "03-1234-5678 内線12"],
    ["03-1234-5678（内123）", "03-1234-5678 内線123"],
    ["+1 650-253-0000", "+1 650 253 0000"],
    ["なし", ""],
    ["-", ""],
  ])("reads %j as %j", (text, value) => {
    expect(normalise("phone", text)).toEqual({ value });
  });

  it.each(["03-1234-567", "0901234567", "12345", "9.01E+10", "123456789012", "電話なし03", "100000000", "内線12", "4012345678"])("refuses %j", (text) => {
    expect(normalise("phone", text)).toEqual({ problem: "bad-phone" });
  });

  it("gives several numbers of one cell apart", () => {
    expect(normalise("phone", "03-1234-5678 / 090-1111-2222、0312345678")).toEqual({ value: "03-1234-5678", others: ["090-1111-2222"] });
    expect(normalise("phone", "03-1234-5678\n06-1234-5678")).toEqual({ value: "03-1234-5678", others: ["06-1234-5678"] });
    expect(normalise("phone", "03-1234-5678 090-1111-2222")).toEqual({ value: "03-1234-5678", others: ["090-1111-2222"] });
  });

  it("sets hyphens exactly where libphonenumber does, for every number that it knows", () => {
    const number = fc
      .string({ unit: fc.constantFrom(..."0123456789"), minLength: 9, maxLength: 9 })
      .chain((tail) => fc.constantFrom(`0${tail}`, `090${tail.slice(1)}`, `080${tail.slice(1)}`, `050${tail.slice(1)}`));
    fc.assert(
      fc.property(number, (digits) => {
        const known = parsePhoneNumberFromString(digits, "JP");
        fc.pre(known?.isValid() === true && digits.length >= 10 && /^0[1-9]/.test(digits) && !(digits.length === 10 && /^0[5-9]0/.test(digits)));
        const result = normalise("phone", digits);
        expect(result).toEqual({ value: known?.formatNational() });
      }),
      { numRuns: 1500 },
    );
  });
});

describe("dates", () => {
  it.each([
    ["1984/4/1", "1984-04-01"],
    ["１９８４年４月１日", "1984-04-01"],
    ["1984.04.01", "1984-04-01"],
    ["1984-04-01T00:00:00", "1984-04-01"],
    ["1984/4/1 0:00:00", "1984-04-01"],
    ["1984年4月1日(日)", "1984-04-01"],
    ["19840401", "1984-04-01"],
    ["S59.4.1", "1984-04-01"],
    ["昭和59年4月1日", "1984-04-01"],
    ["昭和五十九年四月一日", "1984-04-01"],
    ["㍼59年4月1日", "1984-04-01"],
    ["昭64.1.7", "1989-01-07"],
    ["平成元年1月8日", "1989-01-08"],
    ["H31/4/30", "2019-04-30"],
    ["令和元年5月1日", "2019-05-01"],
    ["R1.5.1", "2019-05-01"],
    ["大正15年12月24日", "1926-12-24"],
    ["T1.7.30", "1912-07-30"],
    ["30773", "1984-04-01"],
    ["30773.5", "1984-04-01"],
    ["不明", ""],
  ])("reads %j as %j", (text, value) => {
    expect(normalise("date", text)).toEqual({ value });
  });

  it.each([
    "58/4/1",
    "580401",
    "1984",
    "2001/2/29",
    "1984/13/1",
    "4/1/1984",
    "昭和64年1月8日",
    "平成元年1月7日",
    "平成31年5月1日",
    "令和元年4月30日",
    "S0.1.1",
    "1984年4月",
    "9999",
    "80000",
    "平成2年2月30日",
  ])("refuses %j", (text) => {
    expect(normalise("date", text)).toEqual({ problem: "bad-date" });
  });

  it("reads a serial by the date system of its workbook", () => {
    expect(normalise("date", "29311", { is1904: true })).toEqual({ value: "1984-04-01" });
  });

  it("reads back every date that it can write", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date("1927-01-01"), max: new Date("2099-12-31"), noInvalidDate: true }), (date) => {
        const iso = date.toISOString().slice(0, 10);
        const [year = "", month = "", day = ""] = iso.split("-");
        for (const text of [iso, `${year}年${Number(month)}月${Number(day)}日`, year + month + day]) expect(normalise("date", text)).toEqual({ value: iso });
      }),
    );
  });
});

describe("the other types", () => {
  it.each([
    ["mail", "taro＠example.co.jp", "taro@example.co.jp"],
    ["mail", " Taro.Yamada@Example.CO.JP ", "Taro.Yamada@example.co.jp"],
    ["mail", "山田 <taro@example.jp>", "taro@example.jp"],
    ["mail", "mailto:taro@example.jp", "taro@example.jp"],
    ["mail", "a..b.@docomo.example.jp", "a..b.@docomo.example.jp"],
    ["postal", "1050011", "105-0011"],
    ["postal", "〒１０５－００１１", "105-0011"],
    ["postal", "600042", "060-0042"],
    ["postal", "60-0042", "060-0042"],
    ["kana", "ﾀﾞﾃﾞﾊﾟ ﾀﾛｳ", "ダデパ　タロウ"],
    ["kana", "やまだ たろう", "ヤマダ　タロウ"],
    ["kana", "ｼﾞｮｰｼﾞ", "ジョージ"],
    ["name", " 髙橋  　一郎 ", "髙橋　一郎"],
    ["name", "John  Smith", "John Smith"],
    ["name", "㈱山田①神", "㈱山田①神"],
    ["name", "か\u3099くた", "がくた"],
    ["name", "山田\u200b太郎\ufeff", "山田太郎"],
    ["choice", "1", "男性"],
    ["choice", "女", "女性"],
    ["choice", "Ｍ", "男性"],
    ["choice", "0", "0"],
    ["choice", "未回答", ""],
    ["code", "００１２３", "00123"],
    ["text", "=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"],
    ["notes", "一\r\n二\u000b三", "一\n二\n三"],
    ["address", "東京都港区\n芝公園", "東京都港区 芝公園"],
  ] as const)("%s: %j becomes %j", (type, text, value) => {
    expect(normalise(type, text)).toEqual({ value });
  });

  it.each([
    ["mail", "taro@example", "bad-mail"],
    ["mail", "taro.example.jp", "bad-mail"],
    ["mail", "taro@exa mple@x.jp", "bad-mail"],
    ["postal", "10500", "bad-postal"],
    ["postal", "105-00111", "bad-postal"],
    ["name", "山田\u0007", "control-character"],
    ["name", "山田\u202e太郎", "control-character"],
    ["name", "山田\ufffd", "broken-character"],
    ["name", "外字\ue000", "broken-character"],
    ["name", "\ud842", "broken-character"],
    ["name", "あ".repeat(201), "too-long"],
    ["notes", "あ".repeat(4001), "too-long"],
    ["notes", "番号 ４１１１－１１１１－１１１１－１１１１", "card-number"],
    ["code", "4111111111111111", "card-number"],
  ] as const)("%s: %j is refused as %s", (type, text, problem) => {
    expect(normalise(type, text)).toEqual({ problem });
  });

  it("leaves what it made alone when it reads it again", () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom("山", "ﾀﾞ", "か", "\u3099", "①", "　", " ", "A", "1", "-", "@", ".", "\n", "㈱"), maxLength: 20 }),
      fc.string({ maxLength: 20 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...fieldTypes), text, (type, typed) => {
        const once = normalise(type, typed);
        fc.pre("value" in once && once.others === undefined && type !== "choice");
        if ("value" in once) expect(normalise(type, once.value)).toEqual({ value: once.value });
      }),
      { numRuns: 2000 },
    );
  });
});
