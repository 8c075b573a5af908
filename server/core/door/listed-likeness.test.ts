import { expect, test } from "vitest";
import { decideListed } from "./examine-listed.ts";
import { compareListed, distance, readListed } from "./listed-likeness.ts";

const known = (no: number, values: Record<string, string>) => ({ no, is: readListed(values) });
const tanaka = known(1, {
  fullName: "田中　太郎",
  kana: "タナカ　タロウ",
  phone: "03-1234-5678",
  mail: "taro@tanaka.example",
  address: "東京都千代田区丸の内1-2-3",
});
const hanako = known(2, { fullName: "田中　花子", kana: "タナカ　ハナコ", phone: "03-1234-5678", address: "東京都千代田区丸の内1-2-3" });
const meant = (values: Record<string, string>, among = [tanaka, hanako]) => {
  const { kind, candidates } = decideListed(readListed(values), among);
  return [kind, ...candidates.map(({ no }) => no)];
};

test("a name with one sign is meant for sure, however it is written; a name alone is asked about", () => {
  expect(meant({ fullName: "田中太郎", phone: "0312345678" })).toEqual(["sure", 1]);
  expect(meant({ fullName: "タナカ タロウ", phone: "０３（１２３４）５６７８" })).toEqual(["sure", 1]);
  expect(meant({ fullName: "田中太郎" })).toEqual(["ambiguous", 1]);
});

test("somebody misspelt is found by what is right; somebody of the same house is not taken for another", () => {
  expect(meant({ fullName: "田中太朗", phone: "03-1234-5678" })).toEqual(["sure", 1]);
  expect(meant({ fullName: "田中太郎", phone: "03-1234-5687" })).toEqual(["sure", 1]);
  expect(meant({ fullName: "田中　次郎", phone: "03-1234-5678" }, [hanako])[0]).toBe("ambiguous");
  expect(meant({ fullName: "鈴木一", phone: "03-1234-5678" })[0]).toBe("ambiguous");
});

test("two who are equally likely are put to the officer, unless they say the same of themselves", () => {
  const other = known(3, { fullName: "田中太郎", address: "大阪府大阪市北区梅田1-1" });
  expect(meant({ fullName: "田中太郎" }, [tanaka, other])).toEqual(["ambiguous", 1, 3]);
  const double = known(4, { fullName: "田中太郎", phone: "0312345678" });
  expect(meant({ fullName: "田中太郎", phone: "0312345678" }, [tanaka, double])).toEqual(["sure", 1, 4]);
});

test("old forms of kanji are the same name, a building left out is the same address", () => {
  const like = compareListed(
    readListed({ fullName: "髙橋　邊見", address: "東京都千代田区丸の内1-2-3" }),
    readListed({ fullName: "高橋辺見", address: "東京都千代田区丸の内１丁目２番３号 蔵番ビル5階" }),
  );
  expect(like.reasons).toEqual(["same-name", "same-address"]);
});

test("nothing in common is nobody", () => {
  expect(meant({ fullName: "佐藤一郎", phone: "06-9999-0000" })).toEqual(["none"]);
});

test("a letter changed, left out, put in or swapped is one step", () => {
  expect(["tanaka", "tanka", "tannaka", "tnaaka", "tanoka"].map((text) => distance("tanaka", text, 2))).toEqual([0, 1, 1, 1, 1]);
  expect(distance("abcdef", "uvwxyz", 2)).toBe(3);
});
