import { unifyCharacters, unifyDoubled, unifyKe, unifyLetters } from "./fold-characters.ts";

const digits = "〇一二三四五六七八九";

/**
 * Addresses: numerals as digits (十二番 before a counter, single ones anywhere, so that 三条 and 3条 are alike),
 * 丁目, 番地, 番, 号 and every dash as `-` between digits, 大字 left out.
 */
export function foldAddress(value: string): string {
  const text = unifyKe(unifyLetters(unifyCharacters(value), true))
    .replace(/大字/g, "")
    .replace(/[〇一二三四五六七八九]?[十百][〇一二三四五六七八九十百]*(?=丁目|番|号|条|線|階)/g, numeral)
    .replace(/[〇一二三四五六七八九]/g, (each) => String(digits.indexOf(each)))
    .replace(/(?<=[0-9])(?:丁目|番地|番|号)ノ?|(?<=[0-9])ノ(?=[0-9])/g, "-")
    .replace(/-+/g, "-")
    .replace(/(?<![0-9])-|-(?![0-9])/g, "")
    .replace(/[()[\]「」『』【】〒]/g, "");
  return unifyDoubled(text);
}

/** A numeral below a thousand with tens or hundreds in it, e.g. 二十三. What is none stays as it is. */
function numeral(text: string): string {
  const parts = /^(?:([一二三四五六七八九])?百)?(?:([一二三四五六七八九])?十)?([一二三四五六七八九])?$/.exec(text);
  if (parts === null) return text;
  const [, hundreds, tens, ones] = parts;
  const times = (digit: string | undefined, unit: string): number => (text.includes(unit) ? Math.max(1, digits.indexOf(digit ?? "一")) : 0);
  return String(times(hundreds, "百") * 100 + times(tens, "十") * 10 + (ones === undefined ? 0 : digits.indexOf(ones)));
}
