import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fieldTypes, type FieldType } from "#shared/fields.ts";
import { fold } from "./fold.ts";
import { variantKanji } from "./variant-kanji.ts";

function alike(type: FieldType, ...spellings: string[]): void {
  const folded = spellings.map((spelling) => fold(type, spelling));
  expect(new Set(folded).size, `${spellings.join(" ")} → ${folded.join(" ")}`).toBe(1);
  expect(folded[0]).not.toBe("");
}

function apart(type: FieldType, one: string, other: string): void {
  expect(fold(type, one)).not.toBe(fold(type, other));
}

/** Characters that folding has rules for, so that they meet in every order. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ..."ー-−‐ｰ・･ 　,.()（）[]「」゛゜ﾞﾟ\u3099\u309a\u200d\ufe00ヴゔァィぇょッヶヵケガがのノ之々〇一二十百千丁目番地号大字株有式会社限合同法人医療カユシ株㈱㈲㍿①Ⅳİıßſŉéｶﾞﾊﾟ佐佐木高髙﨑渡邉邊𠮷吉𪚲\u{e0100}１2３xX@+#".split(
          "",
        ),
      ),
      fc.constantFrom("株式会社", "(株)", "（有）", "カ)", "(カ", "丁目", "番地の", "大字", "+81", "内線", "co., ltd.", " inc", "\u0301", "é", "ｶﾞ", "𠮷"),
      fc.string({ unit: "binary", maxLength: 2 }),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(""));

describe("folding", () => {
  test("is idempotent for every type", () => {
    fc.assert(
      fc.property(fc.constantFrom(...fieldTypes), fc.oneof(nasty, fc.string({ unit: "grapheme" })), (type, value) => {
        const once = fold(type, value);
        expect(fold(type, once)).toBe(once);
      }),
      { numRuns: 3000 },
    );
  });

  test("leaves no invisible character, variation selector or white space", () => {
    fc.assert(
      fc.property(fc.constantFrom<FieldType>("name", "kana", "address", "mail", "phone"), nasty, (type, value) => {
        expect(fold(type, value)).not.toMatch(/[\s\u200b-\u200f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("names and readings", () => {
  test("are alike in hiragana, katakana and half-width kana", () => {
    alike("kana", "タカハシ イチロウ", "たかはし　いちろう", "ﾀｶﾊｼ ｲﾁﾛｳ", "タカハシ・イチロウ");
    alike("kana", "ワタナベ ダイゴ", "ﾜﾀﾅﾍﾞ ﾀﾞｲｺﾞ", "わたなべだいご", "ワタナへ\u3099タ゛イコ゛".replace("へ", "ヘ"));
    alike("kana", "パク", "ﾊﾟｸ", "ハ゜ク");
  });

  test("are alike with small and large kana, with and without long vowel marks", () => {
    alike("kana", "ジョージ", "ジヨージ", "ジョ-ジ", "ｼﾞｮｰｼﾞ", "ジヨジ");
    alike("kana", "キョウコ", "キヨウコ");
    alike("name", "コンピューター", "コンピュータ", "コンピユータ");
    alike("kana", "ヴァイオリン", "バイオリン", "ゔぁいおりん");
    alike("kana", "カヲル", "カオル");
    alike("kana", "チヅル", "チズル");
    apart("kana", "サトウ", "カトウ");
    apart("kana", "ハラ", "バラ");
  });

  test("are alike with spaces of any kind and without", () => {
    alike("name", "髙橋 一郎", "高橋　一郎", "高橋一郎", " 髙橋\t一郎 ", "高橋\u00a0一郎");
  });

  test("are alike in old, variant and today's kanji", () => {
    alike("name", "髙橋", "高橋");
    alike("name", "山﨑", "山崎", "山嵜");
    alike("name", "渡辺", "渡邊", "渡邉");
    alike("name", "斎藤", "齋藤", "斉藤", "齊藤");
    alike("name", "𠮷田", "吉田");
    alike("name", "濵田", "濱田", "浜田");
    alike("name", "大嶌", "大嶋", "大島");
    alike("name", "龍之介", "竜之介", "竜ノ介", "竜の介");
    alike("name", "葛\u{e0100}城", "葛城");
    alike("name", "神\ufe00田", "神田");
    alike("name", "佐々木", "佐佐木");
    alike("name", "霞ヶ関商事", "霞が関商事", "霞ケ関商事", "霞ガ関商事");
    apart("name", "高橋", "高梨");
  });

  test("are alike with and without the legal form of a company", () => {
    alike("name", "株式会社山田電機", "山田電機株式会社", "㈱山田電機", "(株)山田電機", "山田電機（株）", "㍿山田電機", "山田電機");
    alike("name", "㈲佐藤商店", "有限会社 佐藤商店", "佐藤商店(有)");
    alike("name", "合同会社みどり", "みどり合同会社", "（同）みどり");
    alike("name", "カ)ヤマダデンキ", "ヤマダデンキ(カ", "ｶ)ﾔﾏﾀﾞﾃﾞﾝｷ", "ヤマダデンキ", "カブシキガイシャヤマダデンキ");
    alike("name", "Yamada Denki Co., Ltd.", "YAMADA DENKI", "ｙａｍａｄａ ｄｅｎｋｉ Inc.");
    expect(fold("name", "株式会社")).toBe("株式会社");
  });

  test("keep what only looks like a legal form", () => {
    expect(fold("name", "Vinc")).toBe("vinc");
    expect(fold("name", "有村")).toBe("有村");
    expect(fold("name", "合田")).toBe("合田");
    expect(fold("kana", "カトウ")).toBe("カトウ");
  });

  test("are alike with and without accents", () => {
    alike("name", "José García", "Jose Garcia", "JOSE\u0301 GARCIA");
  });
});

describe("variant kanji", () => {
  test("are a table of more than 150 pairs, each one character, without chains", () => {
    expect(variantKanji.size).toBeGreaterThan(150);
    for (const [variant, form] of variantKanji) {
      expect([...variant].length).toBe(1);
      expect([...form].length).toBe(1);
      expect(variantKanji.has(form), `${variant}${form}`).toBe(false);
      expect(variant.normalize("NFKC"), "NFKC would already have changed it").toBe(variant);
    }
  });

  test("all fold to the form in use", () => {
    for (const [variant, form] of variantKanji) expect(fold("name", `${variant}本`)).toBe(fold("name", `${form}本`));
  });
});

describe("phones, postal codes, mail addresses and codes", () => {
  test("phones are their national digits", () => {
    for (const spelling of [
      "090-1234-5678",
      "０９０－１２３４－５６７８",
      "090 1234 5678",
      "+81 90-1234-5678",
      "+81(0)90-1234-5678",
      "(090)1234ー5678",
      "090.1234.5678 内線12",
    ]) {
      expect(fold("phone", spelling)).toBe("09012345678");
    }
    expect(fold("phone", "+81-3-1234-5678")).toBe("0312345678");
    expect(fold("phone", "+1 212 555 0100")).toBe("12125550100");
  });

  test("postal codes are their digits", () => {
    alike("postal", "〒530-0001", "５３０ー０００１", "5300001");
  });

  test("mail addresses are alike in full width and capitals", () => {
    alike("mail", "Taro.Yamada@Example.co.jp", "ｔａｒｏ．ｙａｍａｄａ＠ｅｘａｍｐｌｅ．ｃｏ．ｊｐ", " taro.yamada@example.co.jp");
    apart("mail", "taro-yamada@example.jp", "taroyamada@example.jp");
  });

  test("codes keep their hyphens and zeros", () => {
    alike("code", "Ｋ－００１２", "k-0012", "K‐0012");
    apart("code", "1-23", "12-3");
    apart("code", "0012", "12");
  });
});

describe("addresses", () => {
  test("are alike however the house number is written", () => {
    alike(
      "address",
      "大阪府大阪市北区梅田1-2-3",
      "大阪府大阪市北区梅田１丁目２番３号",
      "大阪府大阪市北区梅田一丁目二番三号",
      "大阪府大阪市北区梅田1丁目2番地の3",
      "大阪府大阪市北区梅田１－２ー３",
      "大阪府 大阪市北区 梅田 1−2‐3",
    );
    alike("address", "本町12丁目", "本町十二丁目");
    alike("address", "札幌市中央区北三条西2丁目", "札幌市中央区北3条西二丁目");
    alike("address", "霞が関2-1", "霞ヶ関二丁目1番");
    alike("address", "梅田1丁目2番3号 梅田タワー301号室", "梅田1-2-3梅田タワー301室");
    alike("address", "大字中村12番地", "中村12");
    alike("address", "三十一番町", "31番町");
    alike("address", "二二番地", "22番地");
    alike("address", "三ヶ日町", "三ケ日町", "三が日町");
  });

  test("keep house numbers apart that only share their digits", () => {
    apart("address", "梅田1-23", "梅田12-3");
    apart("address", "梅田123", "梅田1-23");
  });
});
