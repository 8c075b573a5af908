const segmenter = new Intl.Segmenter("ja", { granularity: "grapheme" });

/** Characters as they are read: a kanji with its variation selector is one. */
export function charactersOf(text: string): string[] {
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

/** An upper bound of the width of one character in Noto Sans JP, in em. */
function widthOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code === 0x20) return 0.3;
  if (code >= 0x30 && code <= 0x39) return 0.58;
  if ("mwMW@%".includes(character)) return 0.98;
  if (code >= 0x41 && code <= 0x5a) return 0.78;
  if (code > 0x20 && code < 0x7f) return 0.64;
  if (code >= 0xff61 && code <= 0xff9f) return 0.55;
  return 1;
}

/** An upper bound of the width of a line in em. */
export function emWidth(text: string): number {
  let width = 0;
  for (const character of charactersOf(text)) {
    width += widthOf(character);
  }
  return width;
}
