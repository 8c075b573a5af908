import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FieldType } from "#shared/fields.ts";
import { fold } from "./fold.ts";
import { openSearchKey } from "./search-key.ts";
import { indexTokens, matchValue, queryTokens, scopeTokens, termKinds, type Match } from "./tokens.ts";

const searchKey = openSearchKey(1, Buffer.alloc(32, 3));
const others = openSearchKey(1, Buffer.alloc(32, 4));

function finds(type: FieldType, value: string, term: string, how: Match): boolean {
  const wanted = queryTokens(searchKey, { no: 1, type }, term, how);
  if (wanted === undefined || wanted.length === 0) return false;
  const held = new Set(indexTokens(searchKey, [{ no: 1, type, value }]));
  return wanted.every((token) => held.has(token)) && matchValue(type, value, fold(type, term), [how]) === how;
}

const kanjiName = fc.string({ unit: fc.constantFrom(...("高髙橋田中山﨑一郎佐々木邉斎藤𠮷村優菜".match(/./gu) ?? [])), minLength: 1, maxLength: 8 });
const kana = fc.string({ unit: fc.constantFrom(..."アイカガタハシジヨュッーンゲダパ"), minLength: 1, maxLength: 10 });
const mail = fc
  .tuple(
    fc.string({ unit: fc.constantFrom(..."abcdekmnorstuy.-_019"), minLength: 1, maxLength: 12 }),
    fc.constantFrom("gmail.com", "yamada-denki.co.jp", "docomo.ne.jp", "sakura-kogyo.jp"),
  )
  .map((parts) => parts.join("@"));
const phone = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 8, maxLength: 10 }).map((rest) => `0${rest}`);
const address = fc
  .array(fc.constantFrom("大阪府", "大阪市", "北区", "梅田", "三丁目", "12番", "5号", "1-2-3", "六本木", "霞が関", "タワー", "301"), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join(""));
const valued = fc.oneof(
  fc.tuple(fc.constant<FieldType>("name"), kanjiName),
  fc.tuple(fc.constant<FieldType>("name"), kana),
  fc.tuple(fc.constant<FieldType>("kana"), kana),
  fc.tuple(fc.constant<FieldType>("mail"), mail),
  fc.tuple(fc.constant<FieldType>("phone"), phone),
  fc.tuple(fc.constant<FieldType>("address"), address),
  fc.tuple(fc.constant<FieldType>("code"), mail),
);
const cut = fc.tuple(fc.nat(30), fc.nat(30));

describe("a value in the index", () => {
  test("is found by itself and by every piece that its field answers to", () => {
    fc.assert(
      fc.property(valued, cut, ([type, value], [from, length]) => {
        const characters = [...fold(type, value)];
        const start = from % Math.max(1, characters.length);
        const piece = characters.slice(start, start + 1 + (length % characters.length)).join("");
        const beginning = characters.slice(0, 1 + (length % characters.length)).join("");
        const held = new Set(indexTokens(searchKey, [{ no: 1, type, value }]));
        for (const [term, how] of [
          [value, "exact"],
          [beginning, "prefix"],
          [piece, "inside"],
          [value.slice(-4), "last-four"],
        ] as const) {
          const wanted = queryTokens(searchKey, { no: 1, type }, term, how);
          for (const token of wanted ?? []) expect(held.has(token), `${type} ${value} ${how} ${term}`).toBe(true);
          if (wanted !== undefined) expect(matchValue(type, value, fold(type, term), [how])).toBe(how);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test("is found by what people type for it", () => {
    expect(finds("name", "髙橋　一郎", "高橋一郎", "exact")).toBe(true);
    expect(finds("name", "髙橋　一郎", "高", "prefix")).toBe(true);
    expect(finds("name", "髙橋　一郎", "髙橋", "prefix")).toBe(true);
    expect(finds("name", "髙橋　一郎", "一郎", "inside")).toBe(true);
    expect(finds("kana", "タカハシ イチロウ", "たか", "prefix")).toBe(true);
    expect(finds("kana", "タカハシ イチロウ", "ﾀｶﾊ", "prefix")).toBe(true);
    expect(finds("kana", "タカハシ イチロウ", "いちろう", "inside")).toBe(true);
    expect(finds("name", "㈱山田電機", "株式会社山田", "prefix")).toBe(true);
    expect(finds("mail", "taro.yamada@sakura-kogyo.co.jp", "TARO.YAMADA@SAKURA-KOGYO.CO.JP", "exact")).toBe(true);
    expect(finds("mail", "taro.yamada@sakura-kogyo.co.jp", "taro", "prefix")).toBe(true);
    expect(finds("mail", "taro.yamada@sakura-kogyo.co.jp", "yamad", "inside")).toBe(true);
    expect(finds("mail", "taro.yamada@sakura-kogyo.co.jp", "yamada@sakura", "inside")).toBe(true);
    expect(finds("mail", "taro.yamada@sakura-kogyo.co.jp", "sakura-kogyo.co.jp", "inside")).toBe(true);
    expect(finds("phone", "090-1234-5678", "5678", "last-four")).toBe(true);
    expect(finds("phone", "090-1234-5678", "1234-56", "inside")).toBe(true);
    expect(finds("phone", "090-1234-5678", "+81 90 1234 5678", "exact")).toBe(true);
    expect(finds("phone", "090-1234-5678", "0901", "prefix")).toBe(true);
    expect(finds("address", "大阪府大阪市北区梅田三丁目1番", "梅田3-1", "inside")).toBe(true);
    expect(finds("address", "大阪府大阪市北区梅田三丁目1番", "大阪", "prefix")).toBe(true);
    expect(finds("code", "Ｋ－００１２", "k-0012", "exact")).toBe(true);
  });

  test("is not found by what it does not hold", () => {
    expect(finds("name", "髙橋一郎", "高梨", "prefix")).toBe(false);
    expect(finds("name", "髙橋一郎", "一", "prefix")).toBe(false);
    expect(finds("phone", "090-1234-5678", "1234", "last-four")).toBe(false);
    expect(finds("phone", "090-1234-5678", "5678", "exact")).toBe(false);
    expect(finds("mail", "taro@sakura-kogyo.co.jp", "aro@sakura-kogyo.co.jp", "exact")).toBe(false);
  });
});

describe("ways that a field does not answer to", () => {
  const how = (type: FieldType, term: string, way: Match): number[] | undefined => queryTokens(searchKey, { no: 1, type }, term, way);

  test("one character inside, and one kana or letter at the beginning", () => {
    expect(how("name", "橋", "inside")).toBeUndefined();
    expect(how("address", "市", "inside")).toBeUndefined();
    expect(how("kana", "タ", "prefix")).toBeUndefined();
    expect(how("name", "a", "prefix")).toBeUndefined();
    expect(how("name", "橋", "prefix")).toHaveLength(1);
  });

  test("fewer than four digits of a phone; three at its beginning can only be checked", () => {
    expect(how("phone", "123", "inside")).toBeUndefined();
    expect(how("phone", "09", "prefix")).toBeUndefined();
    expect(how("phone", "090", "prefix")).toEqual([]);
    expect(how("phone", "678", "last-four")).toBeUndefined();
    expect(how("phone", "45678", "last-four")).toBeUndefined();
  });

  test("house numbers without a place, and domains that everybody has", () => {
    expect(how("address", "1-2-3", "inside")).toBeUndefined();
    expect(how("mail", "gmail.com", "inside")).toBeUndefined();
    expect(how("mail", "@docomo.ne.jp", "inside")).toBeUndefined();
    expect(how("mail", ".co.jp", "inside")).toBeUndefined();
  });

  test("pieces of a code, and anything of a field that is not indexed", () => {
    expect(how("code", "001", "inside")).toBeUndefined();
    expect(how("code", "001", "prefix")).toBeUndefined();
    for (const type of ["text", "notes", "date", "choice", "postal"] as const) {
      for (const way of ["exact", "prefix", "inside", "last-four"] as const) expect(how(type, "19800101", way)).toBeUndefined();
      expect(indexTokens(searchKey, [{ no: 1, type, value: "19800101" }])).toEqual([]);
    }
  });

  test("an empty term", () => {
    for (const way of ["exact", "prefix", "inside", "last-four"] as const) expect(how("name", "　", way)).toBeUndefined();
    expect(matchValue("name", "高橋", "", ["prefix", "inside"])).toBeUndefined();
  });
});

describe("tokens", () => {
  const record = [
    { no: 1, type: "name", value: "髙橋 一郎" },
    { no: 35, type: "phone", value: "03-1234-5678" },
    { no: 63, type: "mail", value: "ichiro@sakura-kogyo.co.jp" },
  ] as const;

  test("are sorted, unique int4 that name field, key version and mode", () => {
    const tokens = indexTokens(searchKey, record);
    expect(tokens).toEqual([...new Set(tokens)].toSorted((a, b) => a - b));
    for (const token of tokens) {
      expect(token).toBe(token | 0);
      expect([1, 35, 63]).toContain(token >>> 26);
      expect((token >>> 24) & 3).toBe(1);
    }
  });

  test("fill no more bits than their type may show", () => {
    const widths = new Map([
      ["name", 12],
      ["kana", 12],
      ["address", 14],
      ["mail", 18],
      ["phone", 14],
    ]);
    fc.assert(
      fc.property(valued, ([type, value]) => {
        for (const token of indexTokens(searchKey, [{ no: 1, type, value }])) {
          const mode = (token >>> 22) & 3;
          expect((token & 0x3fffff) >>> (mode === 2 ? 22 : (widths.get(type) ?? 0))).toBe(0);
        }
      }),
    );
  });

  test("differ from field to field and from key to key", () => {
    const hashes = (tokens: number[]): number[] => tokens.map((token) => token & 0x3fffff).toSorted((a, b) => a - b);
    const value = "大阪府大阪市北区梅田";
    const one = hashes(indexTokens(searchKey, [{ no: 1, type: "name", value }]));
    expect(hashes(indexTokens(searchKey, [{ no: 3, type: "name", value }]))).not.toEqual(one);
    expect(hashes(indexTokens(others, [{ no: 1, type: "name", value }]))).not.toEqual(one);
    expect(hashes(indexTokens(openSearchKey(2, Buffer.alloc(32, 3)), [{ no: 1, type: "name", value }]))).toEqual(one);
  });

  test("stay the same from release to release", () => {
    expect(indexTokens(searchKey, [record[0]])).toEqual([83887372, 83889463, 83889902, 88081340, 93801065]);
    expect(scopeTokens({ cellNo: 1, ownerNo: 1 })).toEqual([1, 4194305]);
  });

  test("are the same with a full cache and after it was renewed", () => {
    const fresh = openSearchKey(1, Buffer.alloc(32, 3));
    const before = indexTokens(fresh, record);
    for (let no = 0; no < 9_000; no++) fresh.token(1, 2, `value ${no}`, 22);
    expect(indexTokens(fresh, record)).toEqual(before);
    expect(before).toEqual(indexTokens(searchKey, record));
  });

  test("of long values are taken whole", () => {
    const long = "高橋".repeat(4_000);
    expect(finds("name", long, long, "exact")).toBe(true);
    expect(finds("name", long, `${long}高`, "exact")).toBe(false);
  });

  test("are refused by a closed key and for a field number that does not fit", () => {
    const closed = openSearchKey(0, Buffer.alloc(32, 3));
    closed.close();
    expect(() => indexTokens(closed, record)).toThrow("closed");
    expect(() => indexTokens(searchKey, [{ no: 64, type: "name", value: "高橋" }])).toThrow("1 to 63");
    expect(() => indexTokens(searchKey, [{ no: 0, type: "name", value: "高橋" }])).toThrow("1 to 63");
  });

  test("of scope are the cell and, in mode 1, the owner", () => {
    expect(scopeTokens({ cellNo: 7, ownerNo: null })).toEqual([7]);
    expect(scopeTokens({ cellNo: 7, ownerNo: 12 })).toEqual([7, 12 | (1 << 22)]);
    expect(() => scopeTokens({ cellNo: 2 ** 22, ownerNo: null })).toThrow("fit");
  });
});

describe("what a term can address", () => {
  test("follows from its characters", () => {
    expect(termKinds("090")).toEqual(["phone", "code"]);
    expect(termKinds("０９０ー１２３４")).toEqual(["phone", "code"]);
    expect(termKinds("12")).toEqual(["code"]);
    expect(termKinds("taro@sakura")).toEqual(["mail"]);
    expect(termKinds("taro")).toEqual(["mail", "name", "code", "address"]);
    expect(termKinds("たかはし")).toEqual(["kana", "name", "address"]);
    expect(termKinds("ﾀｶﾊｼ")).toEqual(["kana", "name", "address"]);
    expect(termKinds("髙橋")).toEqual(["name", "address"]);
    expect(termKinds("梅田1丁目")).toEqual(["name", "address", "code"]);
    expect(termKinds("　")).toEqual([]);
  });
});

describe("how an opened value answers", () => {
  test("is the first allowed of exact, prefix, last four, inside", () => {
    const all: Match[] = ["inside", "last-four", "prefix", "exact"];
    expect(matchValue("phone", "090-1234-5678", "09012345678", all)).toBe("exact");
    expect(matchValue("phone", "090-1234-5678", "0901", all)).toBe("prefix");
    expect(matchValue("phone", "090-1234-5678", "5678", all)).toBe("last-four");
    expect(matchValue("phone", "090-1234-5678", "1234", all)).toBe("inside");
    expect(matchValue("phone", "090-1234-5678", "9999", all)).toBeUndefined();
  });

  test("is nothing for a masked value except its exact form or last four", () => {
    const masked: Match[] = ["exact", "last-four"];
    expect(matchValue("phone", "090-1234-5678", "0901", masked)).toBeUndefined();
    expect(matchValue("phone", "090-1234-5678", "1234", masked)).toBeUndefined();
    expect(matchValue("phone", "090-1234-5678", "5678", masked)).toBe("last-four");
    expect(matchValue("name", "高橋一郎", "高橋", masked)).toBeUndefined();
  });
});
