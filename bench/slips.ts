import { variantKanji } from "#server/core/vault/variant-kanji.ts";
import { makeRandom, type Random } from "#server/modules/sample/make-random.ts";
import type { CustomerValues } from "#server/modules/sample/index.ts";

/** Written by hand: the headings of a list, and what somebody put below them. */
export const slipHeadings = ["氏名", "フリガナ", "会社名", "電話", "メール", "住所", "顧客番号"] as const;
export type SlipRow = Readonly<Record<(typeof slipHeadings)[number], string>>;

const oldForms = Map.groupBy(variantKanji, ([, form]) => form);
/** Kanji that are heard alike and taken for each other. */
const heardAlike: Readonly<Record<string, string>> = {
  郎: "朗",
  太: "多",
  子: "紀",
  美: "実",
  雄: "夫",
  夫: "男",
  一: "市",
  司: "士",
  彦: "比",
  香: "佳",
  奈: "名",
  菜: "奈",
  佐: "左",
  藤: "籐",
  田: "多",
  川: "河",
  山: "岡",
  井: "居",
  木: "樹",
  村: "邑",
};

function oldKanji(text: string, random: Random): string {
  return [...text].map((letter) => (random.chance(0.6) ? ([...(oldForms.get(letter) ?? [])][0]?.[0] ?? letter) : letter)).join("");
}

function misspell(text: string, random: Random): string {
  const letters = [...text];
  if (letters.length < 3) return text;
  const at = random.below(letters.length);
  switch (random.below(4)) {
    case 0:
      letters[at] = heardAlike[letters[at]!] ?? "之";
      break;
    case 1:
      letters.splice(at, 1);
      break;
    case 2:
      letters.splice(at, 0, letters[at]!);
      break;
    default: {
      const other = at === 0 ? 1 : at - 1;
      [letters[at], letters[other]] = [letters[other]!, letters[at]!];
    }
  }
  return letters.join("");
}

function wrongDigit(text: string, random: Random): string {
  const places = [...text].flatMap((letter, at) => (/\d/.test(letter) && at > 2 ? [at] : []));
  const at = places[random.below(Math.max(1, places.length))];
  if (at === undefined) return text;
  return random.chance(0.7)
    ? text.slice(0, at) + String((Number(text[at]) + 1 + random.below(8)) % 10) + text.slice(at + 1)
    : text.slice(0, at) + text.slice(at + 1);
}

const fullWidth = (text: string): string => text.replace(/[!-~]/g, (letter) => String.fromCodePoint(letter.codePointAt(0)! + 0xfee0));

function writeAddress(address: string, random: Random): string {
  let text = address;
  if (random.chance(0.3)) text = text.replace(/^(?:東京都|北海道|(?:京都|大阪)府|.{2,3}県)/u, "");
  if (random.chance(0.3)) text = text.replace(/(\d+)-(\d+)-(\d+)/, "$1丁目$2番$3号");
  if (random.chance(0.3)) text = text.replace(/[\s ].*$/u, "");
  if (random.chance(0.2)) text = fullWidth(text);
  return random.chance(0.1) ? misspell(text, random) : text;
}

/**
 * A person as somebody wrote them down: the name, in one of three with a slip of the pen or in old characters, and at least one
 * other thing, in one of ten wrong. `isNameOnly` for those of whom nothing else was known.
 */
export function writeSlip(values: CustomerValues, seed: number, ordinal: number, isNameOnly: boolean): SlipRow {
  const random = makeRandom(seed, 9, ordinal);
  let name: string = values.fullName;
  if (random.chance(0.25)) name = oldKanji(name, random);
  if (random.chance(0.12)) name = misspell(name.replace(/\s/gu, ""), random);
  if (random.chance(0.4)) name = name.replace(/\s/gu, "");
  const row: Record<string, string> = Object.fromEntries(slipHeadings.map((heading) => [heading, ""]));
  row["氏名"] = name;
  if (isNameOnly) return row as SlipRow;
  const phone = values.mobile ?? values.phone;
  if (random.chance(0.5)) row["フリガナ"] = random.chance(0.06) ? misspell(values.kana.replace(/\s/gu, ""), random) : values.kana;
  const beside: (() => void)[] = [];
  if (phone !== null) beside.push(() => void (row["電話"] = dress(random.chance(0.1) ? wrongDigit(phone, random) : phone, random)));
  const { mail, companyName } = values;
  if (mail !== null) beside.push(() => void (row["メール"] = random.chance(0.1) ? misspell(mail, random) : mail));
  if (companyName !== null) beside.push(() => void (row["会社名"] = companyName.replace(/^株式会社|株式会社$/u, random.chance(0.5) ? "(株)" : "")));
  beside.push(() => void (row["住所"] = writeAddress(values.address, random)));
  const must = random.below(beside.length);
  beside.forEach((write, at) => {
    if (at === must || random.chance(0.35)) write();
  });
  if (random.chance(0.1)) row["顧客番号"] = values.memberNumber;
  return row as SlipRow;
}

function dress(phone: string, random: Random): string {
  const way = random.below(4);
  if (way === 0) return phone.replaceAll("-", "");
  return way === 1 ? fullWidth(phone) : phone;
}
