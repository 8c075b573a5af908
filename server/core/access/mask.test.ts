import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { masks } from "#shared/fields.ts";
import { longestMasked, mask } from "./mask.ts";

const phones: readonly (readonly [string, string])[] = [
  ["090-1234-5678", "090-••••-5678"],
  ["09012345678", "090-••••-5678"],
  ["０９０－１２３４－５６７８", "090-••••-5678"],
  ["03-1234-5678", "03-••••-5678"],
  ["(03)1234-5678", "03-••••-5678"],
  ["0312345678", "03-••••-5678"],
  ["0123-45-6789", "01••-••-6789"],
  ["04992-2-1234", "04•••-•-1234"],
  ["+81 90 1234 5678", "+81-••-••••-5678"],
  ["03-1234-5678 内線 901", "03-••••-5678••••"],
  ["1234-5678", "••••"],
  ["119", "••••"],
  ["妻の携帯", "••••"],
  ["03-1234-5678 090-1111-2222", "••••"],
];
const mails: readonly (readonly [string, string])[] = [
  ["taro@example.co.jp", "t•••@example.co.jp"],
  ["ｔａｒｏ＠example.co.jp", "t•••@example.co.jp"],
  ["ab@example.co.jp", "•••@example.co.jp"],
  ["a@example.co.jp", "•••@example.co.jp"],
  ["山田太郎@例え.example", "山•••@例え.example"],
  ["taro@example.co.jp, hanako@example.jp", "••••"],
  ["taro", "••••"],
  ["taro@", "••••"],
];
const addresses: readonly (readonly [string, string])[] = [
  ["東京都千代田区丸の内1-1-1", "東京都千代田区••••"],
  ["東京都北区王子1-1", "東京都北区••••"],
  ["東京都 世田谷区 北沢2-1", "東京都世田谷区••••"],
  ["大阪府大阪市北区梅田3-1-1", "大阪府大阪市北区••••"],
  ["大阪市東住吉区杭全1-1", "大阪市東住吉区••••"],
  ["神奈川県横浜市保土ケ谷区星川1-1", "神奈川県横浜市保土ケ谷区••••"],
  ["千葉県市川市八幡1-1-1", "千葉県市川市••••"],
  ["三重県四日市市諏訪町1-5", "三重県四日市市••••"],
  ["広島県廿日市市下平良1-11", "広島県廿日市市••••"],
  ["奈良県大和郡山市北郡山町1-1", "奈良県大和郡山市••••"],
  ["福島県郡山市朝日1-23-7", "福島県郡山市••••"],
  ["鹿児島県鹿児島市郡山町100", "鹿児島県鹿児島市••••"],
  ["徳島県阿波市市場町切幡1", "徳島県阿波市••••"],
  ["愛知県知多郡東浦町緒川1", "愛知県知多郡東浦町••••"],
  ["北海道余市郡仁木町北町1", "北海道余市郡仁木町••••"],
  ["東京都町田市森野2-2-22", "東京都町田市••••"],
  ["東京都八丈島八丈町大賀郷1", "東京都八丈島八丈町••••"],
  ["京都府京都市東山区祇園町1", "京都府京都市東山区••••"],
  ["〒100-0001 東京都千代田区千代田1-1", "東京都千代田区••••"],
  ["東京都千代田区", "東京都••••"],
  ["東京都", "••••"],
  ["大阪市北区", "••••"],
  ["1-2-3", "••••"],
  ["221B Baker Street, London", "••••"],
];

describe("a masked value", () => {
  it.each(phones)("phone %s is shown as %s", (value, masked) => {
    expect(mask("phone", value)).toBe(masked);
  });
  it.each(mails)("mail %s is shown as %s", (value, masked) => {
    expect(mask("mail", value)).toBe(masked);
  });
  it.each(addresses)("address %s is shown as %s", (value, masked) => {
    expect(mask("address", value)).toBe(masked);
  });

  it("of the style all says nothing, not even its length", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (value) => {
        expect(mask("all", value)).toBe("••••");
      }),
    );
  });

  const digit = fc.constantFrom(..."0123456789");
  const anyPhone = fc
    .array(fc.oneof({ weight: 4, arbitrary: digit }, { weight: 1, arbitrary: fc.constantFrom("-", " ", "(", ")", "+", "ー", "内") }), { maxLength: 24 })
    .map((parts) => parts.join(""));
  const anyMail = fc.oneof(
    fc.emailAddress(),
    fc.tuple(fc.string({ unit: "grapheme" }), fc.domain()).map(([name, domain]) => `${name}@${domain}`),
  );
  const anyAddress = fc
    .array(fc.constantFrom(..."東京都大阪府県市区町村郡山川北四日横浜北海道1-２ 〒ー丁目"), { maxLength: 20 })
    .map((parts) => parts.join(""));
  const anyValue = fc.oneof(
    fc.string({ unit: "grapheme" }),
    anyPhone,
    anyMail,
    anyAddress,
    ...[phones, mails, addresses].map((table) => fc.constantFrom(...table.map(([value]) => value))),
  );

  it("never holds the whole value, whatever was typed and whichever style", () => {
    fc.assert(
      fc.property(fc.constantFrom(...masks), anyValue, (style, value) => {
        fc.pre([...value].length >= 2 && !/^•+$/u.test(value));
        const masked = mask(style, value);
        expect(masked).not.toContain(value);
        expect(masked).not.toContain(value.normalize("NFKC").trim() || "\u0000");
      }),
      { numRuns: 20_000 },
    );
  });

  it("always shows a veil, and is never longer than its bound", () => {
    fc.assert(
      fc.property(fc.constantFrom(...masks), fc.oneof(anyValue, fc.string({ minLength: 200, maxLength: 4000 })), (style, value) => {
        const masked = mask(style, value);
        expect(masked).toContain("•");
        expect(masked.length).toBeLessThanOrEqual(longestMasked);
      }),
      { numRuns: 5_000 },
    );
  });

  it("hides at least four digits of a phone number, and shows at most four in a row at its end", () => {
    fc.assert(
      fc.property(anyPhone, (value) => {
        const digits = [...value.normalize("NFKC")].filter((one) => /\d/.test(one)).length;
        const shown = [...mask("phone", value)].filter((one) => /\d/.test(one)).length;
        expect(shown === 0 || digits - shown >= 4).toBe(true);
        expect(shown).toBeLessThanOrEqual(8);
      }),
      { numRuns: 5_000 },
    );
  });
});
