import { describe, expect, test } from "vitest";
import { restWithout, wordsOf } from "#server/core/door/index.ts";
import { shortestPassword, weaknessOf } from "./password-rules.ts";

const organisation = "山田電機株式会社 Yamada Denki";

describe("a chosen password", () => {
  test.each([
    "kumo no ue no ohirune",
    "correct horse battery staple",
    "あおぞらのしたでコーヒー",
    "k8#mQz!2vLp9",
    "x".repeat(20) + " is not the whole of a long one, which is judged by its beginning ".repeat(3),
  ])("%s is taken", (password) => {
    expect(weaknessOf(password, organisation)).toBeUndefined();
  });

  test("is counted in characters after normalisation, and ten are enough", () => {
    expect(weaknessOf("k8#mQz!2v", organisation)).toBe("too-short");
    expect(weaknessOf("k8#mQz!2vL", organisation)).toBeUndefined();
    expect([..."𠮷".repeat(9)]).toHaveLength(shortestPassword - 1);
    expect(weaknessOf("𠮷".repeat(9), organisation)).toBe("too-short");
  });

  test.each(["password12", "1234567890", "qwertyuiop1", "aaaaaaaaaaaaaaa", "iloveyou1234", "ｐａｓｓｗｏｒｄ１２"])("%s is too easy to guess", (password) => {
    expect(weaknessOf(password, organisation)).toBe("guessable");
  });

  test.each(["kuraban-2026", "Yamada-Denki", "山田電機株式会社2026", "くらばんくらばん!!"])("%s is made of the names of product or company", (password) => {
    expect(weaknessOf(password, organisation)).toBe("own-words");
  });

  test.each(["19850401abc", "1985-04-01!x", "昭和60年10月21日", "s60.4.1-pass", "090-1234-5678", "tel0312345678", "850401-taro"])(
    "%s is made of a date or a telephone number",
    (password) => {
      expect(weaknessOf(password, organisation)).toBe("date-or-phone");
    },
  );

  test("may hold such a word beside enough else", () => {
    expect(weaknessOf("kuraban no mado kara yuki", organisation)).toBeUndefined();
    expect(weaknessOf("Zk4#vq-19850401-Wm7", organisation)).toBeUndefined();
  });
});

describe("words of a value", () => {
  test("are those long enough not to stand in a text by chance", () => {
    expect(wordsOf("髙橋 一")).toEqual(["髙橋"]);
    expect(wordsOf("t.takahashi@ya.example")).toEqual(["takahashi", "example"]);
  });

  test("are taken out wherever they stand, the longest first", () => {
    expect(restWithout("xTakahashi7taka", ["taka", "takahashi"])).toBe(2);
    expect(restWithout("ab", [])).toBe(2);
    expect(restWithout("", ["a"])).toBe(0);
  });
});
