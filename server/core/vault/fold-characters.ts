import { variantKanji } from "./variant-kanji.ts";

const ignorable = /[\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\u{e0000}-\u{e0fff}]/gu;
const plain = /^[\u0020-\u007e\u3000\u3005\u3041-\u3096\u30a1-\u30fc\u4e00-\u9fff]*$/;
const looseMarks = /[\u0300-\u036f\u3099\u309a]/g;

/**
 * NFKC (Unicode 15, UAX 15) and lower case, without invisible characters and variation selectors, accents and loose
 * voicing marks; a kana and the voicing mark typed behind it are one.
 */
export function unifyCharacters(value: string): string {
  if (plain.test(value)) return value.toLowerCase();
  const composed = value
    .replace(ignorable, "")
    .replace(/\u309b/g, "\u3099")
    .replace(/\u309c/g, "\u309a")
    .normalize("NFKC")
    .toLowerCase();
  // The second composition: lower-casing can undo the first (İ), and marks cut off can bring letters together.
  return composed
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .normalize("NFKC")
    .replace(looseMarks, "");
}

const dashes = "-‐‑‒–—―−⁃﹘ー〜~～ｰ─━";
const separators = "　・･·.,、。，．'’‘`´\"“”";
const smallKana = "ァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ";
const largeKana = "アイウエオツヤユヨワカケクシストヌハヒフヘホムラリルレロ";
/** Sounds that readings spell in two ways. */
const soundAlike: Readonly<Record<string, string>> = { ヂ: "ジ", ヅ: "ズ", ヰ: "イ", ヱ: "エ", ヲ: "オ", ヴ: "ブ", 之: "ノ" };

/** What a UTF-16 unit becomes: 0 to leave it out. */
function unitTable(given: { dash: string | undefined }): Uint16Array {
  const table = Uint16Array.from({ length: 65_536 }, (_, unit) => unit);
  const put = (from: string, to: string | undefined): void => {
    table[from.charCodeAt(0)] = to === undefined ? 0 : to.charCodeAt(0);
  };
  for (let unit = 0; unit <= 0x20; unit++) table[unit] = 0;
  // Halves of a pair that lost the other one.
  table.fill(0, 0xd800, 0xe000);
  for (const each of `${separators}\u007f\u0085\u00a0\u2028\u2029`) put(each, undefined);
  for (const each of dashes) put(each, given.dash);
  for (const [variant, form] of variantKanji) if (variant.length === 1) put(variant, form);
  for (let unit = 0x30a1; unit <= 0x30f6; unit++) {
    const kana = String.fromCharCode(unit);
    const small = smallKana.indexOf(kana);
    const large = small === -1 ? kana : (largeKana[small] ?? kana);
    put(kana, soundAlike[large] ?? large);
    const hiragana = String.fromCharCode(unit - 0x60);
    put(hiragana, soundAlike[large] ?? large);
  }
  for (const [index, kana] of [...smallKana].entries()) put(kana, largeKana[index]);
  put("ゝ", "ヽ");
  put("ゞ", "ヾ");
  put("之", soundAlike["之"]);
  return table;
}

const dashDropped = unitTable({ dash: undefined });
const dashKept = unitTable({ dash: "-" });
const astralVariants = new Map([...variantKanji].filter(([variant]) => variant.length === 2));

/**
 * One character for each that search does not tell apart: katakana for hiragana, large for small, today's kanji for old
 * and variant ones. Spaces, dots and quotes go; dashes and the long vowel mark become `-` with `keepDash`, else they go too
 * (so コンピューター and コンピュータ, ジョージ and ジヨージ are alike, and a piece of a value folds to a piece of its fold).
 */
export function unifyLetters(value: string, keepDash: boolean): string {
  const table = keepDash ? dashKept : dashDropped;
  // ヴァ is バ and not ブア.
  const text = /[ヴゔ]/.test(value) ? value.replace(/[ヴゔ]([ァィェォぁぃぇぉ])/g, (_, vowel: string) => va[vowel] ?? "") : value;
  let out = "";
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 0xd800 && unit <= 0xdbff && /[\udc00-\udfff]/.test(text.charAt(at + 1))) {
      const pair = text.slice(at, at + 2);
      out += astralVariants.get(pair) ?? pair;
      at += 1;
      continue;
    }
    const to = table[unit] ?? unit;
    if (to !== 0) out += String.fromCharCode(to);
  }
  return out;
}

const va: Readonly<Record<string, string>> = { ァ: "バ", ィ: "ビ", ェ: "ベ", ォ: "ボ", ぁ: "バ", ぃ: "ビ", ぇ: "ベ", ぉ: "ボ" };

/** 霞ガ関 and 霞ヶ関 are alike behind a kanji (the small one is large already). */
export function unifyKe(value: string): string {
  return value.replace(/(?<=[\u3005\u4e00-\u9fff])ガ/g, "ケ");
}

/** 佐佐木 is 佐々木. */
export function unifyDoubled(value: string): string {
  return value.replace(/([\u4e00-\u9fff])\1/g, "$1々");
}
