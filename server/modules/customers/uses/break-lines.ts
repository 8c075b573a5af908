import { charactersOf, emWidth } from "./text-width.ts";

/** Never at the beginning of a line (JIS X 4051, 行頭禁則). */
const notFirst = /^[ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々、。,.)）」』〕-]/u;
const isLatin = /^[A-Za-z0-9.&-]/u;

/** How well a line may end between two characters: 0 not at all, 3 best. */
function fitness(before: string, after: string): number {
  if (notFirst.test(after) || /^[(（「『〔]$/u.test(before)) return 0;
  if (isLatin.test(before) && isLatin.test(after)) return 0;
  // 488番地の2, 12階, 二丁目
  if (/\d$/.test(before) && /^[番号丁階条室棟]/u.test(after)) return 0;
  if (/[番丁]$/u.test(before) && /^[地目]/u.test(after)) return 0;
  if (/[\d地番号]$/u.test(before) && /^[のノ]/u.test(after)) return 0;
  if (/[都道府県市区町村郡目号番地]$/u.test(before)) return 3;
  // Behind a number begins the name of a building.
  if (/\d$/.test(before) || /\d/.test(after)) return 2;
  return 1;
}

/**
 * Breaks an address or a name into lines that are no wider than `limit`. A line ends at a space first, then where a part of an
 * address ends, then anywhere that does not part a number or break 行頭禁則; a word that fills a whole line is cut.
 */
export function breakLines(text: string, limit: number, measure: (text: string) => number = emWidth): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/[\s　]+/u).filter((part) => part !== "")) {
    const space = isLatin.test(line.at(-1) ?? "") && isLatin.test(word) ? " " : "　";
    const joined = line === "" ? word : line + space + word;
    if (measure(joined) <= limit) {
      line = joined;
      continue;
    }
    if (line !== "") {
      lines.push(line);
    }
    line = word;
    while (measure(line) > limit) {
      const characters = charactersOf(line);
      const at = lastBreak(characters, limit, measure);
      lines.push(characters.slice(0, at).join(""));
      line = characters.slice(at).join("");
    }
  }
  return line === "" ? lines : [...lines, line];
}

function lastBreak(characters: readonly string[], limit: number, measure: (text: string) => number): number {
  let most = 0;
  let width = 0;
  while (most < characters.length && width + measure(characters[most] as string) <= limit) {
    width += measure(characters[most] as string);
    most += 1;
  }
  most = Math.max(1, most);
  // A better place further back is worth a third of the line.
  for (const wanted of [3, 2, 1]) {
    for (let at = most; at > (wanted === 1 ? 0 : (most * 2) / 3); at -= 1) {
      if (fitness(characters[at - 1] as string, characters[at] ?? "") >= wanted) {
        return at;
      }
    }
  }
  return most;
}
